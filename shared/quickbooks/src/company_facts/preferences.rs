//! The settings of the company's books. They are only read.

use super::name_value::NameValue;
use crate::entity::{Kind, Reference, Resource};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The settings of the company's books (Intuit: API reference, Preferences).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Preferences {
    /// Classes and the closing date.
    pub accounting_info_prefs: AccountingPrefs,
    /// Numbers and credits on sales forms.
    pub sales_forms_prefs: SalesFormsPrefs,
    /// Currencies.
    pub currency_prefs: CurrencyPrefs,
    /// Sales tax.
    pub tax_prefs: TaxPrefs,
    /// Reports.
    pub report_prefs: ReportPrefs,
    /// Settings without a field of their own.
    pub other_prefs: OtherPrefs,
}

impl Resource for Preferences {
    const KIND: Kind = Kind::Preferences;
}

/// Settings of classes and the closing date. At most one of the two class settings is on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountingPrefs {
    /// `true` if a whole transaction has one class.
    pub class_tracking_per_txn: bool,
    /// `true` if each line has a class.
    pub class_tracking_per_txn_line: bool,
    /// `true` if accounts have numbers.
    pub use_account_numbers: bool,
    /// `true` if transactions have a location. Absent where the edition has none.
    pub track_departments: Option<bool>,
    /// The company's own word for a location.
    pub department_terminology: Option<String>,
    /// The last closed day, on or before which nothing may post. Absent if the books were never closed.
    #[serde(with = "crate::day")]
    pub book_close_date: Option<Date>,
}

/// Settings of sales forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesFormsPrefs {
    /// `true` if QuickBooks keeps the number that is sent. Otherwise QuickBooks may assign one.
    pub custom_txn_numbers: bool,
    /// `true` if QuickBooks applies open credits to the next invoice. Absent if the company does not say.
    pub auto_apply_credit: Option<bool>,
    /// `true` if QuickBooks applies payments to open invoices. Absent if the company does not say.
    pub auto_apply_payments: Option<bool>,
}

/// Settings of currencies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CurrencyPrefs {
    /// `true` if transactions may have other currencies. Cannot be switched off again.
    pub multi_currency_enabled: bool,
    /// The ISO 4217 code of the books' currency.
    pub home_currency: Option<Reference>,
}

/// Settings of sales tax.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaxPrefs {
    /// `true` if the company charges sales tax. Absent if the company does not say.
    pub using_sales_tax: Option<bool>,
    /// `true` if QuickBooks computes the tax of each form by itself (automated sales tax). Absent in companies that never had it.
    pub partner_tax_enabled: bool,
}

/// Settings of reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReportPrefs {
    /// The accounting method with which a report opens: `Accrual` or `Cash`.
    pub report_basis: Option<String>,
}

/// Settings without a field of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OtherPrefs {
    /// The settings by name, such as `WarnDuplicateJournalNumber` and `ProjectsEnabled`.
    pub name_value: Vec<NameValue>,
}

impl OtherPrefs {
    /// Returns whether QuickBooks warns about a journal number that is used twice. `None` if the company does not say. Intuit has no such
    /// setting for invoices.
    pub fn warns_about_duplicate_journal_numbers(&self) -> Option<bool> {
        let value = NameValue::find(&self.name_value, "WarnDuplicateJournalNumber")?;
        Some(value.eq_ignore_ascii_case("true"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read() {
        let preferences: Preferences = serde_json::from_str(
            r#"{"AccountingInfoPrefs":{"ClassTrackingPerTxn":false,"ClassTrackingPerTxnLine":true,"BookCloseDate":"2025-12-31"},
                "SalesFormsPrefs":{"CustomTxnNumbers":true,"AutoApplyCredit":true,"DefaultTerms":{"value":"3"}},
                "CurrencyPrefs":{"MultiCurrencyEnabled":false,"HomeCurrency":{"value":"USD"}},
                "TaxPrefs":{"UsingSalesTax":true,"PartnerTaxEnabled":true,"TaxGroupCodeRef":{"value":"2"}},
                "OtherPrefs":{"NameValue":[{"Name":"WarnDuplicateJournalNumber","Value":"true"}]},"Id":"1","domain":"QBO"}"#,
        )
        .unwrap();
        assert!(
            preferences
                .accounting_info_prefs
                .class_tracking_per_txn_line
        );
        assert_eq!(
            preferences.accounting_info_prefs.book_close_date,
            Some("2025-12-31".parse().unwrap())
        );
        assert!(preferences.sales_forms_prefs.custom_txn_numbers);
        let tax = TaxPrefs {
            using_sales_tax: Some(true),
            partner_tax_enabled: true,
        };
        assert_eq!(preferences.tax_prefs, tax);
        assert_eq!(
            preferences.currency_prefs.home_currency,
            Some(Reference::to("USD"))
        );
    }

    #[test]
    fn reports_and_locations_are_read() {
        let preferences: Preferences = serde_json::from_str(
            r#"{"AccountingInfoPrefs":{"TrackDepartments":true,"DepartmentTerminology":"Division"},
                "ReportPrefs":{"ReportBasis":"Cash","CalcAgingReportFromTxnDate":false}}"#,
        )
        .unwrap();
        let accounting = &preferences.accounting_info_prefs;
        assert_eq!(accounting.track_departments, Some(true));
        assert_eq!(
            accounting.department_terminology.as_deref(),
            Some("Division")
        );
        assert_eq!(
            preferences.report_prefs.report_basis.as_deref(),
            Some("Cash")
        );
    }

    #[test]
    fn duplicate_number_warning_is_read_by_name() {
        let read = |json: &str| {
            let prefs: OtherPrefs = serde_json::from_str(json).unwrap();
            prefs.warns_about_duplicate_journal_numbers()
        };
        let named = |value: &str| {
            let pair = format!(r#"{{"Name":"WarnDuplicateJournalNumber","Value":"{value}"}}"#);
            read(&format!(r#"{{"NameValue":[{pair}]}}"#))
        };
        assert_eq!(named("true"), Some(true));
        assert_eq!(named("false"), Some(false));
        assert_eq!(read("{}"), None);
    }

    #[test]
    fn empty_preferences_are_off() {
        let preferences: Preferences = serde_json::from_str("{}").unwrap();
        assert_eq!(preferences, Preferences::default());
        assert!(!preferences.sales_forms_prefs.custom_txn_numbers);
    }
}
