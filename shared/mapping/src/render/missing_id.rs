//! What is missing for a body.

use thiserror::Error;

/// A QuickBooks id that the step needs is not among the [`Ids`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no QuickBooks id for {what}")]
pub struct Unresolved {
    /// What it would be the id of.
    pub what: String,
}

pub(super) fn missing(what: &str, which: &str) -> Unresolved {
    Unresolved {
        what: format!("{what} {which}"),
    }
}
