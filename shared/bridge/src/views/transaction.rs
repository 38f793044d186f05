//! A transaction in QuickBooks that a hold names.

use jiff::civil::Date;
use mapping::money_text;
use serde::Serialize;
use store::reason::{FoundTransaction, page, place};

/// A transaction in QuickBooks, as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionView {
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["Invoice", "CreditMemo", "JournalEntry", "Payment"])))]
    kind: &'static str,
    id: String,
    number: Option<String>,
    date: Option<Date>,
    /// The amount, as text with two decimals.
    amount: String,
    /// The address of its page in QuickBooks.
    link: String,
}

impl TransactionView {
    /// Returns a transaction as shown.
    pub fn of(found: &FoundTransaction) -> Self {
        Self {
            kind: found.kind_name(),
            id: found.id.clone(),
            number: Some(found.number.clone()).filter(|number| !number.is_empty()),
            date: found.date,
            amount: money_text(found.amount),
            link: page(&place(found.kind, &found.id)),
        }
    }
}
