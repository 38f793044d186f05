//! The pace of the reads for a settings page. Such reads need no lease, so a worker at the same time does not count them.

use crate::queue::rate_limiter::Permit;
use crate::schedule::read_quota::ReadQuota;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use serde::{Deserialize, Serialize};

/// The shortest time between two reads while a worker has the lease. Its rate limiter leaves room for one call a second.
const SPACING: SignedDuration = SignedDuration::from_secs(1);

/// The number of reads that may follow one another.
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
    /// Returns whether the firm may read now, in the long run.
    pub fn permit(&self, now: Timestamp) -> Permit {
        let earliest = self.recovered - millis(RECOVERY * (BURST - 1));
        match earliest - now.as_millisecond() {
            wait if wait > 0 => Permit::Later(after(now, SignedDuration::from_millis(wait))),
            _ => Permit::Now,
        }
    }

    /// Returns whether the firm may read now, while a worker uses all of the company's rate but one call a second.
    pub fn permit_beside_worker(&self, now: Timestamp) -> Permit {
        let (millisecond, next) = (now.as_millisecond(), self.latest + millis(SPACING));
        // A latest read in the future is from a clock that is ahead.
        if (self.latest..next).contains(&millisecond) {
            Permit::Soon(SignedDuration::from_millis(next - millisecond))
        } else {
            Permit::Now
        }
    }

    /// Counts a read.
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
    fn reads_beside_worker_keep_a_second() {
        let mut pace = ListPace::default();
        assert_eq!(pace.permit_beside_worker(at(0)), Permit::Now);
        pace.count(at(0));
        let wait = SignedDuration::from_millis(600);
        assert_eq!(pace.permit_beside_worker(at(400)), Permit::Soon(wait));
        assert_eq!(pace.permit_beside_worker(at(1000)), Permit::Now);
        assert_eq!(pace.reads.this_month(at(1000)), 1);
    }

    #[test]
    fn burst_ends_and_recovers_slowly() {
        let mut pace = ListPace::default();
        let mut made = |seconds: std::ops::Range<i64>| {
            let mut count = 0;
            for second in seconds {
                if pace.permit(at(second * 1000)) == Permit::Now {
                    pace.count(at(second * 1000));
                    count += 1;
                }
            }
            count
        };
        assert_eq!(made(0..60), 21);
        assert_eq!(made(60..3660), 120);
        assert_eq!(made(10_000..10_060), 21);
    }
}
