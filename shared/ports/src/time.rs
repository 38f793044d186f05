//! Reckoning with times.

use jiff::{SignedDuration, Timestamp};

/// So long after `time`, at most the end of the calendar.
///
/// Not `+`, which panics with a message there: with that message come 100 KB of jiff's formatting into every component.
pub fn after(time: Timestamp, wait: SignedDuration) -> Timestamp {
    time.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_addition_saturates_at_calendar_end() {
        let minute = SignedDuration::from_mins(1);
        assert_eq!(
            after(Timestamp::UNIX_EPOCH, minute),
            Timestamp::UNIX_EPOCH + minute
        );
        assert_eq!(after(Timestamp::MAX, minute), Timestamp::MAX);
        assert_eq!(
            after(Timestamp::UNIX_EPOCH, SignedDuration::MAX),
            Timestamp::MAX
        );
    }
}
