//! The hints of one firm: the times at which a scheduled run must visit it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The two kinds of scheduled jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduledJob {
    /// The care of the connection: its access token, its revocation and its messages for RIVET.
    Connection,
    /// The work on the queue of the firm.
    Work,
}

/// The hints of one firm, one for each kind of job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueHints {
    /// The hint for [`ScheduledJob::Connection`].
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<DueHint>,
    /// The hint for [`ScheduledJob::Work`].
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<DueHint>,
    /// The time before which no run removes a hint, because a sign-in is under way.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub(super) kept_until: Option<DueHint>,
}

impl DueHints {
    /// Returns whether a run claimed one of the jobs.
    pub(super) fn is_claimed(&self) -> bool {
        let mut hints = [self.connection, self.sync].into_iter().flatten();
        hints.any(DueHint::is_deferred)
    }

    /// Returns the hint for a job.
    pub(super) fn of(&mut self, job: ScheduledJob) -> &mut Option<DueHint> {
        match job {
            ScheduledJob::Connection => &mut self.connection,
            ScheduledJob::Work => &mut self.sync,
        }
    }
}

/// A time in seconds of Unix time. A run that claims the job makes it negative, to defer the hint in case the run crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueHint(pub(super) i64);

impl DueHint {
    /// Returns the hint of a job at a time.
    pub(super) fn at(at: Timestamp) -> Self {
        Self(at.as_second())
    }

    /// Returns the hint of a job that a run claimed.
    pub fn deferred(until: Timestamp) -> Self {
        Self(-until.as_second())
    }

    /// Returns the time of the hint in seconds of Unix time.
    pub fn second(self) -> i64 {
        self.0.abs()
    }

    /// Returns the time of the hint. `None` if there is no such time.
    pub(super) fn at_time(self) -> Option<Timestamp> {
        Timestamp::from_second(self.second()).ok()
    }

    /// Returns whether a run claimed the job.
    pub(super) fn is_deferred(self) -> bool {
        self.0 < 0
    }
}
