use serde_json::{Value, json};

use crate::company_state::CompanyState;
use crate::json::Object;

/// Returns the `CompanyInfo` of a company, without the fields that every entity has.
pub(crate) fn information(company: &CompanyState) -> Object {
    let settings = &company.settings;
    let status = if company.is_subscribed {
        "SUBSCRIBED"
    } else {
        "EXPIRED"
    };
    let information = json!({
        "CompanyName": settings.name,
        "LegalName": settings.name,
        "Country": settings.country,
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "en",
        "CompanyAddr": {"Id": "1", "Line1": "400 Dock Street", "City": "Oakland", "CountrySubDivisionCode": "CA"},
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "IndustryType", "Value": "Electrical Contractors"},
            {"Name": "CompanyType", "Value": "LLC"},
            {"Name": "SubscriptionStatus", "Value": status},
            {"Name": "OfferingSku", "Value": settings.edition.sku()},
        ],
    });
    match information {
        Value::Object(information) => information,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Company, Edition};
    use jiff::Timestamp;

    fn name_value(information: &Object, name: &str) -> Value {
        let values = information["NameValue"].as_array().unwrap();
        let found = values.iter().find(|value| value["Name"] == name).unwrap();
        found["Value"].clone()
    }

    #[test]
    fn information_has_edition_and_subscription() {
        let settings = Company::new("Harbor")
            .edition(Edition::Advanced)
            .country("CA");
        let mut company = CompanyState::open("1".to_owned(), settings, Timestamp::UNIX_EPOCH);
        let before = information(&company);
        assert_eq!(before["Country"], "CA");
        assert_eq!(
            name_value(&before, "OfferingSku"),
            "QuickBooks Online Advanced"
        );
        assert_eq!(name_value(&before, "SubscriptionStatus"), "SUBSCRIBED");
        company.is_subscribed = false;
        assert_eq!(
            name_value(&information(&company), "SubscriptionStatus"),
            "EXPIRED"
        );
    }
}
