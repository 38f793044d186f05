//! A payment of what is paid already.

use crate::reason::found_transaction::{FoundTransaction, described, named};
use billing::DocumentRef;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The facts about a payment that is more than what is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaidAlready {
    /// The document that the payment pays.
    pub document: DocumentRef,
    /// The amount that the payment applies to the document.
    pub needed: Decimal,
    /// The amount that is open in QuickBooks.
    pub open: Decimal,
    /// The transaction by which the customer owes the document.
    pub owed: FoundTransaction,
    /// The payments and credits that paid it before.
    pub paid_by: Vec<FoundTransaction>,
}

impl PaidAlready {
    /// Returns the sentence for people.
    pub(super) fn message(&self) -> String {
        let (needed, open) = (self.needed, self.open);
        let owed = described(&self.owed);
        let mut message = format!("It pays {needed:.2} of {owed}, but {open:.2} is open.");
        if !self.paid_by.is_empty() {
            message.push_str(&format!(" Paid before: {}.", named(&self.paid_by)));
        }
        message.push_str(" Say that it is one of those, or post it anyway.");
        message
    }
}
