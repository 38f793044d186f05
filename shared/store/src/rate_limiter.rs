//! The rate limiter of a company, shared by all instances as part of the queue record. A worker loads it with the calls of earlier workers,
//! and saves it with its own calls.
//!
//! Intuit allows 500 requests and 40 batches a minute, and 10 requests a second (Intuit: API call limits and throttles). The limiter allows
//! a little less. The rest is for the few calls without a lease, such as token refreshes and lists on a settings page.

use crate::schedule::read_quota::ReadQuota;
use jiff::{SignedDuration, Timestamp};
use ports::time::after;
use quickbooks::batch::MAX_ITEMS;
use serde::{Deserialize, Serialize};

/// The calls within a minute.
const CALLS_A_MINUTE: u32 = 450;

/// The batches within a minute.
const BATCHES_A_MINUTE: u32 = 36;

/// The calls within a second.
const CALLS_A_SECOND: usize = 9;

/// The seconds for which a call counts. One more than a minute, because calls are counted by whole seconds.
const COUNTED_SECONDS: i64 = 61;

/// The time after which the answer to a batch is slow. The batch was too large for the company at that hour.
const SLOW: SignedDuration = SignedDuration::from_secs(6);

/// The number of halvings after which a batch has a single item.
const HALVINGS: u32 = 4;

/// The calls of the last minute, and the size of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimiter {
    /// The counts of the last minute: for each second of Unix time, the calls and the batches among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seconds: Vec<(i64, u32, u32)>,
    /// The times of the latest calls, in milliseconds of Unix time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    latest: Vec<i64>,
    /// The number of times that the size of a batch was halved.
    #[serde(default, skip_serializing_if = "is_zero")]
    halved: u32,
    /// The reads from the company in this month.
    #[serde(default, skip_serializing_if = "ReadQuota::is_none")]
    pub reads: ReadQuota,
}

/// The kind of a call. Intuit limits batches for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A call with one request.
    Single,
    /// A call with several requests. It counts as a call, too.
    Batch,
}

/// The answer to the request for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// The call may be made now and is counted.
    Now,
    /// The call may be made after this time, which is less than a second.
    Soon(SignedDuration),
    /// The call may not be made before this time.
    Later(Timestamp),
}

impl RateLimiter {
    /// Requests a call, and counts it if it may be made now.
    pub fn acquire(&mut self, kind: CallKind, now: Timestamp) -> Permit {
        let (second, millisecond) = (now.as_second(), now.as_millisecond());
        self.seconds
            .retain(|(at, ..)| at + COUNTED_SECONDS > second);
        self.latest.retain(|at| at + 1000 > millisecond);
        let calls: u32 = self.seconds.iter().map(|(_, calls, _)| calls).sum();
        let batches: u32 = self.seconds.iter().map(|(.., batches)| batches).sum();
        if calls >= CALLS_A_MINUTE || (kind == CallKind::Batch && batches >= BATCHES_A_MINUTE) {
            return Permit::Later(self.next_permit_at(kind, now));
        }
        if self.latest.len() >= CALLS_A_SECOND {
            let first = self.latest.iter().min().copied().unwrap_or(millisecond);
            return Permit::Soon(SignedDuration::from_millis(first + 1000 - millisecond));
        }
        self.latest.push(millisecond);
        self.count(kind, second);
        Permit::Now
    }

    /// Counts a call of this second.
    fn count(&mut self, kind: CallKind, second: i64) {
        let batch = u32::from(kind == CallKind::Batch);
        match self.seconds.iter_mut().find(|(at, ..)| *at == second) {
            Some((_, calls, batches)) => {
                *calls += 1;
                *batches += batch;
            }
            None => self.seconds.push((second, 1, batch)),
        }
    }

    /// Returns the time from which the oldest calls of the minute no longer count.
    fn next_permit_at(&self, kind: CallKind, now: Timestamp) -> Timestamp {
        let counts = |entry: &&(i64, u32, u32)| kind == CallKind::Single || entry.2 > 0;
        let seconds = self.seconds.iter().filter(counts).map(|(at, ..)| *at);
        let first = seconds.min().unwrap_or_else(|| now.as_second());
        let wait = first + COUNTED_SECONDS - now.as_second();
        after(now, SignedDuration::from_secs(wait.max(1)))
    }

    /// Returns the number of items that a batch may have now.
    pub fn batch_size(&self) -> usize {
        (MAX_ITEMS >> self.halved.min(HALVINGS)).max(1)
    }

    /// Adjusts the size of the next batch to the time that the answer took: larger after a quick answer, smaller after a slow one. `None`
    /// stands for a batch without an answer.
    pub fn record_batch(&mut self, answered_in: Option<SignedDuration>) {
        self.halved = if answered_in.is_some_and(|span| span <= SLOW) {
            self.halved.saturating_sub(1)
        } else {
            (self.halved + 1).min(HALVINGS)
        };
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(times: &u32) -> bool {
    *times == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_772_000_000_000 + millis).unwrap()
    }

    #[test]
    fn tenth_call_waits_until_second_passes() {
        let mut limiter = RateLimiter::default();
        for millis in 0..9 {
            assert_eq!(
                limiter.acquire(CallKind::Single, at(millis * 10)),
                Permit::Now
            );
        }
        let wait = SignedDuration::from_millis(900);
        assert_eq!(
            limiter.acquire(CallKind::Single, at(100)),
            Permit::Soon(wait)
        );
        assert_eq!(limiter.acquire(CallKind::Single, at(1000)), Permit::Now);
    }

    #[test]
    fn rate_limiter_respects_intuit_call_limits() {
        let mut limiter = RateLimiter::default();
        let mut made: Vec<(i64, CallKind)> = Vec::new();
        for millis in (0..400_000).step_by(37) {
            let kind = if millis % 3 == 0 {
                CallKind::Batch
            } else {
                CallKind::Single
            };
            if limiter.acquire(kind, at(millis)) == Permit::Now {
                made.push((millis, kind));
            }
        }
        let most = |span: i64, counts: fn(&(i64, CallKind)) -> bool| {
            let within = |from: i64| {
                let calls = made.iter().filter(|call| counts(call));
                calls
                    .filter(|(at, _)| (from..from + span).contains(at))
                    .count()
            };
            made.iter().map(|(at, _)| within(*at)).max().unwrap()
        };
        assert!((430..=450).contains(&most(60_000, |_| true)));
        assert_eq!(most(60_000, |(_, kind)| *kind == CallKind::Batch), 36);
        assert_eq!(most(1000, |_| true), 9);
    }

    #[test]
    fn exhausted_batch_minute_returns_retry_time() {
        let mut limiter = RateLimiter::default();
        for n in 0..36 {
            assert_eq!(limiter.acquire(CallKind::Batch, at(n * 200)), Permit::Now);
        }
        assert_eq!(
            limiter.acquire(CallKind::Batch, at(10_000)),
            Permit::Later(at(61_000))
        );
        assert_eq!(
            limiter.acquire(CallKind::Single, at(10_000)),
            Permit::Now,
            "no batch"
        );
        assert_eq!(limiter.acquire(CallKind::Batch, at(61_000)), Permit::Now);
    }

    #[test]
    fn batch_size_adapts_to_answer_time() {
        let (quick, slow) = (SignedDuration::from_secs(2), SignedDuration::from_secs(7));
        let mut limiter = RateLimiter::default();
        let mut sizes = Vec::new();
        let (quick, slow) = (Some(quick), Some(slow));
        for answered_in in [
            quick, None, slow, None, None, None, quick, quick, quick, quick,
        ] {
            limiter.record_batch(answered_in);
            sizes.push(limiter.batch_size());
        }
        assert_eq!(sizes, [30, 15, 7, 3, 1, 1, 3, 7, 15, 30]);
    }

    #[test]
    fn idle_minute_clears_rate_limiter_state() {
        let mut limiter = RateLimiter::default();
        limiter.acquire(CallKind::Batch, at(0));
        assert!(serde_json::to_string(&limiter).unwrap().len() < 80);
        limiter.acquire(CallKind::Single, at(70_000));
        assert_eq!(limiter.seconds.len(), 1);
    }
}
