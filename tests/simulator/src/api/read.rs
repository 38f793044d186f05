use serde_json::{Value, json};

use crate::company_state::CompanyState;
use crate::fault::Fault;
use crate::kind::Kind;

/// Returns one entity by id. Inactive entities can be read, deleted ones cannot.
pub(super) fn entity(company: &CompanyState, kind: Kind, id: &str) -> Result<Value, Fault> {
    if id.parse::<u64>().is_err() {
        return Err(Fault::invalid_id(id));
    }
    let entity = company.records.get(kind, id).ok_or_else(Fault::deleted)?;
    Ok(json!({ kind.name(): entity }))
}

#[cfg(test)]
mod tests {
    use crate::test_client::TestClient;
    use serde_json::json;

    #[test]
    fn saved_entity_is_read() {
        let mut client = TestClient::new();
        let (status, answer) = client.post("customer", json!({"DisplayName": "Turner Bay"}));
        assert_eq!(status, 200);
        let id = answer["Customer"]["Id"].as_str().unwrap().to_owned();
        let (status, read) = client.get(&format!("customer/{id}"));
        assert_eq!(status, 200);
        assert_eq!(read["Customer"], answer["Customer"]);
        assert!(read["time"].as_str().unwrap().ends_with("-07:00"));
    }

    #[test]
    fn unknown_id_is_610_and_malformed_2030() {
        let mut client = TestClient::new();
        for (path, code) in [("invoice/999", "610"), ("invoice/abc", "2030")] {
            let (status, answer) = client.get(path);
            assert_eq!(status, 400);
            assert_eq!(answer["Fault"]["Error"][0]["code"], code);
        }
    }

    #[test]
    fn company_information_needs_its_own_id() {
        let mut client = TestClient::new();
        let realm = client.realm.clone();
        let (_, answer) = client.get(&format!("companyinfo/{realm}"));
        assert_eq!(answer["CompanyInfo"]["CompanyName"], "Harbor Electric LLC");
        assert_eq!(answer["CompanyInfo"]["Id"], "1");
        assert_eq!(client.get("companyinfo/12345").0, 400);
        let (_, answer) = client.get("preferences");
        assert_eq!(
            answer["Preferences"]["SalesFormsPrefs"]["CustomTxnNumbers"],
            true
        );
    }
}
