//! Reads a JSON text into its nodes.
//!
//! A delivery may hold ten thousand events with whole objects in them. Unknown members are therefore skipped while the text is read,
//! and text without escapes is not copied.

use super::member_name::MemberName;
use super::node::Node;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

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
        while let Some(MemberName(name)) = rest.next_key()? {
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
