use serde_json::{Value, json};

use super::ClassTracking;
use crate::books::Books;
use crate::json::Object;

/// The `Preferences` of a company, without the fields that every entity has.
pub(crate) fn preferences(books: &Books) -> Object {
    let company = &books.company;
    let mut accounting = json!({
        "ClassTrackingPerTxn": company.class_tracking == ClassTracking::PerTransaction,
        "ClassTrackingPerTxnLine": company.class_tracking == ClassTracking::PerLine,
        "TrackDepartments": false,
        "UseAccountNumbers": false,
        "CustomerTerminology": "Customers",
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
    });
    if let Some(date) = books.closed_until {
        accounting["BookCloseDate"] = json!(date.to_string());
    }
    let preferences = json!({
        "AccountingInfoPrefs": accounting,
        "SalesFormsPrefs": sales(company),
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": company.multicurrency,
            "HomeCurrency": {"value": company.currency},
        },
        "TaxPrefs": {"UsingSalesTax": false, "PartnerTaxEnabled": false},
        "OtherPrefs": {"NameValue": [
            {"Name": "WarnDuplicateJournalNumber", "Value": company.warn_duplicate_numbers.to_string()},
            {"Name": "WarnDuplicateBillNumber", "Value": "false"},
            {"Name": "ProjectsEnabled", "Value": "false"},
        ]},
    });
    match preferences {
        Value::Object(preferences) => preferences,
        _ => Object::new(),
    }
}

fn sales(company: &super::Company) -> Value {
    json!({
        "CustomTxnNumbers": company.custom_numbers,
        "AutoApplyCredit": company.auto_apply_credit,
        "AutoApplyPayments": false,
        "UsingProgressInvoicing": false,
        "AllowDeposit": false,
        "AllowDiscount": false,
        "AllowEstimates": true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Company;
    use jiff::Timestamp;

    fn of(company: Company) -> Object {
        preferences(&Books::open("1".to_owned(), company, Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn exactly_one_way_of_tracking_classes_can_be_on() {
        for (tracking, transaction, line) in [
            (ClassTracking::Off, false, false),
            (ClassTracking::PerTransaction, true, false),
            (ClassTracking::PerLine, false, true),
        ] {
            let prefs = of(Company::new("X").class_tracking(tracking));
            let accounting = &prefs["AccountingInfoPrefs"];
            assert_eq!(accounting["ClassTrackingPerTxn"], transaction);
            assert_eq!(accounting["ClassTrackingPerTxnLine"], line);
        }
    }

    #[test]
    fn the_closing_date_is_absent_until_books_are_closed() {
        let mut books = Books::open("1".to_owned(), Company::new("X"), Timestamp::UNIX_EPOCH);
        assert_eq!(
            preferences(&books)["AccountingInfoPrefs"].get("BookCloseDate"),
            None
        );
        books.closed_until = Some("2026-03-31".parse().unwrap());
        assert_eq!(
            preferences(&books)["AccountingInfoPrefs"]["BookCloseDate"],
            "2026-03-31"
        );
    }

    #[test]
    fn sales_form_settings_are_told() {
        let prefs = of(Company::new("X")
            .custom_numbers(false)
            .auto_apply_credit(true));
        assert_eq!(prefs["SalesFormsPrefs"]["CustomTxnNumbers"], false);
        assert_eq!(prefs["SalesFormsPrefs"]["AutoApplyCredit"], true);
    }
}
