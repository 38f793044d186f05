use serde_json::Value;

use crate::company_state::CompanyState;
use crate::json;
use crate::kind::Kind;

/// Updates the name of a list entry in every reference to it, and the full names of the entries below it.
///
/// Ids are unique in a company, so a reference with this id refers to this entry.
pub(crate) fn rename_everywhere(company: &mut CompanyState, kind: Kind, id: &str) {
    let Some(entry) = company.records.get(kind, id) else {
        return;
    };
    let full = json::text(entry, "FullyQualifiedName")
        .or_else(|| json::text(entry, kind.name_field()))
        .unwrap_or_default()
        .to_owned();
    for body in company.records.bodies_mut() {
        rename_in(body, id, &full);
    }
    for child in children(company, kind, id) {
        if let Some(body) = company.records.get_mut(kind, &child) {
            let own = json::text(body, kind.name_field()).unwrap_or_default();
            let below = format!("{full}:{own}");
            json::set(body, "FullyQualifiedName", below);
        }
        rename_everywhere(company, kind, &child);
    }
}

fn children(company: &CompanyState, kind: Kind, id: &str) -> Vec<String> {
    company
        .records
        .objects(kind)
        .filter(|entry| json::reference(entry, "ParentRef") == Some(id))
        .filter_map(|entry| json::text(entry, "Id"))
        .map(str::to_owned)
        .collect()
}

fn rename_in(value: &mut Value, id: &str, name: &str) {
    match value {
        Value::Object(members) => {
            if members.contains_key("name") && json::text(members, "value") == Some(id) {
                json::set(members, "name", name);
            }
            members
                .values_mut()
                .for_each(|member| rename_in(member, id, name));
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| rename_in(value, id, name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::test_company::TestCompany;
    use serde_json::json;

    #[test]
    fn new_name_shows_in_every_reference() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let job = company.save(
            "Customer",
            json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": customer}}),
        );
        let rename = json!({"Id": customer, "SyncToken": "0", "sparse": true, "DisplayName": "Turner Bay & Sons"});
        company.save("Customer", rename);
        assert_eq!(
            company.get("Invoice", &invoice)["CustomerRef"]["name"],
            "Turner Bay & Sons"
        );
        assert_eq!(
            company.get("Customer", &job)["FullyQualifiedName"],
            "Turner Bay & Sons:Tower"
        );
    }

    #[test]
    fn rename_keeps_the_version_of_referrers() {
        let mut company = TestCompany::new();
        let (customer, invoice) = company.invoice("Turner Bay", 100_00);
        let rename = json!({"Id": customer, "SyncToken": "0", "sparse": true, "DisplayName": "T"});
        company.save("Customer", rename);
        assert_eq!(company.get("Invoice", &invoice)["SyncToken"], "0");
    }
}
