//! The pace of the reads for a settings page. Such reads need no lease, so the rate limiter of the worker does not count them.

use crate::queue::rate_limiter::Permit;
use crate::schedule::read_quota::ReadQuota;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The shortest time between two reads. The rate limiter of the worker leaves room for one call a second.
const SPACING: SignedDuration = SignedDuration::from_secs(1);

/// The number of reads that may follow one another at this spacing.
const BURST: i32 = 20;

/// The time after which one more read is allowed: 120 an hour, in the long run.
const RECOVERY: SignedDuration = SignedDuration::from_secs(30);

/// The reads for a settings page: their number, and the time from which all of them are allowed again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPace {
    /// The reads from the company in this month.
    #[serde(default, skip_serializing_if = "ReadQuota::is_none")]
    pub reads: ReadQuota,
    /// The time of the latest read, in milliseconds of Unix time.
    #[serde(default)]
    latest: i64,
    /// The time from which the whole burst is allowed again, in milliseconds of Unix time.
    #[serde(default)]
    recovered: i64,
}

impl ListPace {
    /// Requests a read, and counts it if it may be made now.
    pub fn acquire(&mut self, now: Timestamp) -> Permit {
        let millisecond = now.as_millisecond();
        let burst = RECOVERY * (BURST - 1);
        let earliest = self.recovered - millis(burst);
        if millisecond < earliest {
            let wait = SignedDuration::from_millis(earliest - millisecond);
            return Permit::Later(after(now, wait));
        }
        // A latest read in the future is from a clock that is ahead.
        let next = self.latest + millis(SPACING);
        if (self.latest..next).contains(&millisecond) {
            return Permit::Soon(SignedDuration::from_millis(next - millisecond));
        }
        self.count(now);
        Permit::Now
    }

    /// Counts a read that needs no permit.
    pub fn count(&mut self, now: Timestamp) {
        let millisecond = now.as_millisecond();
        self.latest = millisecond;
        self.recovered = self.recovered.max(millisecond) + millis(RECOVERY);
        self.reads.add(1, now);
    }

    /// Returns whether no read was ever counted.
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }
}

fn millis(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_772_000_000_000 + millis).unwrap()
    }

    #[test]
    fn reads_keep_a_second_between_them() {
        let mut pace = ListPace::default();
        assert_eq!(pace.acquire(at(0)), Permit::Now);
        let wait = SignedDuration::from_millis(600);
        assert_eq!(pace.acquire(at(400)), Permit::Soon(wait));
        assert_eq!(pace.acquire(at(1000)), Permit::Now);
        assert_eq!(pace.reads.this_month(at(1000)), 2);
    }

    #[test]
    fn burst_ends_and_recovers_slowly() {
        let mut pace = ListPace::default();
        let made = |pace: &mut ListPace, seconds: std::ops::Range<i64>| {
            let permits = seconds.map(|second| pace.acquire(at(second * 1000)));
            permits.filter(|permit| *permit == Permit::Now).count()
        };
        assert_eq!(made(&mut pace, 0..60), 21);
        assert_eq!(made(&mut pace, 60..3660), 120);
        assert_eq!(made(&mut pace, 10_000..10_060), 21);
    }
}
