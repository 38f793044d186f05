//! Times as QuickBooks writes them: with the offset of its data centre, not in UTC.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone, offset};
use jiff::{Timestamp, Zoned};

const HOME: Offset = offset(-7);

/// `2026-03-31T14:14:09-07:00`, as in `MetaData`.
pub(crate) fn stamp(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `2026-03-31T14:14:09.120-07:00`, as in the envelope.
pub(crate) fn precise(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// `2026-03-31T14:14:09-0700`, as in webhooks of the classic format.
pub(crate) fn without_colon(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%z").to_string()
}

/// The server's date, which a transaction without a date gets.
pub(crate) fn day(at: Timestamp) -> Date {
    local(at).date()
}

/// Any RFC 3339 time; a bare date is its first instant.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| midnight(text.parse().ok()?))
}

fn midnight(date: Date) -> Option<Timestamp> {
    let zoned = date.to_zoned(TimeZone::fixed(HOME)).ok()?;
    Some(zoned.timestamp())
}

fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::fixed(HOME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_carry_the_offset() {
        let late = at("2026-04-01T03:14:09.12Z");
        assert_eq!(stamp(late), "2026-03-31T20:14:09-07:00");
        assert_eq!(precise(late), "2026-03-31T20:14:09.120-07:00");
        assert_eq!(without_colon(late), "2026-03-31T20:14:09-0700");
    }

    #[test]
    fn the_servers_day_is_not_the_utc_day() {
        assert_eq!(
            day(at("2026-04-01T03:14:09Z")),
            "2026-03-31".parse().unwrap()
        );
    }

    #[test]
    fn times_and_bare_dates_are_read() {
        let expected = Some(at("2026-03-31T07:00:00Z"));
        assert_eq!(parse("2026-03-31T00:00:00-07:00"), expected);
        assert_eq!(parse("2026-03-31T07:00:00Z"), expected);
        assert_eq!(parse("2026-03-31"), expected);
        assert_eq!(parse("yesterday"), None);
    }
}
