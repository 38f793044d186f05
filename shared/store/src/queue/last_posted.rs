//! The document of a firm that was posted last.

use crate::document_summary::DocumentSummary;
use billing::DocumentRef;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The document that was posted last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastPosted {
    /// The document.
    pub document: DocumentRef,
    /// The parts that a list shows of the document, if they are known.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<DocumentSummary>,
    /// The time.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
}
