use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::Switches;

/// The calls of the last minute, which the limits of a company are measured by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    requests: VecDeque<Timestamp>,
    batches: VecDeque<Timestamp>,
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

impl Limits {
    /// Counts a request if it is within the limits; a refused one costs nothing.
    pub(crate) fn admit(&mut self, now: Timestamp, batch: bool, switches: &Switches) -> bool {
        forget(&mut self.requests, now);
        forget(&mut self.batches, now);
        let fits = below(&self.requests, now, MINUTE, switches.requests_per_minute)
            && below(&self.requests, now, SECOND, switches.requests_per_second)
            && (!batch || below(&self.batches, now, MINUTE, switches.batches_per_minute));
        if fits {
            self.requests.push_back(now);
            if batch {
                self.batches.push_back(now);
            }
        }
        fits
    }
}

fn forget(calls: &mut VecDeque<Timestamp>, now: Timestamp) {
    while calls
        .front()
        .is_some_and(|call| now.duration_since(*call) >= MINUTE)
    {
        calls.pop_front();
    }
}

fn below(
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

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn small() -> Switches {
        Switches {
            requests_per_minute: Some(5),
            requests_per_second: Some(3),
            batches_per_minute: Some(2),
            ..Switches::default()
        }
    }

    #[test]
    fn the_fourth_in_a_second_and_the_sixth_in_a_minute_are_refused() {
        let mut limits = Limits::default();
        let admitted: Vec<bool> = [0, 10, 20, 30, 1500, 1600, 1700, 59_999, 60_000]
            .map(|millis| limits.admit(at(millis), false, &small()))
            .to_vec();
        assert_eq!(
            admitted,
            [true, true, true, false, true, true, false, false, true]
        );
    }

    #[test]
    fn batches_have_a_limit_of_their_own() {
        let mut limits = Limits::default();
        assert!(limits.admit(at(0), true, &small()));
        assert!(limits.admit(at(1), true, &small()));
        assert!(!limits.admit(at(2), true, &small()));
        assert!(limits.admit(at(3), false, &small()));
    }

    #[test]
    fn without_limits_everything_passes() {
        let free = Switches {
            requests_per_minute: None,
            batches_per_minute: None,
            ..Switches::default()
        };
        let mut limits = Limits::default();
        assert!((0..2000).all(|_| limits.admit(at(0), true, &free)));
    }
}
