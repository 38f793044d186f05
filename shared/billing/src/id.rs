//! Opaque ids.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

const MAX_LENGTH: usize = 64;

/// An id that RIVET gave out: 1–64 characters of `A–Z a–z 0–9 _ -`, compared as it stands.
///
/// The alphabet makes it safe inside store keys, URLs and messages without escaping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// The id of a firm, the tenant that everything is keyed by. Same form as [`Id`], kept apart so that the two cannot be mixed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FirmId(Id);

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 64 characters of A-Z a-z 0-9 _ -")]
pub struct InvalidId;

impl TryFrom<String> for Id {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let sound = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed);
        if sound {
            Ok(Self(text))
        } else {
            Err(InvalidId)
        }
    }
}

impl FromStr for Id {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.to_owned().try_into()
    }
}

impl FromStr for FirmId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse().map(Self)
    }
}

impl TryFrom<String> for FirmId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.try_into().map(Self)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.0
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for FirmId {
    fn as_ref(&self) -> &str {
        self.0.as_ref()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FirmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_underscore_and_hyphen_make_an_id() {
        for text in ["a", "pa_1042-1", "Z9", &"x".repeat(64)] {
            assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            " a",
            "a b",
            "a:b",
            "a/b",
            "ä",
            "🙂",
            "a\n",
            "a.b",
            &"x".repeat(65),
        ] {
            assert_eq!(text.parse::<Id>(), Err(InvalidId), "{text:?}");
        }
    }

    #[test]
    fn an_id_is_checked_when_it_is_read_from_json() {
        assert!(serde_json::from_str::<FirmId>(r#""firm_harbor""#).is_ok());
        assert!(serde_json::from_str::<FirmId>(r#""firm/harbor""#).is_err());
        assert!(serde_json::from_str::<Id>("5").is_err());
    }

    #[test]
    fn an_id_is_written_as_plain_text() {
        let firm: FirmId = "firm_harbor".parse().unwrap();
        assert_eq!(serde_json::to_string(&firm).unwrap(), r#""firm_harbor""#);
    }
}
