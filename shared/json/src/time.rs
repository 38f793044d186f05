//! Reads days and instants, also for `#[serde(deserialize_with)]`. jiff's own serializer writes them.
//!
//! jiff's parser is not used: it takes many more forms than are ever sent, and adds 150 KB of messages to every component.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Deserializes a date from text of the form `YYYY-MM-DD` (RFC 3339 section 5.6, `full-date`).
///
/// # Errors
/// The deserializer's error if the value is no text of this form, or the calendar has no such day.
pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_day(&text).ok_or_else(|| D::Error::custom("must be a date as YYYY-MM-DD"))
}

/// Deserializes a date as [`day`] does, and `null` as `None`. Combine with `#[serde(default)]` for fields that may be absent.
///
/// # Errors
/// The errors of [`day`].
pub fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    #[derive(Deserialize)]
    struct Day(#[serde(deserialize_with = "day")] Date);
    Option::<Day>::deserialize(deserializer).map(|read| read.map(|Day(day)| day))
}

/// Deserializes an instant from text in the form of RFC 3339 section 5.6 (`date-time`), with any offset and up to nanoseconds.
///
/// # Errors
/// The deserializer's error if the value is no text of this form, or the instant lies outside jiff's calendar.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_instant(&text)
        .ok_or_else(|| D::Error::custom("must be a time such as 2026-03-31T21:14:05Z"))
}

/// Deserializes an instant as [`instant`] does, and `null` as `None`. Combine with `#[serde(default)]` for fields that may be absent.
///
/// # Errors
/// The errors of [`instant`].
pub fn optional_instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    struct Instant(#[serde(deserialize_with = "instant")] Timestamp);
    Option::<Instant>::deserialize(deserializer).map(|read| read.map(|Instant(instant)| instant))
}

/// Parses a date of the form `YYYY-MM-DD`. Returns `None` for any other text, and for a day that the calendar does not have.
pub fn parse_day(text: &str) -> Option<Date> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let small = |number: u32| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    rest.is_empty().then_some(date)
}

/// Parses an instant in the form of RFC 3339 section 5.6. Returns `None` for any other text.
///
/// A leap second counts as the second before it.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(10)?;
    let midnight = Offset::UTC
        .to_timestamp(parse_day(day)?.at(0, 0, 0, 0))
        .ok()?;
    let (hour, rest) = number(rest.strip_prefix(['T', 't'])?, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (nanosecond, rest) = fraction(rest)?;
    // RFC 3339 section 5.7: leap seconds are numbered 60. A `Timestamp` has no leap seconds.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second.min(59)) - offset_seconds(rest)?;
    let since = SignedDuration::new(seconds, i32::try_from(nanosecond).ok()?);
    midnight.checked_add(since).ok()
}

/// Parses the fraction of a second that `text` may begin with. Returns nanoseconds and the rest of the text.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(text) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = number(text, length)?;
    let scale = u32::try_from(9_usize.checked_sub(length)?).ok()?;
    Some((digits * 10_u32.pow(scale), rest))
}

/// Parses an offset from UTC: `Z`, or `+hh:mm` or `-hh:mm`. Returns seconds, positive to the east.
fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = number(rest, 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
    let is_valid = rest.is_empty() && hours < 24 && minutes < 60;
    is_valid.then_some(sign * i64::from(hours * 3600 + minutes * 60))
}

/// Parses a number of exactly `digits` digits, at least one. Returns the number and the rest of the text.
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((number.parse().ok().filter(|_| all_digits)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::read;
    use serde::Serialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        #[serde(deserialize_with = "day")]
        day: Date,
        #[serde(deserialize_with = "instant")]
        at: Timestamp,
        #[serde(default, deserialize_with = "optional_day")]
        until: Option<Date>,
        #[serde(default, deserialize_with = "optional_instant")]
        ended: Option<Timestamp>,
    }

    #[test]
    fn written_times_are_read_back() {
        let written = [
            json!({"day": "2026-03-31", "at": "2026-03-31T21:14:05Z", "until": null, "ended": null}),
            json!({"day": "0001-01-01", "at": "1969-12-31T23:59:59.999999999Z", "until": "2024-02-29", "ended": "9999-12-30T22:00:00Z"}),
        ];
        for written in written {
            let times: Times = read(&written).unwrap();
            assert_eq!(serde_json::to_value(times).unwrap(), written);
        }
        let short = json!({"day": "2026-03-31", "at": "2026-03-31T21:14:05Z"});
        assert_eq!(read::<Times>(&short).unwrap().ended, None);
    }

    #[test]
    fn instant_equals_the_one_jiff_parses() {
        for text in [
            "2026-03-31T21:14:05Z",
            "2026-03-31t21:14:05z",
            "2026-03-31T21:14:05.1Z",
            "2026-03-31T21:14:05.000000001Z",
            "2026-03-31T14:14:05-07:00",
            "2026-04-01T02:44:05.25+05:30",
            "2026-01-01T00:00:00+00:00",
            "2016-12-31T23:59:60Z",
            "1969-12-31T16:00:00.5-08:00",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_instant(text), text.parse().ok(), "{text}");
            assert!(parse_instant(text).is_some(), "{text}");
        }
    }

    #[test]
    fn malformed_instant_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-03-31",
            "2026-03-31T21:14Z",
            "2026-03-31T21:14:05",
            "2026-03-31 21:14:05Z",
            "2026-03-31T24:00:00Z",
            "2026-03-31T21:60:05Z",
            "2026-03-31T21:14:61Z",
            "2026-02-30T21:14:05Z",
            "2026-03-31T21:14:05.Z",
            "2026-03-31T21:14:05.0000000001Z",
            "2026-03-31T21:14:05+24:00",
            "2026-03-31T21:14:05+0700",
            "2026-03-31T21:14:05Z[UTC]",
            "2026-03-31T21:14:05Z ",
            "9999-12-31T23:59:59-23:59",
            "2026-03-31T+1:14:05Z",
            "２026-03-31T21:14:05Z",
            "🙂🙂🙂",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn malformed_day_is_refused() {
        for text in [
            "",
            "2026-3-31",
            "20260331",
            "2026-02-29",
            "2026-03-31T",
            "31.03.2026",
            "2026-03-310",
            "-026-03-31",
            "2026-13-01",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn error_names_the_expected_form() {
        let wrong = json!({"day": "x", "at": "2026-03-31T21:14:05Z"});
        let problem = read::<Times>(&wrong).unwrap_err().to_string();
        assert_eq!(problem, "`day` must be a date as YYYY-MM-DD");
    }
}
