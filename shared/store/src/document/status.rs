//! The status of a document.

use crate::document::attempt::AttemptOutcome;
use crate::reason::hold::HoldReason;
use crate::reason::{FoundTransaction, Reason, ReasonCode};
use serde::{Deserialize, Serialize};

/// The status of a document. The `EntryState` says what its queue entry waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    /// The document is to be posted.
    Pending,
    /// The posting is under way.
    Posting,
    /// The latest revision is in QuickBooks.
    Posted,
    /// The document is held. Nothing failed.
    Held(HoldReason),
    /// The outcome of the posting is unknown and is being looked up.
    Uncertain(Reason),
    /// The document needs a person.
    Failed(Reason),
    /// QuickBooks and RIVET differ. A person decides.
    Conflict(Reason),
    /// The document is void, and its objects net to zero in the books.
    Voided,
    /// RIVET has nothing to post.
    Skipped(Reason),
}

impl DocumentStatus {
    /// Returns the stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posting => "posting",
            Self::Posted => "posted",
            Self::Held(_) => "held",
            Self::Uncertain(_) => "uncertain",
            Self::Failed(_) => "failed",
            Self::Conflict(_) => "conflict",
            Self::Voided => "voided",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Returns the outcome of an attempt that ended in this status.
    pub fn outcome(&self) -> AttemptOutcome {
        match self {
            Self::Pending => AttemptOutcome::Pending,
            Self::Posting => AttemptOutcome::Posting,
            Self::Posted => AttemptOutcome::Posted,
            Self::Held(_) => AttemptOutcome::Held,
            Self::Uncertain(_) => AttemptOutcome::Uncertain,
            Self::Failed(_) => AttemptOutcome::Failed,
            Self::Conflict(_) => AttemptOutcome::Conflict,
            Self::Voided => AttemptOutcome::Voided,
            Self::Skipped(_) => AttemptOutcome::Skipped,
        }
    }

    /// Returns the reason for the status, if there is one.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Held(hold) => Some(hold.reason()),
            Self::Uncertain(reason)
            | Self::Failed(reason)
            | Self::Conflict(reason)
            | Self::Skipped(reason) => Some(reason.clone()),
            Self::Pending | Self::Posting | Self::Posted | Self::Voided => None,
        }
    }

    /// Returns the transactions in QuickBooks that a hold is about.
    pub fn transactions(&self) -> Vec<&FoundTransaction> {
        match self {
            Self::Held(hold) => hold.transactions(),
            _ => Vec::new(),
        }
    }

    /// Returns whether the document is finished.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Posted | Self::Voided | Self::Skipped(_))
    }

    /// Returns whether the document is in conflict for a reason of this code.
    pub fn is_conflict_of(&self, code: ReasonCode) -> bool {
        matches!(self, Self::Conflict(reason) if reason.has_code(code))
    }

    /// Returns whether a person decided that RIVET ignores the document.
    pub fn is_left_alone(&self) -> bool {
        matches!(self, Self::Skipped(reason) if reason.has_code(ReasonCode::IgnoredByUser))
    }
}
