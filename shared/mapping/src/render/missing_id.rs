//! The error of a step without a needed QuickBooks id.

use thiserror::Error;

/// The error that a step needs a QuickBooks id that is not among the [`Ids`](crate::Ids), or an operation that QuickBooks lacks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no QuickBooks id for {what}")]
pub struct MissingId {
    /// The object or operation without an id, in words.
    pub what: String,
}

impl MissingId {
    /// Returns the error for an object: its `role` in words and RIVET's id, account or document.
    pub(super) fn of(role: &str, which: &str) -> Self {
        Self {
            what: format!("{role} {which}"),
        }
    }
}
