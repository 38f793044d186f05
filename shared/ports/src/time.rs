//! Arithmetic with times.

use jiff::{SignedDuration, Timestamp};

/// Returns the time `wait` after `time`, at most the end of the calendar.
///
/// The operator `+` panics with a message there. That message adds 100 KB of jiff's formatting to every component.
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
