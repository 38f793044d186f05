//! What was done at a desk, line by line.

pub mod notification;
pub mod reader;

pub use crate::activity::notification::{DocumentNotification, PaymentPart, PaymentSummary};

use billing::{DocumentRef, Id};
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// Lines on a page of activity. Once the desk's record has two of them, the older moves to a record of its own.
pub const PAGE: usize = 32;

/// One line of the activity list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivityEntry {
    /// When.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// Which document.
    pub document: DocumentRef,
    /// The state that it reached.
    pub state: String,
    /// What was posted, or why not.
    pub detail: String,
    /// Whose request or decision it was; none if it came by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Id>,
    /// What RIVET is told of it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<DocumentNotification>,
}

/// A full page of older activity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActivityPage(
    /// Oldest first.
    pub Vec<ActivityEntry>,
);

/// What a desk's record says of its activity, for those who only read that.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActivityLog {
    /// [`Desk::recent`].
    pub recent: Vec<ActivityEntry>,
    /// [`Desk::pages`].
    pub pages: u32,
}

impl ActivityLog {
    /// How many lines there are, those on pages included.
    pub fn len(&self) -> usize {
        self.entries_on_pages() + self.recent.len()
    }

    /// Whether nothing was ever done.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a line of that time tells RIVET of the document. What is older than the newest lines is taken to have been told.
    pub fn has_notified(&self, document: &DocumentRef, at: Timestamp) -> bool {
        let is_it = |line: &ActivityEntry| line.at == at && line.document == *document;
        let mut lines = self
            .recent
            .iter()
            .filter(|line| line.notification.is_some());
        let is_older = |line: &ActivityEntry| self.pages > 0 && at < line.at;
        lines.any(is_it) || self.recent.first().is_some_and(is_older)
    }

    /// How many lines are on pages.
    pub fn entries_on_pages(&self) -> usize {
        self.pages as usize * PAGE
    }
}

impl Record for ActivityPage {
    const KIND: &'static str = "activity";
}
