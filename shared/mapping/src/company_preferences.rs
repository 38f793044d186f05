//! The company preferences that change postings.

use crate::closing_date::ClosingDate;
use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::company_facts::Preferences;
use serde::{Deserialize, Serialize};

/// The preferences of a QuickBooks company that change how documents are posted.
///
/// The connection's record stores them. The source is Intuit's `Preferences` entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyPreferences {
    /// True if QuickBooks uses the numbers that RIVET sends on sales forms. Otherwise QuickBooks may replace them.
    /// Intuit: `SalesFormsPrefs.CustomTxnNumbers`.
    #[serde(rename = "custom_numbers")]
    pub has_custom_numbers: bool,
    /// The place of classes on sales forms.
    pub classes: ClassUse,
    /// The last day of the closed period: nothing may be posted on or before this day. Intuit: `AccountingInfoPrefs.BookCloseDate`.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub book_close_date: Option<Date>,
    /// ISO 4217 code of the home currency; none if the company's preferences name none.
    pub home_currency: Option<String>,
    /// True if the company uses several currencies, so that each transaction names its own. Intuit: `CurrencyPrefs.MultiCurrencyEnabled`.
    #[serde(rename = "multicurrency")]
    pub is_multicurrency: bool,
    /// True if the company charges sales tax. RIVET's lines are not taxed. Intuit: `TaxPrefs.UsingSalesTax`.
    #[serde(
        rename = "sales_tax",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub uses_sales_tax: bool,
    /// True if QuickBooks computes sales tax by itself. Intuit: `TaxPrefs.PartnerTaxEnabled`.
    #[serde(
        rename = "automated_tax",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub has_automated_tax: bool,
}

impl CompanyPreferences {
    /// Returns whether QuickBooks certainly keeps the numbers that RIVET sends for objects of this kind. The preference about custom numbers
    /// concerns sales forms only; a journal entry keeps its number in every company.
    #[must_use]
    pub fn keeps_numbers(&self, kind: Kind) -> bool {
        kind == Kind::JournalEntry || self.has_custom_numbers
    }
}

/// The place of classes on sales forms. Journal entries carry them on their lines in every company that tracks classes.
///
/// Intuit: `AccountingInfoPrefs.ClassTrackingPerTxn` and `ClassTrackingPerTxnLine`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassUse {
    /// The company tracks no classes.
    #[default]
    None,
    /// The whole form has one class.
    PerTransaction,
    /// Each line has a class.
    PerLine,
}

impl CompanyPreferences {
    /// Returns the closing date of the books.
    #[must_use]
    pub fn closing_date(&self) -> ClosingDate {
        ClosingDate(self.book_close_date)
    }
}

impl From<&Preferences> for CompanyPreferences {
    fn from(preferences: &Preferences) -> Self {
        let accounting = &preferences.accounting_info_prefs;
        let currency = &preferences.currency_prefs;
        let home = currency.home_currency.as_ref();
        Self {
            has_custom_numbers: preferences.sales_forms_prefs.custom_txn_numbers,
            classes: match (
                accounting.class_tracking_per_txn_line,
                accounting.class_tracking_per_txn,
            ) {
                (true, _) => ClassUse::PerLine,
                (false, true) => ClassUse::PerTransaction,
                (false, false) => ClassUse::None,
            },
            book_close_date: accounting.book_close_date,
            home_currency: home.map(|home| home.value.clone()),
            is_multicurrency: currency.multi_currency_enabled,
            uses_sales_tax: preferences.tax_prefs.using_sales_tax == Some(true),
            has_automated_tax: preferences.tax_prefs.partner_tax_enabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(preferences: Value) -> CompanyPreferences {
        CompanyPreferences::from(&serde_json::from_value::<Preferences>(preferences).unwrap())
    }

    #[test]
    fn preferences_keep_what_changes_postings() {
        let found = read(json!({
            "AccountingInfoPrefs": {"ClassTrackingPerTxnLine": true, "ClassTrackingPerTxn": false, "BookCloseDate": "2025-12-31"},
            "SalesFormsPrefs": {"CustomTxnNumbers": true, "AutoApplyCredit": true},
            "CurrencyPrefs": {"MultiCurrencyEnabled": true, "HomeCurrency": {"value": "USD"}},
            "TaxPrefs": {"UsingSalesTax": true, "PartnerTaxEnabled": true},
        }));
        let expected = CompanyPreferences {
            has_custom_numbers: true,
            classes: ClassUse::PerLine,
            book_close_date: Some(jiff::civil::date(2025, 12, 31)),
            home_currency: Some("USD".into()),
            is_multicurrency: true,
            uses_sales_tax: true,
            has_automated_tax: true,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn empty_preferences_are_the_default() {
        assert_eq!(read(json!({})), CompanyPreferences::default());
    }

    #[test]
    fn class_use_follows_class_tracking() {
        let per = |line, transaction| {
            read(json!({"AccountingInfoPrefs": {"ClassTrackingPerTxnLine": line, "ClassTrackingPerTxn": transaction}})).classes
        };
        assert_eq!(per(false, true), ClassUse::PerTransaction);
        assert_eq!(per(true, true), ClassUse::PerLine);
        assert_eq!(per(false, false), ClassUse::None);
    }

    #[test]
    fn stored_preferences_load_unchanged() {
        let preferences = CompanyPreferences {
            book_close_date: Some(jiff::civil::date(2025, 12, 31)),
            ..CompanyPreferences::default()
        };
        let stored = serde_json::to_string(&preferences).unwrap();
        assert_eq!(
            serde_json::from_str::<CompanyPreferences>(&stored).unwrap(),
            preferences
        );
    }
}
