//! What has to be known of an object that stands in the books, whatever kind it is.

use super::Kind;
use rust_decimal::Decimal;
use serde::Deserialize;

/// An object as QuickBooks answers with it, as far as the one who wrote it has to know.
///
/// Nothing else of the answer is read, so no odd line or field that a person or Intuit added can hide that the object exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its version, which the next change has to name.
    pub sync_token: String,
    /// The number on it, for the kinds that have one.
    pub doc_number: Option<String>,
    /// The note that only the firm sees, for the kinds that have one.
    pub private_note: Option<String>,
    /// Its total, for sales forms and payments; a journal entry says 0.
    pub total: Option<Decimal>,
    /// What is still open of it, for sales forms.
    pub balance: Option<Decimal>,
}

/// The wire form, which does not say what it is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Bare {
    id: String,
    sync_token: String,
    #[serde(default)]
    doc_number: Option<String>,
    #[serde(default)]
    private_note: Option<String>,
    #[serde(default, with = "rust_decimal::serde::arbitrary_precision_option")]
    total_amt: Option<Decimal>,
    #[serde(default, with = "rust_decimal::serde::arbitrary_precision_option")]
    balance: Option<Decimal>,
}

impl Bare {
    pub(crate) fn of(self, kind: Kind) -> Standing {
        Standing {
            kind,
            id: self.id,
            sync_token: self.sync_token,
            doc_number: self.doc_number,
            private_note: self.private_note,
            total: self.total_amt,
            balance: self.balance,
        }
    }
}
