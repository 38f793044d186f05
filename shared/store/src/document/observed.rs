//! The state of a document as it was observed in QuickBooks.

use crate::activity::ActivityEntry;
use crate::object_index::entry::IndexEntry;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The state of a document as a scan observed it in QuickBooks. The scan writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedState {
    /// The activity entries of the last scan. If the object index knows their versions, the queue has them too.
    #[serde(rename = "lines", default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<ActivityEntry>,
    /// The versions that the last scan saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<IndexEntry>,
    /// The digest of the last change that RIVET was notified of.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notified_cause: String,
    /// The digest of the differences that a person must decide about; empty if there are none.
    #[serde(
        rename = "contested",
        default,
        skip_serializing_if = "String::is_empty"
    )]
    pub conflict_digest: String,
    /// The digest of the cosmetic differences; empty if there are none.
    #[serde(rename = "harmless", default, skip_serializing_if = "String::is_empty")]
    pub cosmetic_digest: String,
    /// The amount paid by payments that RIVET did not record.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub paid_by_others: Decimal,
}

impl ObservedState {
    /// Returns whether the document differed from RIVET's version.
    pub fn has_difference(&self) -> bool {
        !self.conflict_digest.is_empty() || !self.cosmetic_digest.is_empty()
    }

    /// Clears the payments, because a void document has none.
    pub fn forget_payments(&mut self) {
        self.paid_by_others = Decimal::ZERO;
    }

    /// Clears the differences after a decision, so that each later difference is new.
    pub fn forget(&mut self) {
        self.conflict_digest.clear();
        self.cosmetic_digest.clear();
        self.notified_cause.clear();
    }
}
