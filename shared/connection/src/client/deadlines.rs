//! The time that a client has for its calls, and its longest wait for one answer.

use jiff::{SignedDuration, Timestamp};
use ports::http::CallTimeout;
use ports::time::after;

/// The shortest time before the end of the lease at which a call may start. A later call could outlast the lease.
const CALL: SignedDuration = CallTimeout::USUAL.0;

/// The shortest time for a call. With less time left, most calls would be abandoned without an answer.
const SHORTEST: SignedDuration = SignedDuration::from_secs(5);

/// The time limits of calls, and the clock. One document may take several slow calls. Each call therefore compares the current time with
/// the lease and the refresh claim.
pub struct Deadlines<'a> {
    /// The end of the lease.
    pub lease_ends_at: Timestamp,
    /// The instant beyond which the client awaits no answer.
    pub calls_end_at: Timestamp,
    /// The clock.
    pub clock: &'a dyn Fn() -> Timestamp,
}

impl Deadlines<'_> {
    /// Returns the longest wait for the answer of a call that starts now. `None` if it is too late for a call.
    pub fn call_timeout(&self, now: Timestamp) -> Option<CallTimeout> {
        let left = self.calls_end_at.duration_since(now);
        let fits = after(now, CALL) <= self.lease_ends_at && left >= SHORTEST;
        fits.then(|| CallTimeout(left).min(CallTimeout::USUAL))
    }

    /// Returns whether there is time to await a whole token refresh. An abandoned refresh may cost the grant.
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
