//! Where a document stands.

use crate::reason::Reason;
use crate::reason::hold::HoldReason;
use serde::{Deserialize, Serialize};

/// Where a document stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    /// It is to be posted.
    Pending,
    /// Its posting is under way.
    Posting,
    /// Its latest revision stands in QuickBooks.
    Posted,
    /// It waits; nothing failed.
    Held(HoldReason),
    /// It is not known whether its posting was carried out; that is being looked up.
    Uncertain(Reason),
    /// It needs a person.
    Failed(Reason),
    /// QuickBooks and RIVET differ; a person chooses.
    Conflict(Reason),
    /// It is void, and nets to zero in the books.
    Voided,
    /// There is nothing to post.
    Skipped(Reason),
}

impl DocumentStatus {
    /// The stable name.
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

    /// What is told about it.
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

    /// Whether nothing is left to do.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Posted | Self::Voided | Self::Skipped(_))
    }
}
