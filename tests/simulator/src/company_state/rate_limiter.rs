use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::{CallClass, Switches};

/// The admitted calls of the last minute, against which the limits of a company are measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct RateLimiter {
    requests: VecDeque<Timestamp>,
    batches: VecDeque<Timestamp>,
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

impl RateLimiter {
    /// Counts a request and returns `true` if it is within the limits. A refused request is not counted.
    pub(crate) fn admit(&mut self, now: Timestamp, class: CallClass, switches: &Switches) -> bool {
        remove_expired(&mut self.requests, now);
        remove_expired(&mut self.batches, now);
        let is_batch = matches!(class, CallClass::Batch { .. });
        let is_admitted = is_below(&self.requests, now, MINUTE, switches.requests_per_minute)
            && is_below(&self.requests, now, SECOND, switches.requests_per_second)
            && (!is_batch || is_below(&self.batches, now, MINUTE, switches.batches_per_minute));
        if is_admitted {
            self.requests.push_back(now);
            if is_batch {
                self.batches.push_back(now);
            }
        }
        is_admitted
    }
}

fn remove_expired(calls: &mut VecDeque<Timestamp>, now: Timestamp) {
    while calls
        .front()
        .is_some_and(|call| now.duration_since(*call) >= MINUTE)
    {
        calls.pop_front();
    }
}

/// Returns whether one more call in the window stays within the limit. `None` is no limit.
fn is_below(
    calls: &VecDeque<Timestamp>,
    now: Timestamp,
    window: SignedDuration,
    limit: Option<u32>,
) -> bool {
    let recent = calls
        .iter()
        .rev()
        .take_while(|call| now.duration_since(**call) < window);
    limit.is_none_or(|limit| recent.count() < limit as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: CallClass = CallClass::Batch {
        writes: 1,
        reads: 0,
    };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn small_limits() -> Switches {
        Switches {
            requests_per_minute: Some(5),
            requests_per_second: Some(3),
            batches_per_minute: Some(2),
            ..Switches::default()
        }
    }

    /// The fourth request in a second and the sixth in a minute are refused.
    #[test]
    fn requests_over_a_limit_are_refused() {
        let mut limiter = RateLimiter::default();
        let admitted: Vec<bool> = [0, 10, 20, 30, 1500, 1600, 1700, 59_999, 60_000]
            .map(|millis| limiter.admit(at(millis), CallClass::Read, &small_limits()))
            .to_vec();
        assert_eq!(
            admitted,
            [true, true, true, false, true, true, false, false, true]
        );
    }

    #[test]
    fn batches_have_their_own_limit() {
        let mut limiter = RateLimiter::default();
        assert!(limiter.admit(at(0), BATCH, &small_limits()));
        assert!(limiter.admit(at(1), BATCH, &small_limits()));
        assert!(!limiter.admit(at(2), BATCH, &small_limits()));
        assert!(limiter.admit(at(3), CallClass::Read, &small_limits()));
    }

    #[test]
    fn disabled_limits_admit_every_request() {
        let unlimited = Switches {
            requests_per_minute: None,
            batches_per_minute: None,
            ..Switches::default()
        };
        let mut limiter = RateLimiter::default();
        assert!((0..2000).all(|_| limiter.admit(at(0), CallClass::Read, &unlimited)));
    }
}
