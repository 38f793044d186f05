//! As much of a JSON text as a delivery can mean. Events may carry whole objects of the books, and there may be ten thousand of them:
//! what nobody here asks for is skipped while it is read, and text without escapes stays where it is.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The members that are asked for.
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
    /// An object's members that are known, in their order.
    Object(Vec<(&'static str, Self)>),
    /// An array.
    List(Vec<Self>),
    /// Nothing to ask for.
    Other,
}

impl Node<'_> {
    /// The member of this name; the last, if there are several.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let member = members.iter().rfind(|(known, _)| *known == name);
        member.map(|(_, value)| value)
    }

    /// The array of this name.
    pub(super) fn list(&self, name: &str) -> Option<&[Self]> {
        match self.get(name)? {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text or number of this name.
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
