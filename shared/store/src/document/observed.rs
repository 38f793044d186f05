//! What was noticed of a document in QuickBooks.

use crate::activity::ActivityEntry;
use crate::object_index::entry::IndexEntry;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What was noticed of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedState {
    /// What there is to tell of it. It was told if the register knows the versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ActivityEntry>,
    /// The versions that this is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<IndexEntry>,
    /// A digest of what was told last as changed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub told: String,
    /// What differs so that a person has to decide, as a digest; empty if nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contested: String,
    /// What else differs, as a digest; empty if nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub harmless: String,
    /// What was paid of it by payments that RIVET did not record.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub paid_by_others: Decimal,
}

impl ObservedState {
    /// Whether it was not as RIVET wrote it.
    pub fn has_difference(&self) -> bool {
        !self.contested.is_empty() || !self.harmless.is_empty()
    }

    /// What is void is paid with nothing.
    pub fn forget_payments(&mut self) {
        self.paid_by_others = Decimal::ZERO;
    }

    /// A person decided: whatever differs from now on is news.
    pub fn forget(&mut self) {
        self.contested.clear();
        self.harmless.clear();
        self.told.clear();
    }
}
