//! A queue entry: an unfinished document, and what it waits for.

use crate::document::decision::Decision;
use crate::document::void::Void;
use crate::reason::hold::HoldReason;
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

/// The state of a queue entry: what it waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// The entry waits for the next worker.
    Pending {
        /// The time before which no worker takes it.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "json::optional_instant"
        )]
        not_before: Option<Timestamp>,
        /// A person asked for it: manual mode does not hold it.
        #[serde(default, skip_serializing_if = "is_false")]
        forced: bool,
    },
    /// The entry waits for the release of this hold.
    Held(HoldReason),
    /// The entry waits for the look-up of its outcome, not before this time.
    Uncertain(#[serde(deserialize_with = "json::instant")] Timestamp),
    /// The document failed and waits for a person.
    Failed,
    /// QuickBooks and RIVET differ, and the entry waits for a decision.
    Conflict,
}

impl EntryState {
    /// The state of an entry for the next worker.
    pub const PENDING: Self = Self::Pending {
        not_before: None,
        forced: false,
    };

    /// The state of an entry for the next worker that a person asked for.
    pub const REQUESTED: Self = Self::Pending {
        not_before: None,
        forced: true,
    };

    /// Returns whether a worker is to come back to it at a later time.
    pub fn is_deferred(&self) -> bool {
        matches!(
            self,
            Self::Uncertain(_)
                | Self::Pending {
                    not_before: Some(_),
                    ..
                }
        )
    }

    /// Returns whether a worker may take it now, without a person.
    pub fn is_runnable(&self, now: Timestamp) -> bool {
        match self {
            Self::Pending { not_before, .. } => not_before.is_none_or(|at| at <= now),
            Self::Uncertain(at) => *at <= now,
            Self::Held(_) | Self::Failed | Self::Conflict => false,
        }
    }

    /// Returns the time from which a worker may take it without a person, if ever.
    pub fn runnable_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { not_before, .. } => Some(not_before.unwrap_or(Timestamp::UNIX_EPOCH)),
            Self::Uncertain(at) => Some(*at),
            Self::Held(_) | Self::Failed | Self::Conflict => None,
        }
    }
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

fn is_false(flag: &bool) -> bool {
    !flag
}
