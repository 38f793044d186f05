//! What has to be known of an object that stands in the books, whatever kind it is.

use super::Kind;
use rust_decimal::Decimal;
use serde_json::Value;

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

impl Standing {
    /// Reads one object; `None` if it has no id or version, or an amount that is none.
    pub(crate) fn of(kind: Kind, object: &Value) -> Option<Self> {
        let text = |key| Some(object.get(key)?.as_str()?.to_owned());
        Some(Self {
            kind,
            id: text("Id")?,
            sync_token: text("SyncToken")?,
            doc_number: text("DocNumber"),
            private_note: text("PrivateNote"),
            total: amount(object.get("TotalAmt"))?,
            balance: amount(object.get("Balance"))?,
        })
    }
}

/// An amount that may be absent, exactly as it is written.
fn amount(value: Option<&Value>) -> Option<Option<Decimal>> {
    match value {
        None | Some(Value::Null) => Some(None),
        Some(Value::Number(number)) => {
            let written = number.to_string();
            let read = written.parse::<Decimal>();
            read.or_else(|_| Decimal::from_scientific(&written))
                .ok()
                .map(Some)
        }
        Some(_) => None,
    }
}
