//! Texts that people typed. They are trimmed; what is left keeps its quotes, colons and emoji.
//!
//! Control characters inside are refused: nobody types them, and they break logs, CSV files and QuickBooks' own names.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// One line that must say something.
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

/// One line that may be empty.
pub fn label<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    clean(&String::deserialize(deserializer)?, MAX, |c| c.is_control())
}

/// Several lines that may be empty.
pub fn prose<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<String, D::Error> {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    clean(&String::deserialize(deserializer)?, MAX, forbidden)
}

/// One line that may be missing; an empty one counts as missing.
pub fn optional<'de, D: Deserializer<'de>, const MAX: usize>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let text: String = clean(&text, MAX, |c| c.is_control())?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// An ISO 4217 code, in capitals.
pub fn currency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    let sound = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if sound {
        Ok(code)
    } else {
        Err(D::Error::custom(
            "must be a currency code of three capital letters",
        ))
    }
}

fn clean<E: Error>(text: &str, max: usize, forbidden: fn(char) -> bool) -> Result<String, E> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if text.contains(forbidden) {
        return Err(E::custom("must not contain control characters"));
    }
    if text.chars().nth(max).is_some() {
        return Err(E::custom(format_args!(
            "must have at most {max} characters"
        )));
    }
    Ok(text.to_owned())
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
    fn control_characters_are_trimmed_at_the_ends_and_refused_inside() {
        assert_eq!(
            name::<_, 100>(json!("\u{0}\t Harbor \u{7f}\r\n")).unwrap(),
            "Harbor"
        );
        assert!(name::<_, 100>(json!("Har\u{0}bor")).is_err());
        assert!(label::<_, 100>(json!("Har\nbor")).is_err());
    }

    #[test]
    fn prose_may_have_lines_but_no_other_controls() {
        assert_eq!(
            prose::<_, 100>(json!("one\r\n\ttwo")).unwrap(),
            "one\r\n\ttwo"
        );
        assert!(prose::<_, 100>(json!("one\u{1b}[31m")).is_err());
    }

    #[test]
    fn a_name_of_only_blanks_is_empty() {
        assert_eq!(
            name::<_, 5>(json!(" \u{a0} ")).unwrap_err().to_string(),
            "must not be empty"
        );
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert!(name::<_, 3>(json!("äöü")).is_ok());
        assert_eq!(
            name::<_, 2>(json!("äöü")).unwrap_err().to_string(),
            "must have at most 2 characters"
        );
    }

    #[test]
    fn an_empty_optional_text_counts_as_missing() {
        assert_eq!(optional::<_, 9>(json!("  ")).unwrap(), None);
        assert_eq!(optional::<_, 9>(Value::Null).unwrap(), None);
        assert_eq!(
            optional::<_, 9>(json!(" a ")).unwrap().as_deref(),
            Some("a")
        );
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(currency(json!("USD")).unwrap(), "USD");
        for wrong in ["usd", "US", "USDX", "U$D", "ÜS", ""] {
            assert!(currency(json!(wrong)).is_err(), "{wrong}");
        }
    }
}
