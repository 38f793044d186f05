//! The newest changes of transactions that are not RIVET's.

use jiff::Timestamp;
use quickbooks::Kind;
use serde::{Deserialize, Serialize};

/// The newest change of others for each group of kinds. A look at the company that is older may lack what was entered since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OthersChanges {
    /// The newest change of an invoice, credit memo or journal entry.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub numbered: Option<Timestamp>,
    /// The newest change of a payment.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "json::optional_instant"
    )]
    pub payments: Option<Timestamp>,
}

impl OthersChanges {
    /// Returns whether no change was seen.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a change of a transaction of this kind. Changes of other kinds do not count.
    pub fn add(&mut self, kind: Kind, at: Timestamp) {
        let newest = match kind {
            Kind::Invoice | Kind::CreditMemo | Kind::JournalEntry => &mut self.numbered,
            Kind::Payment => &mut self.payments,
            _ => return,
        };
        *newest = (*newest).max(Some(at));
    }

    /// Adds a change of every kind, because nobody knows what changed.
    pub fn add_unknown(&mut self, at: Timestamp) {
        self.add(Kind::Invoice, at);
        self.add(Kind::Payment, at);
    }

    /// Returns the newest changes of both.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        Self {
            numbered: self.numbered.max(other.numbered),
            payments: self.payments.max(other.payments),
        }
    }
}
