//! Why a document cannot be posted.

use thiserror::Error;

/// Why a document cannot be posted as things are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Settings that it needs are not made yet.
    #[error("settings are incomplete: {}", missing.join(", "))]
    Incomplete {
        /// Paths in the settings document.
        missing: Vec<String>,
    },
    /// The company keeps its books in one currency, and the document is in another.
    #[error("the document is in {document}, but the company's books are in {company}")]
    Currency {
        /// The document's.
        document: String,
        /// The company's.
        company: String,
    },
    /// Its amounts are all zero: it is skipped. If an earlier revision stands in QuickBooks, that one is to be
    /// taken back, see [`void_steps`](crate::void_steps).
    #[error("there is nothing to post")]
    Empty,
    /// The plan would not do to the ledger what the document says: the document's figures contradict each other.
    #[error("the figures do not agree: {figures}")]
    Disagreement {
        /// What was expected and what the plan would do.
        figures: String,
    },
}
