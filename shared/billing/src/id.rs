//! Ids of RIVET.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

const MAX_LENGTH: usize = 64;

/// An id that RIVET assigned: 1–64 characters of `A–Z a–z 0–9 _ -`. Case counts.
///
/// An id needs no escaping in store keys, URLs and messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[A-Za-z0-9_-]{1,64}$")))]
pub struct Id(String);

/// The id of a firm. The firm is the tenant, and every record is keyed by it.
///
/// The form is that of [`Id`]. The separate type keeps a firm's id from being used as another id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct FirmId(Id);

/// The text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 64 characters of A-Z a-z 0-9 _ -")]
pub struct InvalidId;

impl TryFrom<String> for Id {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
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
    fn id_of_allowed_characters_is_accepted() {
        for text in ["a", "pa_1042-1", "Z9", &"x".repeat(64)] {
            assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn id_of_other_characters_is_refused() {
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
    fn id_from_json_is_checked() {
        assert!(serde_json::from_str::<FirmId>(r#""firm_harbor""#).is_ok());
        assert!(serde_json::from_str::<FirmId>(r#""firm/harbor""#).is_err());
        assert!(serde_json::from_str::<Id>("5").is_err());
    }

    #[test]
    fn id_is_written_as_plain_text() {
        let firm: FirmId = "firm_harbor".parse().unwrap();
        assert_eq!(serde_json::to_string(&firm).unwrap(), r#""firm_harbor""#);
    }
}
