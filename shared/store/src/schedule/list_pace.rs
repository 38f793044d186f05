//! The pace of the reads for a settings page. Such reads need no lease, so a worker at the same time does not count them.

use crate::schedule::read_quota::ReadQuota;
use jiff::{SignedDuration, Timestamp};
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
    /// Returns the wait until the firm may read again, in the long run. `None` if it may read now.
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let earliest = self.recovered - millis(RECOVERY * (BURST - 1));
        positive(earliest - now.as_millisecond())
    }

    /// Returns the wait until the next read while a worker uses all of the company's rate but one call a second. `None` if the firm may
    /// read now.
    pub fn wait_beside_worker(&self, now: Timestamp) -> Option<SignedDuration> {
        let (millisecond, next) = (now.as_millisecond(), self.latest + millis(SPACING));
        // A latest read in the future is from a clock that is ahead.
        let is_close = (self.latest..next).contains(&millisecond);
        positive(next - millisecond).filter(|_| is_close)
    }

    /// Counts a call with this many reads.
    pub fn count(&mut self, reads: u32, now: Timestamp) {
        let millisecond = now.as_millisecond();
        self.latest = millisecond;
        let recovery = millis(RECOVERY).saturating_mul(i64::from(reads));
        self.recovered = self.recovered.max(millisecond).saturating_add(recovery);
        self.reads.add(reads, now);
    }

    /// Returns whether no read was ever counted.
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }
}

fn positive(millis: i64) -> Option<SignedDuration> {
    (millis > 0).then(|| SignedDuration::from_millis(millis))
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
        assert_eq!(pace.wait_beside_worker(at(0)), None);
        pace.count(1, at(0));
        let wait = SignedDuration::from_millis(600);
        assert_eq!(pace.wait_beside_worker(at(400)), Some(wait));
        assert_eq!(pace.wait_beside_worker(at(1000)), None);
        assert_eq!(pace.reads.this_month(at(1000)), 1);
    }

    #[test]
    fn burst_ends_and_recovers_slowly() {
        let mut pace = ListPace::default();
        let mut made = |seconds: std::ops::Range<i64>| {
            let mut count = 0;
            for second in seconds {
                if pace.wait(at(second * 1000)).is_none() {
                    pace.count(1, at(second * 1000));
                    count += 1;
                }
            }
            count
        };
        assert_eq!(made(0..60), 21);
        assert_eq!(made(60..3660), 120);
        assert_eq!(made(10_000..10_060), 21);
    }

    #[test]
    fn call_with_four_reads_counts_four() {
        let mut pace = ListPace::default();
        let mut calls = 0;
        while pace.wait(at(0)).is_none() {
            pace.count(4, at(0));
            calls += 1;
        }
        assert_eq!((calls, pace.reads.this_month(at(0))), (5, 20));
    }
}
