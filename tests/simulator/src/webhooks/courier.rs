use jiff::SignedDuration;

/// How events travel. As it is at first, every event is sent at once, in order and once. Chances are in per cent: 0 is
/// never, 100 always; the simulator's seed decides which events they hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Courier {
    /// The least time between a change and its delivery.
    pub delay: SignedDuration,
    /// How much longer it may take, drawn for each event; what was drawn shorter arrives before what happened earlier.
    pub spread: SignedDuration,
    /// How long a delivery waits for more events after its first one.
    pub gather: SignedDuration,
    /// The most events in one delivery, of however many companies.
    pub most_events: usize,
    /// Chance that an event is sent twice, with the same id; the second comes up to ten minutes later.
    pub repeated_event: u8,
    /// Chance that a whole delivery is sent again although it was answered with 200; up to a minute later.
    pub repeated_delivery: u8,
    /// Chance that an event is held back for up to ten minutes while later ones go.
    pub disorder: u8,
    /// Chance that an event is never sent.
    pub loss: u8,
    /// Chance that an event of the classic format spells its time, and a merge its `deletedId`, as other texts have it.
    pub odd_spelling: u8,
    /// Whether a delivery that is not accepted yet holds back everything behind it.
    pub head_of_line: bool,
    pub ladder: Ladder,
    /// After how many attempts a delivery is dropped. `None`: when the ladder ends, if it does.
    pub most_attempts: Option<usize>,
}

/// When a delivery that was not accepted is attempted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ladder {
    /// After 10, 20 and 30 seconds, 5 and 20 minutes, 2, 4 and 6 hours, and then every 6 hours without end.
    Current,
    /// After 20, 30 and 50 minutes if there was no answer, a 408 or a 5xx, then never.
    Former,
}

const CURRENT: [i64; 8] = [10, 20, 30, 300, 1200, 7200, 14_400, 21_600];
const FORMER: [i64; 3] = [1200, 1800, 3000];

impl Default for Courier {
    fn default() -> Self {
        Self {
            delay: SignedDuration::ZERO,
            spread: SignedDuration::ZERO,
            gather: SignedDuration::ZERO,
            most_events: 100,
            repeated_event: 0,
            repeated_delivery: 0,
            disorder: 0,
            loss: 0,
            odd_spelling: 0,
            head_of_line: true,
            ladder: Ladder::Current,
            most_attempts: None,
        }
    }
}

impl Courier {
    /// What is said of production: minutes late, gathered, out of order, now and then twice or never.
    pub fn rough() -> Self {
        Self {
            delay: SignedDuration::from_secs(5),
            spread: SignedDuration::from_mins(4),
            gather: SignedDuration::from_mins(1),
            repeated_event: 10,
            repeated_delivery: 10,
            disorder: 20,
            loss: 5,
            odd_spelling: 50,
            ..Self::default()
        }
    }

    /// How long after the given failure the next attempt is; `None` is never.
    pub(super) fn pause(&self, failures: usize, status: Option<u16>) -> Option<SignedDuration> {
        if self.most_attempts.is_some_and(|most| failures >= most) {
            return None;
        }
        let step = failures.saturating_sub(1);
        let seconds = match self.ladder {
            Ladder::Current => CURRENT.get(step).or(CURRENT.last()),
            Ladder::Former if status.is_some_and(|status| status != 408 && status < 500) => None,
            Ladder::Former => FORMER.get(step),
        };
        seconds.copied().map(SignedDuration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(courier: &Courier, status: Option<u16>) -> Vec<i64> {
        (1..=10)
            .map_while(|failures| courier.pause(failures, status))
            .map(|pause| pause.as_secs())
            .collect()
    }

    #[test]
    fn the_ladder_goes_from_seconds_to_every_six_hours() {
        let expected = [10, 20, 30, 300, 1200, 7200, 14_400, 21_600, 21_600, 21_600];
        assert_eq!(pauses(&Courier::default(), Some(400)), expected);
    }

    #[test]
    fn the_former_ladder_ends_and_knows_no_retry_of_a_refusal() {
        let courier = Courier {
            ladder: Ladder::Former,
            ..Courier::default()
        };
        assert_eq!(pauses(&courier, None), [1200, 1800, 3000]);
        assert_eq!(pauses(&courier, Some(503)), [1200, 1800, 3000]);
        assert_eq!(pauses(&courier, Some(403)), [0; 0]);
    }

    #[test]
    fn attempts_can_be_limited() {
        let courier = Courier {
            most_attempts: Some(3),
            ..Courier::default()
        };
        assert_eq!(pauses(&courier, None), [10, 20]);
    }
}
