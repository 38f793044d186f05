//! QuickBooks ids in the settings document.

use std::collections::BTreeMap;

use billing::Id;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Longest accepted QuickBooks id in bytes. Ids of QuickBooks have at most 19 digits; the limit keeps other text out of request bodies.
const MAX_ID_LENGTH: usize = 64;

/// Reads a QuickBooks id, or `None` from `null`.
pub(super) fn optional_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Option::<QuickBooksId>::deserialize(deserializer).map(|id| id.map(|id| id.0))
}

/// Reads QuickBooks ids by RIVET ids.
pub(super) fn id_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let mut ids = BTreeMap::new();
    for (key, QuickBooksId(id)) in BTreeMap::<String, QuickBooksId>::deserialize(deserializer)? {
        if key.parse::<Id>().is_err() {
            return Err(D::Error::custom(format_args!(
                "has a key that is not an id: {key:?}"
            )));
        }
        ids.insert(key, id);
    }
    Ok(ids)
}

/// A QuickBooks id. It is text, although it looks like a number.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct QuickBooksId(String);

impl TryFrom<String> for QuickBooksId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_valid = (1..=MAX_ID_LENGTH).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_valid {
            Ok(Self(text))
        } else {
            Err("must be a QuickBooks id")
        }
    }
}
