//! The rules of all lists: unique names, up to five levels, and inactive entries instead of deleted ones.

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::write::Draft;

/// QuickBooks appends this to the name of an inactive entry, which frees the name. The next entry of the name that becomes
/// inactive gets ` (deleted-1)`, then ` (deleted-2)`.
const INACTIVE_SUFFIX: &str = " (deleted)";
const MOST_LEVELS: usize = 5;

/// Checks the name and the parent of an entry, and sets `Active` and `FullyQualifiedName`.
pub(super) fn complete(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let field = draft.kind.name_field();
    let name = json::text(&draft.body, field).unwrap_or_default();
    if name.trim().is_empty() {
        return Err(Fault::required(field));
    }
    if name.contains([':', '\t', '\n']) {
        return Err(Fault::invalid_text(field));
    }
    set_inactive_suffix(draft, field);
    let full = full_name(draft)?;
    json::set(&mut draft.body, "FullyQualifiedName", full);
    check_unique_name(draft)
}

/// Appends the suffix to the name of an inactive entry, and removes it once the entry is active.
fn set_inactive_suffix(draft: &mut Draft<'_>, field: &str) {
    json::set_default(&mut draft.body, "Active", true);
    let active = json::flag(&draft.body, "Active") == Some(true);
    let name = json::text(&draft.body, field).unwrap_or_default();
    let changed = match (active, without_inactive_suffix(name)) {
        (true, Some(bare)) => bare.to_owned(),
        (false, None) => free_inactive_name(draft, name),
        _ => return,
    };
    json::set(&mut draft.body, field, changed);
}

/// Returns the name before ` (deleted)` or ` (deleted-1)`, if the name ends so.
fn without_inactive_suffix(name: &str) -> Option<&str> {
    if let Some(bare) = name.strip_suffix(INACTIVE_SUFFIX) {
        return Some(bare);
    }
    let (bare, count) = name.strip_suffix(')')?.rsplit_once(" (deleted-")?;
    count.parse::<u32>().is_ok().then_some(bare)
}

/// Returns the first inactive form of a name that no other entry has.
fn free_inactive_name(draft: &Draft<'_>, name: &str) -> String {
    let later = (1..).map(|count: u32| format!("{name} (deleted-{count})"));
    std::iter::once(format!("{name}{INACTIVE_SUFFIX}"))
        .chain(later)
        .find(|form| !is_taken_beside(draft, form))
        .unwrap_or_default()
}

/// Returns whether another entry of the kind under the same parent has the name.
fn is_taken_beside(draft: &Draft<'_>, name: &str) -> bool {
    let field = draft.kind.name_field();
    let parent = json::reference(&draft.body, "ParentRef");
    let mut others = draft.company.records.objects(draft.kind);
    others.any(|other| {
        json::text(other, "Id") != Some(&draft.id)
            && json::reference(other, "ParentRef") == parent
            && json::text(other, field).is_some_and(|other| other.eq_ignore_ascii_case(name))
    })
}

fn full_name(draft: &Draft<'_>) -> Result<String, Fault> {
    let mut name = json::text(&draft.body, draft.kind.name_field())
        .unwrap_or_default()
        .to_owned();
    let Some(parent) = parent(draft, &draft.body) else {
        return Ok(name);
    };
    let levels = std::iter::successors(Some(parent), |entry| self::parent(draft, entry));
    let levels: Vec<&Object> = levels.take(MOST_LEVELS).collect();
    let is_itself = |entry: &&Object| json::text(entry, "Id") == Some(&draft.id);
    if levels.len() == MOST_LEVELS || levels.iter().any(is_itself) {
        return Err(Fault::too_many_levels());
    }
    if let Some(above) = json::text(parent, "FullyQualifiedName") {
        name = format!("{above}:{name}");
    }
    Ok(name)
}

fn parent<'a>(draft: &Draft<'a>, entry: &Object) -> Option<&'a Object> {
    let id = json::reference(entry, "ParentRef")?;
    draft.company.records.get(draft.kind, id)
}

/// Refuses a name that is taken. Customers, vendors and employees share one set of names. In other lists a name is
/// unique under its parent.
fn check_unique_name(draft: &Draft<'_>) -> Result<(), Fault> {
    let kinds: &[Kind] = if draft.kind.is_contact() {
        &[Kind::Customer, Kind::Vendor, Kind::Employee]
    } else {
        std::slice::from_ref(&draft.kind)
    };
    let field = if draft.kind.is_contact() {
        "DisplayName"
    } else {
        "FullyQualifiedName"
    };
    let wanted = json::text(&draft.body, field).map(str::to_lowercase);
    let taken = kinds
        .iter()
        .flat_map(|kind| draft.company.records.objects(*kind))
        .filter(|other| json::text(other, "Id") != Some(&draft.id))
        .any(|other| json::text(other, field).map(str::to_lowercase) == wanted);
    if taken {
        return Err(Fault::duplicate_name(draft.kind));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn display_name_is_unique_across_contacts() {
        let mut company = TestCompany::new();
        company.save("Vendor", json!({"DisplayName": "Turner Bay"}));
        for kind in ["Customer", "Vendor", "Employee"] {
            let code = company.refusal_code(kind, json!({"DisplayName": "TURNER bay"}));
            assert_eq!(code, "6240", "{kind}");
        }
        company.save("Customer", json!({"DisplayName": "Turner Bay (customer)"}));
    }

    #[test]
    fn entry_can_keep_its_own_name() {
        let mut company = TestCompany::new();
        let id = company.customer("Turner Bay");
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "DisplayName": "Turner bay"}),
        );
        assert_eq!(company.get("Customer", &id)["DisplayName"], "Turner bay");
    }

    #[test]
    fn inactive_entry_frees_its_name() {
        let mut company = TestCompany::new();
        let first = company.customer("Turner Bay");
        let update = |token: &str, active: bool| json!({"Id": first, "SyncToken": token, "sparse": true, "Active": active});
        company.save("Customer", update("0", false));
        assert_eq!(
            company.get("Customer", &first)["DisplayName"],
            "Turner Bay (deleted)"
        );
        let second = company.customer("Turner Bay");
        assert_eq!(company.refusal_code("Customer", update("1", true)), "6240");
        let body = json!({"Id": second, "SyncToken": "0", "sparse": true, "DisplayName": "Other"});
        company.save("Customer", body);
        company.save("Customer", update("1", true));
        assert_eq!(company.get("Customer", &first)["DisplayName"], "Turner Bay");
    }

    #[test]
    fn later_inactive_entries_are_counted() {
        let mut company = TestCompany::new();
        let mut inactivate = || {
            let id = company.customer("Turner Bay");
            let body = json!({"Id": id, "SyncToken": "0", "sparse": true, "Active": false});
            company.save("Customer", body);
            let name = company.get("Customer", &id)["DisplayName"].clone();
            (id, name)
        };
        assert_eq!(inactivate().1, "Turner Bay (deleted)");
        assert_eq!(inactivate().1, "Turner Bay (deleted-1)");
        let (third, name) = inactivate();
        assert_eq!(name, "Turner Bay (deleted-2)");
        let body = json!({"Id": third, "SyncToken": "1", "sparse": true, "Active": true});
        company.save("Customer", body);
        assert_eq!(company.get("Customer", &third)["DisplayName"], "Turner Bay");
    }

    #[test]
    fn name_with_colon_or_control_is_refused() {
        let mut company = TestCompany::new();
        for name in ["A:B", "A\tB", "A\nB"] {
            assert_eq!(
                company.refusal_code("Customer", json!({ "DisplayName": name })),
                "2040"
            );
        }
        company.save("Customer", json!({"DisplayName": "O'Neil & \"Sons\" 🏗"}));
    }

    #[test]
    fn full_name_has_up_to_five_levels() {
        let mut company = TestCompany::new();
        let mut parent = company.customer("L1");
        for level in 2..=5 {
            let name = format!("L{level}");
            parent = company.save(
                "Customer",
                json!({"DisplayName": name, "Job": true, "ParentRef": {"value": parent}}),
            );
        }
        assert_eq!(
            company.get("Customer", &parent)["FullyQualifiedName"],
            "L1:L2:L3:L4:L5"
        );
        let sixth = json!({"DisplayName": "L6", "Job": true, "ParentRef": {"value": parent}});
        assert_eq!(company.refusal_code("Customer", sixth), "6180");
    }

    #[test]
    fn customer_cannot_be_its_own_ancestor() {
        let mut company = TestCompany::new();
        let top = company.customer("Top");
        let job = company.save(
            "Customer",
            json!({"DisplayName": "Job", "Job": true, "ParentRef": {"value": top}}),
        );
        let body = json!({
            "Id": top, "SyncToken": "0", "sparse": true, "Job": true, "ParentRef": {"value": job},
        });
        assert_eq!(company.refusal_code("Customer", body), "6180");
    }
}
