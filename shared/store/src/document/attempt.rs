//! An attempt at a document, for the history.

use billing::Id;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An attempt at a document. The API answers it as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// The time of the attempt.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The outcome.
    pub outcome: AttemptOutcome,
    /// The sentence of the reason, or the list of posted objects.
    pub detail: String,
    /// The person who requested or decided the attempt. `None` if RIVET made it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
}

/// The outcome of an attempt: the status after it, or a change that QuickBooks reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The document is to be posted.
    Pending,
    /// The posting is under way.
    Posting,
    /// The document is posted.
    Posted,
    /// The document is held.
    Held,
    /// The outcome of the posting is unknown.
    Uncertain,
    /// The document needs a person.
    Failed,
    /// QuickBooks and RIVET differ.
    Conflict,
    /// The document is void.
    Voided,
    /// RIVET has nothing to post.
    Skipped,
    /// QuickBooks reported payments.
    Paid,
    /// QuickBooks reported an edit that changed nothing in the books.
    Noted,
}

impl AttemptOutcome {
    /// Returns whether QuickBooks gave no answer about the document.
    pub fn is_unanswered(self) -> bool {
        matches!(self, Self::Pending | Self::Uncertain)
    }
}
