//! How long a worker stays, and how long it waits for an answer.

use jiff::{SignedDuration, Timestamp};
use ports::http::CallTimeout;
use ports::time::after;

/// A call that could outlast the lease of the desk is not begun.
const CALL: SignedDuration = CallTimeout::USUAL.0;

/// A call for which less than this is left is not begun either: most would be given up without an answer.
const SHORTEST: SignedDuration = SignedDuration::from_secs(5);

/// How long a stay may last, and what tells the time in it: a document may take several slow calls, and neither the lease of
/// the desk nor the claim of a refresh is to be reckoned from when it was begun.
pub struct Deadlines<'a> {
    /// The end of the lease.
    pub until: Timestamp,
    /// No answer of the company is waited for beyond this.
    pub end: Timestamp,
    /// Tells the time.
    pub clock: &'a dyn Fn() -> Timestamp,
}

impl Deadlines<'_> {
    /// How long a call that is begun now is waited for; nothing if it is too late for one.
    pub fn patience(&self, now: Timestamp) -> Option<CallTimeout> {
        let left = self.end.duration_since(now);
        let fits = after(now, CALL) <= self.until && left >= SHORTEST;
        fits.then(|| CallTimeout(left).min(CallTimeout::USUAL))
    }

    /// Whether a refresh can be waited for to its end. One that is given up may cost the grant.
    pub fn allow_a_refresh(&self, now: Timestamp) -> bool {
        after(now, CALL) <= self.until.min(self.end)
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
        let hours = |end| Deadlines {
            until: at(60),
            end: at(end),
            clock: &clock,
        };
        let patience = |end, now| hours(end).patience(at(now)).map(|p| p.0.as_secs());
        assert_eq!(patience(25, 5), Some(20));
        assert_eq!(patience(25, 6), Some(19));
        assert_eq!(patience(25, 20), Some(5));
        assert_eq!(patience(25, 21), None);
        assert_eq!((patience(60, 40), patience(60, 41)), (Some(20), None));
        assert!(hours(25).allow_a_refresh(at(5)) && !hours(25).allow_a_refresh(at(6)));
        assert!(hours(60).allow_a_refresh(at(40)) && !hours(60).allow_a_refresh(at(41)));
    }
}
