//! The time that a run has.

use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use store::queue::WORK_LEASE;

/// A scheduled run starts no document and no connection later than this after its start.
const SCHEDULED_RUN: SignedDuration = SignedDuration::from_secs(20);

/// A scheduled run awaits no answer later than this after its start: schedulers and edge platforms wait for half a minute.
const SCHEDULED_ANSWER: SignedDuration = SignedDuration::from_secs(25);

/// The longest time that one firm gets while others wait.
pub(crate) const PER_FIRM: SignedDuration = SignedDuration::from_secs(8);

/// The start of a run and the instants at which it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunWindow {
    /// The start of the run.
    pub now: Timestamp,
    /// The run starts no further document or connection from this instant on.
    pub until: Timestamp,
    /// The run awaits no answer of another system beyond this instant.
    pub answers_until: Timestamp,
}

impl RunWindow {
    /// Returns the window of a scheduled run that starts now.
    pub fn scheduled(now: Timestamp) -> Self {
        Self {
            now,
            until: after(now, SCHEDULED_RUN),
            answers_until: after(now, SCHEDULED_ANSWER),
        }
    }

    /// Returns a window of `length` that starts now. The run may await answers until its lease ends.
    pub fn within_lease(now: Timestamp, length: SignedDuration) -> Self {
        Self {
            now,
            until: after(now, length),
            answers_until: after(now, WORK_LEASE),
        }
    }

    /// Returns the part of this window that starts now and is at most `length` long.
    pub(crate) fn share(&self, now: Timestamp, length: SignedDuration) -> Self {
        Self {
            now,
            until: self.until.min(after(now, length)),
            answers_until: self.answers_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn share_never_outlasts_its_run() {
        let run = RunWindow::scheduled(at(0));
        let eight_seconds = SignedDuration::from_secs(8);
        let ends = |now| {
            let share = run.share(at(now), eight_seconds);
            (share.until, share.answers_until)
        };
        assert_eq!(ends(5), (at(13), at(25)));
        assert_eq!(ends(15), (at(20), at(25)));
    }

    #[test]
    fn answers_are_awaited_until_lease_ends() {
        let window = RunWindow::within_lease(at(0), SignedDuration::from_secs(10));
        assert_eq!(window.until, at(10));
        assert_eq!(window.answers_until, after(at(0), WORK_LEASE));
    }
}
