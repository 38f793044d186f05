//! Texts that people typed, for `#[serde(deserialize_with)]`. `MAX` is the most characters that a text may have.
//!
//! People paste texts from other programs. Each run of white space (spaces of every kind, tabs, ends of lines) becomes one space, and none
//! is left at the ends. Characters that nobody sees are removed. Quotes, dashes, colons and emoji stay. Other control characters inside a
//! text are refused: people do not type them, and they break logs, CSV files and names in QuickBooks.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Reads one line that must not be empty.
pub fn name<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    let text = label::<D, MAX>(deserializer)?;
    if text.is_empty() {
        Err(D::Error::custom("must not be empty"))
    } else {
        Ok(text)
    }
}

/// Reads one line that may be empty.
pub fn label<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    clean(&String::deserialize(deserializer)?, MAX)
}

/// Reads one line, or `None` from `null` and from an empty line.
pub fn optional<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let text: String = clean(&text, MAX)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Reads an ISO 4217 currency code in capital letters.
pub fn currency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(D::Error::custom(
            "must be a currency code of three capital letters",
        ))
    }
}

fn clean<E: Error>(text: &str, max: usize) -> Result<String, E> {
    let text = text.replace(is_invisible, "");
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.contains(char::is_control) {
        return Err(E::custom("must not contain control characters"));
    }
    if text.chars().nth(max).is_some() {
        return Err(E::custom(format_args!(
            "must have at most {max} characters"
        )));
    }
    Ok(text)
}

/// Returns whether a character has no width of its own: soft hyphens, zero-width spaces, directions of writing, byte order marks.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn quotes_colons_and_emoji_are_kept() {
        let text = "O'Neil \"&\" Söhne: Tower 🏗️ {x} %_ \\";
        assert_eq!(name::<_, 100>(json!(text)).unwrap(), text);
    }

    #[test]
    fn white_space_is_collapsed() {
        let collapsed = [
            ("  Turner\tBay \n Constructors", "Turner Bay Constructors"),
            ("Tab\tand\nline", "Tab and line"),
            ("Tower\tof\r\nPower", "Tower of Power"),
            ("A\u{a0}\u{2009}\u{3000}B\u{2028}C", "A B C"),
            ("A\u{200b}B\u{ad}C\u{feff}", "ABC"),
        ];
        for (typed, expected) in collapsed {
            assert_eq!(name::<_, 100>(json!(typed)).unwrap(), expected);
            assert_eq!(label::<_, 100>(json!(typed)).unwrap(), expected);
            assert_eq!(
                optional::<_, 100>(json!(typed)).unwrap().as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn inner_control_characters_are_refused_outer_trimmed() {
        assert_eq!(
            name::<_, 100>(json!("\u{0}\t Harbor \u{7f}\r\n")).unwrap(),
            "Harbor"
        );
        assert!(name::<_, 100>(json!("Har\u{0}bor")).is_err());
        assert!(label::<_, 100>(json!("one\u{1b}[31m")).is_err());
    }

    #[test]
    fn blank_name_is_refused() {
        assert_eq!(
            name::<_, 5>(json!(" \u{a0} ")).unwrap_err().to_string(),
            "must not be empty"
        );
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(name::<_, 3>(json!("äöü")).is_ok());
        assert_eq!(
            name::<_, 2>(json!("äöü")).unwrap_err().to_string(),
            "must have at most 2 characters"
        );
    }

    #[test]
    fn empty_optional_text_counts_as_missing() {
        assert_eq!(optional::<_, 9>(json!("  ")).unwrap(), None);
        assert_eq!(optional::<_, 9>(Value::Null).unwrap(), None);
        assert_eq!(
            optional::<_, 9>(json!(" a ")).unwrap().as_deref(),
            Some("a")
        );
    }

    #[test]
    fn currency_is_three_capital_letters() {
        assert_eq!(currency(json!("USD")).unwrap(), "USD");
        for wrong in ["usd", "US", "USDX", "U$D", "ÜS", ""] {
            assert!(currency(json!(wrong)).is_err(), "{wrong}");
        }
    }
}
