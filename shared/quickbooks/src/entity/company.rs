//! The company and how its books are set up. Only read.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The company behind a realm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompanyInfo {
    /// What the company is called.
    pub company_name: Option<String>,
    /// What it is called in law.
    pub legal_name: Option<String>,
    /// Where it is, as ISO 3166 or in words.
    pub country: Option<String>,
    /// The rest: `OfferingSku`, `SubscriptionStatus`, `IndustryType` …
    pub name_value: Vec<NameValue>,
}

impl Resource for CompanyInfo {
    const KIND: Kind = Kind::CompanyInfo;
}

impl CompanyInfo {
    /// The product that the company pays for, as Intuit names it ("QuickBooks Online Plus").
    pub fn offering_sku(&self) -> Option<&str> {
        NameValue::find(&self.name_value, "OfferingSku")
    }

    /// The state of its subscription (`PAID`, `TRIAL`, `SUSPENDED`, `EXPIRED` …).
    pub fn subscription_status(&self) -> Option<&str> {
        NameValue::find(&self.name_value, "SubscriptionStatus")
    }
}

/// How the company keeps its books.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Preferences {
    /// Classes and the closing date.
    pub accounting_info_prefs: AccountingPrefs,
    /// Numbers and credits on sales forms.
    pub sales_forms_prefs: SalesFormsPrefs,
    /// Currencies.
    pub currency_prefs: CurrencyPrefs,
    /// The rest.
    pub other_prefs: OtherPrefs,
}

impl Resource for Preferences {
    const KIND: Kind = Kind::Preferences;
}

/// Classes and the closing date. At most one of the two class preferences is on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountingPrefs {
    /// A class for the whole transaction.
    pub class_tracking_per_txn: bool,
    /// A class for each line.
    pub class_tracking_per_txn_line: bool,
    /// Accounts have numbers.
    pub use_account_numbers: bool,
    /// Nothing may post on or before this day; absent if the books were never closed.
    #[serde(with = "super::day")]
    pub book_close_date: Option<Date>,
}

/// What is done on sales forms without asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesFormsPrefs {
    /// On: the number that is sent is used. Off: QuickBooks numbers by itself.
    pub custom_txn_numbers: bool,
    /// Open credits are put on the next invoice by themselves.
    pub auto_apply_credit: bool,
    /// Payments are applied by themselves.
    pub auto_apply_payments: bool,
}

/// Currencies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CurrencyPrefs {
    /// Transactions may be in other currencies; cannot be switched off again.
    pub multi_currency_enabled: bool,
    /// ISO 4217 code of the books.
    pub home_currency: Option<Reference>,
}

/// Preferences without a field of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OtherPrefs {
    /// `WarnDuplicateJournalNumber`, `ProjectsEnabled` …
    pub name_value: Vec<NameValue>,
}

/// A named value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NameValue {
    /// Its name.
    pub name: String,
    /// Its value, as text.
    pub value: String,
}

impl NameValue {
    fn find<'a>(all: &'a [Self], name: &str) -> Option<&'a str> {
        all.iter()
            .find(|pair| pair.name == name)
            .map(|pair| pair.value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_say_how_classes_numbers_and_closing_are_handled() {
        let preferences: Preferences = serde_json::from_str(
            r#"{"AccountingInfoPrefs":{"ClassTrackingPerTxn":false,"ClassTrackingPerTxnLine":true,"BookCloseDate":"2025-12-31"},
                "SalesFormsPrefs":{"CustomTxnNumbers":true,"AutoApplyCredit":true,"DefaultTerms":{"value":"3"}},
                "CurrencyPrefs":{"MultiCurrencyEnabled":false,"HomeCurrency":{"value":"USD"}},
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
        assert_eq!(
            preferences.currency_prefs.home_currency,
            Some(Reference::to("USD"))
        );
    }

    #[test]
    fn preferences_that_say_nothing_are_all_off() {
        let preferences: Preferences = serde_json::from_str("{}").unwrap();
        assert_eq!(preferences, Preferences::default());
        assert!(!preferences.sales_forms_prefs.custom_txn_numbers);
    }

    #[test]
    fn the_edition_is_found_among_the_named_values() {
        let company: CompanyInfo = serde_json::from_str(
            r#"{"CompanyName":"Harbor Electric LLC","Country":"US","NameValue":[{"Name":"NeoEnabled","Value":"true"},
                {"Name":"OfferingSku","Value":"QuickBooks Online Plus"},{"Name":"SubscriptionStatus","Value":"PAID"}]}"#,
        )
        .unwrap();
        assert_eq!(company.offering_sku(), Some("QuickBooks Online Plus"));
        assert_eq!(company.subscription_status(), Some("PAID"));
        assert_eq!(CompanyInfo::default().offering_sku(), None);
    }
}
