//! How the company keeps its books.

use jiff::civil::Date;
use quickbooks::entity::Preferences;
use serde::{Deserialize, Serialize};

/// What the company's preferences say that changes how we post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// On: numbers that we send are used. Off: QuickBooks numbers by itself, and we send none.
    pub custom_numbers: bool,
    /// Where classes may stand.
    pub classes: ClassUse,
    /// Nothing may be posted on or before this day.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub book_close_date: Option<Date>,
    /// ISO 4217 code of the books, if the company told.
    pub home_currency: Option<String>,
    /// Whether transactions name their currency.
    pub multicurrency: bool,
}

/// Where classes may stand on sales forms. Journal entries have them on lines wherever there are any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassUse {
    /// Nowhere.
    #[default]
    None,
    /// One on the whole form.
    PerTransaction,
    /// One on each line.
    PerLine,
}

impl From<&Preferences> for Books {
    fn from(preferences: &Preferences) -> Self {
        let accounting = &preferences.accounting_info_prefs;
        let currency = &preferences.currency_prefs;
        Self {
            custom_numbers: preferences.sales_forms_prefs.custom_txn_numbers,
            classes: match (
                accounting.class_tracking_per_txn_line,
                accounting.class_tracking_per_txn,
            ) {
                (true, _) => ClassUse::PerLine,
                (false, true) => ClassUse::PerTransaction,
                (false, false) => ClassUse::None,
            },
            book_close_date: accounting.book_close_date,
            home_currency: currency
                .home_currency
                .as_ref()
                .map(|home| home.value.clone()),
            multicurrency: currency.multi_currency_enabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn books(preferences: Value) -> Books {
        Books::from(&serde_json::from_value::<Preferences>(preferences).unwrap())
    }

    #[test]
    fn preferences_are_reduced_to_what_changes_our_postings() {
        let found = books(json!({
            "AccountingInfoPrefs": {"ClassTrackingPerTxnLine": true, "ClassTrackingPerTxn": false, "BookCloseDate": "2025-12-31"},
            "SalesFormsPrefs": {"CustomTxnNumbers": true, "AutoApplyCredit": true},
            "CurrencyPrefs": {"MultiCurrencyEnabled": true, "HomeCurrency": {"value": "USD"}},
        }));
        let expected = Books {
            custom_numbers: true,
            classes: ClassUse::PerLine,
            book_close_date: Some(jiff::civil::date(2025, 12, 31)),
            home_currency: Some("USD".into()),
            multicurrency: true,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_company_that_tells_nothing_has_nothing() {
        assert_eq!(books(json!({})), Books::default());
    }

    #[test]
    fn classes_stand_where_the_company_tracks_them() {
        let per = |line, transaction| {
            books(json!({"AccountingInfoPrefs": {"ClassTrackingPerTxnLine": line, "ClassTrackingPerTxn": transaction}})).classes
        };
        assert_eq!(per(false, true), ClassUse::PerTransaction);
        assert_eq!(per(true, true), ClassUse::PerLine);
        assert_eq!(per(false, false), ClassUse::None);
    }

    #[test]
    fn books_survive_being_stored() {
        let books = Books {
            book_close_date: Some(jiff::civil::date(2025, 12, 31)),
            ..Books::default()
        };
        let stored = serde_json::to_string(&books).unwrap();
        assert_eq!(serde_json::from_str::<Books>(&stored).unwrap(), books);
    }
}
