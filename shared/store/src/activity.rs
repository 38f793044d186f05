//! The activity log of a firm: one entry for each attempt and each detection.

// Top first: a module uses only modules below it.
pub mod reader;
pub mod operations;
pub mod notification;

pub use crate::activity::notification::{DocumentNotification, PaymentPart, PaymentSummary};

use crate::document_summary::DocumentSummary;
use crate::reason::FoundTransaction;
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The number of entries on a page. Once the queue record has two pages, the older one moves to a record of its own.
pub const PAGE: usize = 32;

/// The states that entries have: the names of document statuses, and `paid` for payments that QuickBooks reported.
pub const STATES: [&str; 10] = [
    "pending",
    "posting",
    "posted",
    "held",
    "uncertain",
    "failed",
    "conflict",
    "voided",
    "skipped",
    "paid",
];

/// An entry of the activity log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityEntry {
    /// The time.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The document.
    pub document: DocumentRef,
    /// The parts that a list shows of the document, if they are known.
    #[serde(rename = "of", default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<DocumentSummary>,
    /// The name of the document's status.
    pub state: String,
    /// The list of posted objects, or the reason why nothing was posted.
    pub detail: String,
    /// The person who requested or decided the attempt. `None` if RIVET made it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Id>,
    /// The notification for RIVET, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<DocumentNotification>,
    /// The transactions in QuickBooks that a hold is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<FoundTransaction>,
}

/// A full page of older activity. A page never changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActivityPage(
    /// The entries, oldest first.
    pub Vec<ActivityEntry>,
);

/// The activity part of a queue record, for readers that need no other part.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActivityLog {
    /// The newest entries, oldest first.
    #[serde(rename = "recent_activity")]
    pub recent: Vec<ActivityEntry>,
    /// The number of full pages.
    #[serde(rename = "activity_pages")]
    pub pages: u32,
}

impl ActivityLog {
    /// Returns the number of entries, including those on pages.
    pub fn len(&self) -> usize {
        self.entries_on_pages() + self.recent.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether an entry of this time notifies RIVET of the document. For an entry older than the newest ones, returns true.
    pub fn has_notified(&self, document: &DocumentRef, at: Timestamp) -> bool {
        let is_same = |entry: &ActivityEntry| entry.at == at && entry.document == *document;
        let mut notified = self
            .recent
            .iter()
            .filter(|entry| entry.notification.is_some());
        let is_older = |entry: &ActivityEntry| self.pages > 0 && at < entry.at;
        notified.any(is_same) || self.recent.first().is_some_and(is_older)
    }

    /// Returns the number of entries on pages.
    pub fn entries_on_pages(&self) -> usize {
        self.pages as usize * PAGE
    }
}

impl Record for ActivityLog {
    /// The kind of the queue record, to which this part belongs.
    const KIND: &'static str = "queue";
}

impl Record for ActivityPage {
    const KIND: &'static str = "activity";
}

#[cfg(test)]
mod tests {
    use super::STATES;
    use crate::document::status::DocumentStatus;
    use crate::reason::hold::HoldReason;
    use crate::reason::{Action, Reason};

    #[test]
    fn every_document_status_is_a_state() {
        let reason = || Reason::new("x", Action::Wait, "x");
        let statuses = [
            DocumentStatus::Pending,
            DocumentStatus::Posting,
            DocumentStatus::Posted,
            DocumentStatus::Held(HoldReason::Manual),
            DocumentStatus::Uncertain(reason()),
            DocumentStatus::Failed(reason()),
            DocumentStatus::Conflict(reason()),
            DocumentStatus::Voided,
            DocumentStatus::Skipped(reason()),
        ];
        assert_eq!(STATES[..9], statuses.map(|status| status.name()));
    }
}
