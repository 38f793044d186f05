use serde_json::{Value, json};

use crate::books::Books;
use crate::json::Object;

/// The `CompanyInfo` of a company, without the fields that every entity has.
pub(crate) fn information(books: &Books) -> Object {
    let company = &books.company;
    let status = if books.subscribed {
        "SUBSCRIBED"
    } else {
        "EXPIRED"
    };
    let information = json!({
        "CompanyName": company.name,
        "LegalName": company.name,
        "Country": company.country,
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "en",
        "CompanyAddr": {"Id": "1", "Line1": "400 Dock Street", "City": "Oakland", "CountrySubDivisionCode": "CA"},
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "IndustryType", "Value": "Electrical Contractors"},
            {"Name": "CompanyType", "Value": "LLC"},
            {"Name": "SubscriptionStatus", "Value": status},
            {"Name": "OfferingSku", "Value": company.edition.sku()},
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
    fn the_edition_and_the_subscription_are_told() {
        let company = Company::new("Harbor")
            .edition(Edition::Advanced)
            .country("CA");
        let mut books = Books::open("1".to_owned(), company, Timestamp::UNIX_EPOCH);
        let before = information(&books);
        assert_eq!(before["Country"], "CA");
        assert_eq!(
            name_value(&before, "OfferingSku"),
            "QuickBooks Online Advanced"
        );
        assert_eq!(name_value(&before, "SubscriptionStatus"), "SUBSCRIBED");
        books.subscribed = false;
        assert_eq!(
            name_value(&information(&books), "SubscriptionStatus"),
            "EXPIRED"
        );
    }
}
