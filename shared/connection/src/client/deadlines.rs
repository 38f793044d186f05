//! The time that a client has for its calls, and its longest wait for one answer.

use jiff::{SignedDuration, Timestamp};
use ports::http::CallTimeout;
use ports::time::after;

/// A call that could outlast the lease of the queue is not begun.
const CALL: SignedDuration = CallTimeout::USUAL.0;

/// A call for which less than this is left is not begun either: most would be given up without an answer.
const SHORTEST: SignedDuration = SignedDuration::from_secs(5);

/// The time limits of calls, and the clock. One document may take several slow calls, so the lease of the queue and the
/// claim of a token refresh are compared with the time of each call, not with the time at which the work began.
pub struct Deadlines<'a> {
    /// The end of the lease.
    pub lease_ends_at: Timestamp,
    /// The client waits for no answer beyond this.
    pub calls_end_at: Timestamp,
    /// Tells the time.
    pub clock: &'a dyn Fn() -> Timestamp,
}

impl Deadlines<'_> {
    /// Returns the longest wait for the answer of a call that begins now. `None` if it is too late for one.
    pub fn call_timeout(&self, now: Timestamp) -> Option<CallTimeout> {
        let left = self.calls_end_at.duration_since(now);
        let fits = after(now, CALL) <= self.lease_ends_at && left >= SHORTEST;
        fits.then(|| CallTimeout(left).min(CallTimeout::USUAL))
    }

    /// Returns whether a token refresh can be waited for to its end. A refresh that is given up may cost the grant.
    pub fn has_time_to_refresh(&self, now: Timestamp) -> bool {
        after(now, CALL) <= self.lease_ends_at.min(self.calls_end_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn call_timeout_never_outlasts_run_or_lease() {
        let clock = || at(0);
        let ending = |end| Deadlines {
            lease_ends_at: at(60),
            calls_end_at: at(end),
            clock: &clock,
        };
        let timeout = |end, now| ending(end).call_timeout(at(now)).map(|t| t.0.as_secs());
        assert_eq!(timeout(25, 5), Some(20));
        assert_eq!(timeout(25, 6), Some(19));
        assert_eq!(timeout(25, 20), Some(5));
        assert_eq!(timeout(25, 21), None);
        assert_eq!((timeout(60, 40), timeout(60, 41)), (Some(20), None));
        assert!(ending(25).has_time_to_refresh(at(5)) && !ending(25).has_time_to_refresh(at(6)));
        assert!(ending(60).has_time_to_refresh(at(40)) && !ending(60).has_time_to_refresh(at(41)));
    }
}
