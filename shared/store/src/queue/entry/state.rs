//! The state of a queue entry: what it waits for.

use crate::reason::hold::HoldReason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
        /// A person requested the document, so manual mode does not hold it.
        #[serde(rename = "forced", default, skip_serializing_if = "is_false")]
        is_requested: bool,
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
    /// The state of an entry that is ready for the next worker.
    pub const PENDING: Self = Self::Pending {
        not_before: None,
        is_requested: false,
    };

    /// The state of an entry that is ready for the next worker because of a person's request.
    pub const REQUESTED: Self = Self::Pending {
        not_before: None,
        is_requested: true,
    };

    /// Returns whether a worker must process the entry at a later time.
    pub fn is_deferred(&self) -> bool {
        self.deferred_until().is_some()
    }

    /// Returns the time before which no worker processes the entry, if the state names one.
    pub fn deferred_until(&self) -> Option<Timestamp> {
        match self {
            Self::Uncertain(at) => Some(*at),
            Self::Pending { not_before, .. } => *not_before,
            Self::Held(_) | Self::Failed | Self::Conflict => None,
        }
    }

    /// Lets a worker process the entry from now on, if the state names a later time.
    pub fn end_wait(&mut self, now: Timestamp) {
        match self {
            Self::Uncertain(at) => *at = now.min(*at),
            Self::Pending { not_before, .. } => *not_before = None,
            Self::Held(_) | Self::Failed | Self::Conflict => {}
        }
    }

    /// Returns whether a worker may process the entry now, without a person.
    pub fn is_runnable(&self, now: Timestamp) -> bool {
        match self {
            Self::Pending { not_before, .. } => not_before.is_none_or(|at| at <= now),
            Self::Uncertain(at) => *at <= now,
            Self::Held(_) | Self::Failed | Self::Conflict => false,
        }
    }

    /// Returns the time from which a worker may process the entry without a person, if any.
    pub fn runnable_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { not_before, .. } => Some(not_before.unwrap_or(Timestamp::UNIX_EPOCH)),
            Self::Uncertain(at) => Some(*at),
            Self::Held(_) | Self::Failed | Self::Conflict => None,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}
