//! The error of a request that cannot be built.

/// A request that cannot be put on the wire: a bug or a damaged record, never something to retry. Says nothing of the values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be built: {0}")]
pub struct Unsendable(pub(crate) &'static str);
