//! What all lists share: unique names, families of up to five levels, and being inactive instead of deleted.

use crate::fault::Fault;
use crate::json::{self, Object};
use crate::kind::Kind;
use crate::write::Draft;

/// What QuickBooks puts behind the name of an inactive entry, which frees the name.
const INACTIVE_SUFFIX: &str = " (deleted)";
const MOST_LEVELS: usize = 5;

/// Checks the name, the parent and whether the entry is active, and fills in `FullyQualifiedName`.
pub(super) fn complete(draft: &mut Draft<'_>) -> Result<(), Fault> {
    let field = draft.kind.name_field();
    let name = json::text(&draft.body, field).unwrap_or_default();
    if name.trim().is_empty() {
        return Err(Fault::required(field));
    }
    if name.contains([':', '\t', '\n']) {
        return Err(Fault::invalid_text(field));
    }
    rest(draft, field);
    let full = full_name(draft)?;
    json::set(&mut draft.body, "FullyQualifiedName", full);
    unique(draft)
}

/// Keeps the name of an inactive entry out of the way, and gives it back when the entry becomes active.
fn rest(draft: &mut Draft<'_>, field: &str) {
    json::set_default(&mut draft.body, "Active", true);
    let active = json::flag(&draft.body, "Active") == Some(true);
    let name = json::text(&draft.body, field).unwrap_or_default();
    let changed = match (active, name.strip_suffix(INACTIVE_SUFFIX)) {
        (true, Some(bare)) => bare.to_owned(),
        (false, None) => format!("{name}{INACTIVE_SUFFIX}"),
        _ => return,
    };
    json::set(&mut draft.body, field, changed);
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
    let itself = |entry: &&Object| json::text(entry, "Id") == Some(&draft.id);
    if levels.len() == MOST_LEVELS || levels.iter().any(itself) {
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

/// Customers, vendors and employees share one set of names; other lists have unique names under each parent.
fn unique(draft: &Draft<'_>) -> Result<(), Fault> {
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
    fn names_are_unique_across_customers_vendors_and_employees_in_any_case() {
        let mut company = TestCompany::new();
        company.save("Vendor", json!({"DisplayName": "Turner Bay"}));
        for kind in ["Customer", "Vendor", "Employee"] {
            let code = company.refusal_code(kind, json!({"DisplayName": "TURNER bay"}));
            assert_eq!(code, "6240", "{kind}");
        }
        company.save("Customer", json!({"DisplayName": "Turner Bay (customer)"}));
    }

    #[test]
    fn an_entry_may_keep_its_own_name() {
        let mut company = TestCompany::new();
        let id = company.customer("Turner Bay");
        company.save(
            "Customer",
            json!({"Id": id, "SyncToken": "0", "DisplayName": "Turner bay"}),
        );
        assert_eq!(company.get("Customer", &id)["DisplayName"], "Turner bay");
    }

    #[test]
    fn being_inactive_frees_the_name_and_coming_back_claims_it() {
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
    fn colons_tabs_and_new_lines_are_refused() {
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
    fn full_names_follow_the_parents_and_five_levels_are_the_most() {
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
    fn a_customer_cannot_be_its_own_ancestor() {
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
