use jiff::SignedDuration;

/// The behaviour of webhook deliveries. By default every event is sent at once, in order and once. Chances are in per
/// cent: 0 is never, 100 always. The simulator's seed decides which events they hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryBehaviour {
    /// The least time between a change and its delivery.
    pub delay: SignedDuration,
    /// The longest additional time, drawn for each event. An event with a short one may overtake an earlier event.
    pub jitter: SignedDuration,
    /// The time for which a delivery waits for more events after its first one.
    pub batch_window: SignedDuration,
    /// The highest number of events in one delivery, of all companies together.
    pub max_events: usize,
    /// Chance that an event is sent twice, with the same id. The repetition follows within ten minutes.
    pub repeated_event: u8,
    /// Chance that a delivery is sent again after the answer 200. The repetition follows within a minute.
    pub repeated_delivery: u8,
    /// Chance that an event is held back for up to ten minutes while later events are sent.
    pub disorder: u8,
    /// Chance that an event is never sent.
    pub loss: u8,
    /// Chance that an event is spelled as another text of Intuit does: its time and `deletedId` in the classic format, a
    /// void in CloudEvents.
    pub odd_spelling: u8,
    /// Holds back every later delivery until the present one is accepted.
    pub head_of_line: bool,
    /// The times between the attempts of a delivery.
    pub retry_schedule: RetrySchedule,
    /// The number of attempts after which a delivery is dropped. With `None`, the retry schedule decides alone.
    pub max_attempts: Option<usize>,
}

/// The times between the attempts of a delivery that is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetrySchedule {
    /// Intuit's present schedule: 10, 20 and 30 seconds, 5 and 20 minutes, 2, 4 and 6 hours, then every 6 hours.
    Current,
    /// Intuit's former schedule: 20, 30 and 50 minutes after no answer, a 408 or a 5xx, then never.
    Former,
}

/// Seconds.
const CURRENT: [i64; 8] = [10, 20, 30, 300, 1200, 7200, 14_400, 21_600];
/// Seconds.
const FORMER: [i64; 3] = [1200, 1800, 3000];

impl Default for DeliveryBehaviour {
    fn default() -> Self {
        Self {
            delay: SignedDuration::ZERO,
            jitter: SignedDuration::ZERO,
            batch_window: SignedDuration::ZERO,
            max_events: 100,
            repeated_event: 0,
            repeated_delivery: 0,
            disorder: 0,
            loss: 0,
            odd_spelling: 0,
            head_of_line: true,
            retry_schedule: RetrySchedule::Current,
            max_attempts: None,
        }
    }
}

impl DeliveryBehaviour {
    /// Returns the behaviour that is reported of production: late, batched, out of order, at times repeated or lost.
    pub fn unreliable() -> Self {
        Self {
            delay: SignedDuration::from_secs(5),
            jitter: SignedDuration::from_mins(4),
            batch_window: SignedDuration::from_mins(1),
            repeated_event: 10,
            repeated_delivery: 10,
            disorder: 20,
            loss: 5,
            odd_spelling: 50,
            ..Self::default()
        }
    }

    /// Returns the time between a failure and the next attempt, or `None` if no attempt follows.
    pub(super) fn retry_delay(
        &self,
        failures: usize,
        status: Option<u16>,
    ) -> Option<SignedDuration> {
        if self.max_attempts.is_some_and(|max| failures >= max) {
            return None;
        }
        let step = failures.saturating_sub(1);
        let seconds = match self.retry_schedule {
            RetrySchedule::Current => CURRENT.get(step).or(CURRENT.last()),
            RetrySchedule::Former if status.is_some_and(|status| status != 408 && status < 500) => {
                None
            }
            RetrySchedule::Former => FORMER.get(step),
        };
        seconds.copied().map(SignedDuration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry_delays(behaviour: &DeliveryBehaviour, status: Option<u16>) -> Vec<i64> {
        (1..=10)
            .map_while(|failures| behaviour.retry_delay(failures, status))
            .map(|delay| delay.as_secs())
            .collect()
    }

    #[test]
    fn current_schedule_ends_at_every_six_hours() {
        let expected = [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600];
        assert_eq!(
            retry_delays(&DeliveryBehaviour::default(), Some(400)),
            expected
        );
    }

    #[test]
    fn former_schedule_ends_and_never_retries_refusals() {
        let behaviour = DeliveryBehaviour {
            retry_schedule: RetrySchedule::Former,
            ..DeliveryBehaviour::default()
        };
        assert_eq!(retry_delays(&behaviour, None), [1200, 1800, 3000]);
        assert_eq!(retry_delays(&behaviour, Some(503)), [1200, 1800, 3000]);
        assert_eq!(retry_delays(&behaviour, Some(403)), [0; 0]);
    }

    #[test]
    fn attempt_limit_ends_schedule() {
        let behaviour = DeliveryBehaviour {
            max_attempts: Some(3),
            ..DeliveryBehaviour::default()
        };
        assert_eq!(retry_delays(&behaviour, None), [10, 20]);
    }
}
