use serde_json::{Value, json};

use crate::books::Books;
use crate::fault::Fault;
use crate::kind::Kind;

/// One entity by id. Inactive ones can be read, deleted ones cannot.
pub(super) fn entity(books: &Books, kind: Kind, id: &str) -> Result<Value, Fault> {
    if id.parse::<u64>().is_err() {
        return Err(Fault::invalid_id(id));
    }
    let entity = books.records.get(kind, id).ok_or_else(Fault::deleted)?;
    Ok(json!({ kind.name(): entity }))
}

#[cfg(test)]
mod tests {
    use crate::desk::Desk;
    use serde_json::json;

    #[test]
    fn what_was_written_is_read() {
        let mut desk = Desk::new();
        let (status, answer) = desk.post("customer", json!({"DisplayName": "Turner Bay"}));
        assert_eq!(status, 200);
        let id = answer["Customer"]["Id"].as_str().unwrap().to_owned();
        let (status, read) = desk.get(&format!("customer/{id}"));
        assert_eq!(status, 200);
        assert_eq!(read["Customer"], answer["Customer"]);
        assert!(read["time"].as_str().unwrap().ends_with("-07:00"));
    }

    #[test]
    fn what_is_not_there_is_610_and_what_is_no_id_2030() {
        let mut desk = Desk::new();
        for (path, code) in [("invoice/999", "610"), ("invoice/abc", "2030")] {
            let (status, answer) = desk.get(path);
            assert_eq!(status, 400);
            assert_eq!(answer["Fault"]["Error"][0]["code"], code);
        }
    }

    #[test]
    fn the_company_tells_about_itself_under_its_own_id_only() {
        let mut desk = Desk::new();
        let realm = desk.realm.clone();
        let (_, answer) = desk.get(&format!("companyinfo/{realm}"));
        assert_eq!(answer["CompanyInfo"]["CompanyName"], "Harbor Electric LLC");
        assert_eq!(answer["CompanyInfo"]["Id"], "1");
        assert_eq!(desk.get("companyinfo/12345").0, 400);
        let (_, answer) = desk.get("preferences");
        assert_eq!(
            answer["Preferences"]["SalesFormsPrefs"]["CustomTxnNumbers"],
            true
        );
    }
}
