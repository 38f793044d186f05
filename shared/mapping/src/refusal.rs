//! The reasons why a document cannot be posted.

use thiserror::Error;

/// The reason why a document cannot be posted under the present settings and company preferences.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The firm has not made settings that the document needs.
    #[error("settings are incomplete: {}", missing.join(", "))]
    Incomplete {
        /// Paths in the settings document.
        missing: Vec<String>,
    },
    /// The company keeps its books in one currency, and the document is in another.
    #[error("the document is in {document}, but the company's books are in {company}")]
    Currency {
        /// ISO 4217 code of the document.
        document: String,
        /// ISO 4217 code of the company.
        company: String,
    },
    /// All amounts are zero, so the document is skipped. An earlier revision in QuickBooks must be voided.
    #[error("there is nothing to post")]
    Empty,
    /// The document's figures contradict each other: the effect of the plan would differ from the document's totals.
    #[error("the figures do not agree: {figures}")]
    Disagreement {
        /// The expected figures and those of the plan, in words.
        figures: String,
    },
}
