//! One document on the desk, and what it waits for.

use crate::document::decision::Decision;
use crate::document::void::Void;
use crate::reason::hold::HoldReason;
use billing::{DocumentRef, Id};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A document that is not finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueEntry {
    /// Which.
    pub document: DocumentRef,
    /// The latest revision that arrived, 0 if only a void did.
    pub revision: u32,
    /// A void that arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<Void>,
    /// Its business date: earlier ones go first.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// What it waits for.
    pub state: EntryState,
    /// What a person decided about it, until that is carried out or comes to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Who asked for the next try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
}

/// What a waiting document waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// The next worker.
    Pending {
        /// Not before then.
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
    /// A cure.
    Held(HoldReason),
    /// Its outcome to be looked up, not before then.
    Uncertain(#[serde(deserialize_with = "json::instant")] Timestamp),
    /// A person: it failed.
    Failed,
    /// A person: the two sides differ.
    Conflict,
}

impl EntryState {
    /// For the next worker.
    pub const PENDING: Self = Self::Pending {
        not_before: None,
        forced: false,
    };

    /// For the next worker, because a person asked.
    pub const REQUESTED: Self = Self::Pending {
        not_before: None,
        forced: true,
    };

    /// Whether a worker is to come back to it at a later time.
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

    /// Whether a worker may take it now, on its own.
    pub fn is_runnable(&self, now: Timestamp) -> bool {
        match self {
            Self::Pending { not_before, .. } => not_before.is_none_or(|at| at <= now),
            Self::Uncertain(at) => *at <= now,
            Self::Held(_) | Self::Failed | Self::Conflict => false,
        }
    }

    /// When a worker may take it on its own, if ever.
    pub fn runnable_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { not_before, .. } => Some(not_before.unwrap_or(Timestamp::UNIX_EPOCH)),
            Self::Uncertain(at) => Some(*at),
            Self::Held(_) | Self::Failed | Self::Conflict => None,
        }
    }
}

impl QueueEntry {
    /// Something to do that has just arrived.
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

    /// Whether a person asked for it: manual mode does not hold it.
    pub fn is_requested(&self) -> bool {
        self.decision.is_some() || matches!(self.state, EntryState::Pending { forced: true, .. })
    }

    /// Whose request or decision it is worked on for, if anybody's.
    pub fn requested_by(&self) -> Option<Id> {
        let decided = self.decision.as_ref().map(|decision| &decision.decided_by);
        decided.or(self.by.as_ref()).cloned()
    }

    /// A void that takes back all that arrived of it.
    pub fn pending_void(&self) -> Option<Void> {
        self.void.filter(|void| void.revision >= self.revision)
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}
