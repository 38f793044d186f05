//! Times in the form that QuickBooks writes: with the offset of its data centre, not in UTC.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone, offset};
use jiff::{Timestamp, Zoned};

const DATA_CENTRE: Offset = offset(-7);

/// Formats a time for `MetaData`, such as `2026-03-31T14:14:09-07:00`.
pub(crate) fn format_seconds(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Formats a time for the envelope of an answer, such as `2026-03-31T14:14:09.120-07:00`.
pub(crate) fn format_milliseconds(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// Formats a time for webhooks of the classic format, such as `2026-03-31T14:14:09-0700`.
pub(crate) fn format_without_colon(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%z").to_string()
}

/// Returns the date at the data centre. A transaction without a date gets this date.
pub(crate) fn server_date(at: Timestamp) -> Date {
    local(at).date()
}

/// Parses an RFC 3339 time. A date without a time is its first instant at the data centre.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| midnight(text.parse().ok()?))
}

fn midnight(date: Date) -> Option<Timestamp> {
    let zoned = date.to_zoned(TimeZone::fixed(DATA_CENTRE)).ok()?;
    Some(zoned.timestamp())
}

fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(DATA_CENTRE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn formatted_times_carry_the_offset() {
        let late = at("2026-04-01T03:14:09.12Z");
        assert_eq!(format_seconds(late), "2026-03-31T20:14:09-07:00");
        assert_eq!(format_milliseconds(late), "2026-03-31T20:14:09.120-07:00");
        assert_eq!(format_without_colon(late), "2026-03-31T20:14:09-0700");
    }

    #[test]
    fn server_date_differs_from_utc_date() {
        assert_eq!(
            server_date(at("2026-04-01T03:14:09Z")),
            "2026-03-31".parse().unwrap()
        );
    }

    #[test]
    fn times_and_dates_are_parsed() {
        let expected = Some(at("2026-03-31T07:00:00Z"));
        assert_eq!(parse("2026-03-31T00:00:00-07:00"), expected);
        assert_eq!(parse("2026-03-31T07:00:00Z"), expected);
        assert_eq!(parse("2026-03-31"), expected);
        assert_eq!(parse("yesterday"), None);
    }
}
