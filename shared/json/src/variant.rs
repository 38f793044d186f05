//! Variants of enums as they stand in JSON.

use crate::error::Error;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error as _};
use serde_json::Value;

/// A variant of an enum: its name alone, or an object with the name as the only member.
pub struct Variant<'de> {
    /// The name of the variant.
    pub name: &'de str,
    /// The content, `None` if the variant is its name alone.
    pub content: Option<&'de Value>,
}

impl<'de> Variant<'de> {
    /// Reads a variant.
    ///
    /// # Errors
    /// The value is neither a text nor an object with exactly one member.
    pub fn of(value: &'de Value) -> Result<Self, Error> {
        if let Value::String(name) = value {
            return Ok(Self {
                name,
                content: None,
            });
        }
        let mut members = value.as_object().into_iter().flatten();
        match (members.next(), members.next()) {
            (Some((name, content)), None) => Ok(Self {
                name,
                content: Some(content),
            }),
            _ => Err(Error::mismatch(value, &"text or an object with one member")),
        }
    }

    /// Returns the content of a variant that must have some.
    pub fn content(&self) -> Result<&'de Value, Error> {
        self.content
            .ok_or_else(|| Error::custom("has no content").under(self.name))
    }
}

/// Gives serde the name; the reader gives it the content.
impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = seed.deserialize(BorrowedStrDeserializer::new(self.name))?;
        Ok((name, self))
    }
}
