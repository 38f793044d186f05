//! The error of a request that cannot be built.

/// A request that cannot be built. The cause is a bug or a damaged record, so a repetition cannot help.
///
/// The text names the part that is wrong. The values of the request never show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request cannot be built: {0}")]
pub struct Unsendable(pub(crate) &'static str);
