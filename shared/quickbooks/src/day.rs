//! Dates on the wire, `YYYY-MM-DD`, for `#[serde(with)]`.
//!
//! jiff's parser is not used, because it adds time zones and some 190 KB of messages to a component.

use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes a date, or `null`.
pub(crate) fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    day.serialize(to)
}

/// Reads a date. `null` and an empty text are no date.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    match Option::<String>::deserialize(from)?.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => read(text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("not a date")),
    }
}

/// Parses a date. `None` for any other text.
fn read(text: &str) -> Option<Date> {
    let digits = |byte: u8| byte.is_ascii_digit();
    let mut parts = text.split('-');
    let mut part = |length: usize| {
        let part = parts.next()?;
        (part.len() == length && part.bytes().all(digits)).then_some(part)
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Books {
        #[serde(default, with = "super", skip_serializing_if = "Option::is_none")]
        closed: Option<Date>,
    }

    fn books(json: &str) -> Option<Option<Date>> {
        serde_json::from_str(json)
            .ok()
            .map(|books: Books| books.closed)
    }

    #[test]
    fn date_survives_a_round_trip() {
        for json in [
            r#"{"closed":"2024-02-29"}"#,
            r#"{"closed":"0001-01-01"}"#,
            "{}",
        ] {
            let books: Books = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&books).unwrap(), json);
        }
    }

    #[test]
    fn missing_null_or_empty_date_is_none() {
        for json in ["{}", r#"{"closed":null}"#, r#"{"closed":""}"#] {
            assert_eq!(books(json), Some(None), "{json}");
        }
    }

    #[test]
    fn malformed_date_is_refused() {
        for text in [
            "2025-02-29",
            "2025-13-01",
            "2025-1-1",
            "20250101",
            "2025-01-01T00:00:00Z",
            "2025-01-01-",
            "+025-01-01",
            "２025-01-01",
        ] {
            assert_eq!(books(&format!(r#"{{"closed":"{text}"}}"#)), None, "{text}");
        }
        assert_eq!(books(r#"{"closed":20250101}"#), None);
    }
}
