//! The parts of a JSON text that an event can need.
//!
//! A delivery may hold ten thousand events with whole objects in them. Unknown members are therefore skipped while the text is read,
//! and text without escapes is not copied.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
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

/// A part of a JSON text.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// Text, or a number as it was written.
    Text(Cow<'a, str>),
    /// The known members of an object, in their order.
    Object(Vec<(&'static str, Self)>),
    /// An array.
    List(Vec<Self>),
    /// Any value that no reader asks for.
    Other,
}

impl Node<'_> {
    /// Returns the member of this name. Of several, the last counts.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let member = members.iter().rfind(|(known, _)| *known == name);
        member.map(|(_, value)| value)
    }

    /// Returns the array of this name.
    pub(super) fn list(&self, name: &str) -> Option<&[Self]> {
        match self.get(name)? {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the text or number of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

/// Builds a node from any JSON value.
struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Node<'de>, E> {
        Ok(Node::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Node<'de>, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node<'de>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Node<'de>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rest: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = rest.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rest: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = rest.next_key()? {
            match name {
                Some(name) => members.push((name, rest.next_value()?)),
                None => drop(rest.next_value::<IgnoredAny>()?),
            }
        }
        match members.pop() {
            Some((json::NUMBER, number)) => Ok(number),
            Some(last) => {
                members.push(last);
                Ok(Node::Object(members))
            }
            None => Ok(Node::Object(members)),
        }
    }
}

/// The name of a member, if it is known.
struct Name(Option<&'static str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName)
    }
}

/// Looks a name up among the known ones.
struct AnyName;

impl Visitor<'_> for AnyName {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(KNOWN.into_iter().find(|known| *known == name)))
    }
}
