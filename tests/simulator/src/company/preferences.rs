use serde_json::{Value, json};

use super::{ClassTracking, ReportBasis};
use crate::company_state::CompanyState;
use crate::json::Object;

/// Returns the `Preferences` of a company, without the fields that every entity has.
pub(crate) fn preferences(company: &CompanyState) -> Object {
    let settings = &company.settings;
    let mut accounting = json!({
        "ClassTrackingPerTxn": settings.class_tracking == ClassTracking::PerTransaction,
        "ClassTrackingPerTxnLine": settings.class_tracking == ClassTracking::PerLine,
        "TrackDepartments": settings.locations,
        "UseAccountNumbers": false,
        "CustomerTerminology": "Customers",
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
    });
    if let Some(date) = company.closed_until {
        accounting["BookCloseDate"] = json!(date.to_string());
    }
    let basis = match settings.report_basis {
        ReportBasis::Accrual => "Accrual",
        ReportBasis::Cash => "Cash",
    };
    let preferences = json!({
        "AccountingInfoPrefs": accounting,
        "ReportPrefs": {"ReportBasis": basis, "CalcAgingReportFromTxnDate": false},
        "SalesFormsPrefs": sales_forms(settings),
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": settings.multicurrency,
            "HomeCurrency": {"value": settings.currency},
        },
        "TaxPrefs": {
            "UsingSalesTax": settings.sales_tax.is_some() || settings.country != "US",
            "PartnerTaxEnabled": settings.sales_tax.is_some() && settings.country == "US",
        },
        "OtherPrefs": {"NameValue": [
            {"Name": "WarnDuplicateJournalNumber", "Value": settings.warn_duplicate_numbers.to_string()},
            {"Name": "WarnDuplicateBillNumber", "Value": "false"},
            {"Name": "ProjectsEnabled", "Value": settings.projects.to_string()},
        ]},
    });
    match preferences {
        Value::Object(preferences) => preferences,
        _ => Object::new(),
    }
}

fn sales_forms(settings: &super::Company) -> Value {
    json!({
        "CustomTxnNumbers": settings.custom_numbers,
        "AutoApplyCredit": settings.auto_apply_credit,
        "AutoApplyPayments": settings.auto_apply_payments,
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

    fn preferences_of(settings: Company) -> Object {
        preferences(&CompanyState::open(
            "1".to_owned(),
            settings,
            Timestamp::UNIX_EPOCH,
        ))
    }

    #[test]
    fn class_tracking_sets_at_most_one_preference() {
        for (tracking, transaction, line) in [
            (ClassTracking::Off, false, false),
            (ClassTracking::PerTransaction, true, false),
            (ClassTracking::PerLine, false, true),
        ] {
            let prefs = preferences_of(Company::new("X").class_tracking(tracking));
            let accounting = &prefs["AccountingInfoPrefs"];
            assert_eq!(accounting["ClassTrackingPerTxn"], transaction);
            assert_eq!(accounting["ClassTrackingPerTxnLine"], line);
        }
    }

    #[test]
    fn open_books_have_no_closing_date() {
        let mut company =
            CompanyState::open("1".to_owned(), Company::new("X"), Timestamp::UNIX_EPOCH);
        assert_eq!(
            preferences(&company)["AccountingInfoPrefs"].get("BookCloseDate"),
            None
        );
        company.closed_until = Some("2026-03-31".parse().unwrap());
        assert_eq!(
            preferences(&company)["AccountingInfoPrefs"]["BookCloseDate"],
            "2026-03-31"
        );
    }

    #[test]
    fn preferences_name_report_basis_and_locations() {
        let usual = preferences_of(Company::new("X"));
        assert_eq!(usual["ReportPrefs"]["ReportBasis"], "Accrual");
        assert_eq!(usual["AccountingInfoPrefs"]["TrackDepartments"], false);
        let other = Company::new("X")
            .report_basis(ReportBasis::Cash)
            .locations();
        let other = preferences_of(other);
        assert_eq!(other["ReportPrefs"]["ReportBasis"], "Cash");
        assert_eq!(other["AccountingInfoPrefs"]["TrackDepartments"], true);
    }

    #[test]
    fn preferences_have_sales_form_settings() {
        let prefs = preferences_of(
            Company::new("X")
                .custom_numbers(false)
                .auto_apply_credit(true),
        );
        assert_eq!(prefs["SalesFormsPrefs"]["CustomTxnNumbers"], false);
        assert_eq!(prefs["SalesFormsPrefs"]["AutoApplyCredit"], true);
    }
}
