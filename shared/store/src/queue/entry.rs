//! A queue entry: an unfinished document, and what it waits for.

mod state;

pub use crate::queue::entry::state::EntryState;

use crate::document::decision::Decision;
use crate::document::void::Void;
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An unfinished document. Events add it, workers remove it when it is finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// The document.
    pub document: DocumentRef,
    /// The latest revision that arrived, 0 if only a void did.
    pub revision: u32,
    /// The void that arrived, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<Void>,
    /// The business date: earlier ones go first.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// The state, that is what it waits for.
    pub state: EntryState,
    /// The decision of a person, until it is carried out or comes to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The person who asked for the next attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
}

impl QueueEntry {
    /// Creates the entry of a document that has just arrived.
    pub fn new(document: DocumentRef, date: Date) -> Self {
        Self {
            document,
            revision: 0,
            void: None,
            date,
            state: EntryState::PENDING,
            decision: None,
            by: None,
        }
    }

    /// Returns whether a person asked for it: manual mode does not hold it.
    pub fn is_requested(&self) -> bool {
        self.decision.is_some() || matches!(self.state, EntryState::Pending { forced: true, .. })
    }

    /// Returns the person whose decision or request it is processed for, if there is one.
    pub fn requested_by(&self) -> Option<Id> {
        let decided = self.decision.as_ref().map(|decision| &decision.decided_by);
        decided.or(self.by.as_ref()).cloned()
    }

    /// Returns the void that takes back every revision that arrived.
    pub fn pending_void(&self) -> Option<Void> {
        self.void.filter(|void| void.revision >= self.revision)
    }

    /// Returns the pending state in which a request of a person stays a request.
    pub fn pending(&self, not_before: Option<Timestamp>) -> EntryState {
        EntryState::Pending {
            not_before,
            forced: self.is_requested(),
        }
    }
}
