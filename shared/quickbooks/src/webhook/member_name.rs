//! The names of the members that are read.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// The names of the members that are read.
const KNOWN: [&str; 18] = [
    json::NUMBER,
    "eventNotifications",
    "realmId",
    "dataChangeEvent",
    "entities",
    "name",
    "id",
    "operation",
    "lastUpdated",
    "specversion",
    "type",
    "time",
    "intuitentityid",
    "intuitaccountid",
    "data",
    "deletedId",
    "deletedID",
    "deletedid",
];

/// The name of a member, if it is known.
pub(super) struct MemberName(pub(super) Option<&'static str>);

impl<'de> Deserialize<'de> for MemberName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName)
    }
}

/// Looks a name up among the known ones.
struct AnyName;

impl Visitor<'_> for AnyName {
    type Value = MemberName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<MemberName, E> {
        Ok(MemberName(KNOWN.into_iter().find(|known| *known == name)))
    }
}
