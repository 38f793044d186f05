//! Dates and counts in JSON, for `#[serde(deserialize_with)]`.

use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// The years of any contract. QuickBooks accepts all of them.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Ten years. Longer terms are typing errors. The sum of a date and the terms stays within the calendar.
const MAX_TERMS_DAYS: u32 = 3650;

/// Reads a date as `YYYY-MM-DD` from 1970 to 2199.
///
/// # Errors
/// If the value is anything else.
pub fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    parse(&String::deserialize(deserializer)?)
}

/// Reads a date as [`date`] does, or `None` from `null`.
///
/// # Errors
/// If the value is anything else.
pub fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .as_deref()
        .map(parse)
        .transpose()
}

/// Reads payment terms in days, at most 3650, or `None` from `null`.
pub(crate) fn terms_days<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(days) if days > MAX_TERMS_DAYS => Err(D::Error::custom("must be at most 3650 days")),
        days => Ok(days),
    }
}

/// Reads a count that starts at 1.
pub(crate) fn ordinal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(D::Error::custom("must be 1 or more")),
        count => Ok(count),
    }
}

fn parse<E: Error>(text: &str) -> Result<Date, E> {
    json::parse_day(text)
        .filter(|date| YEARS.contains(&date.year()))
        .ok_or_else(|| E::custom("must be a date as YYYY-MM-DD"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn plain_date_is_read() {
        assert_eq!(
            date(json!("2026-03-31")).unwrap(),
            jiff::civil::date(2026, 3, 31)
        );
        assert_eq!(optional_date(Value::Null).unwrap(), None);
    }

    #[test]
    fn other_date_formats_are_refused() {
        for text in [
            "2026-3-31",
            "20260331",
            "2026-02-29",
            "2026-03-31T00:00:00Z",
            "31.03.2026",
            "",
            "2026-W01-1",
            "1969-12-31",
            "2200-01-01",
            "-002026-03-31",
        ] {
            let problem = date(json!(text)).unwrap_err().to_string();
            assert_eq!(problem, "must be a date as YYYY-MM-DD", "{text}");
        }
    }

    #[test]
    fn counts_start_at_one() {
        assert_eq!(ordinal(json!(1)).unwrap(), 1);
        for wrong in [
            json!(0),
            json!(-1),
            json!(1.5),
            json!("1"),
            json!(4_294_967_296_u64),
        ] {
            assert!(ordinal(wrong).is_err());
        }
    }

    #[test]
    fn terms_over_ten_years_are_refused() {
        assert_eq!(terms_days(json!(45)).unwrap(), Some(45));
        assert_eq!(terms_days(Value::Null).unwrap(), None);
        assert!(terms_days(json!(3651)).is_err());
    }
}
