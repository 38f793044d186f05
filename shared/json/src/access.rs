//! The parts of arrays, objects and enums.

use crate::Error;
use crate::reader::Reader;
use serde::Deserializer;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Value, map};
use std::iter::Enumerate;
use std::slice;

pub struct Elements<'de>(Enumerate<slice::Iter<'de, Value>>);

impl<'de> Elements<'de> {
    /// Visits all of them: what a visitor leaves over is too much.
    pub fn visit<V: Visitor<'de>>(items: &'de [Value], visitor: V) -> Result<V::Value, Error> {
        let mut elements = Self(items.iter().enumerate());
        let visited = visitor.visit_seq(&mut elements)?;
        match elements.0.next() {
            None => Ok(visited),
            Some(_) => Err(Error::custom("has too many elements")),
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some((index, item)) = self.0.next() else {
            return Ok(None);
        };
        let element = seed
            .deserialize(Reader(item))
            .map_err(|error| error.at(index))?;
        Ok(Some(element))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

pub struct Members<'de> {
    rest: map::Iter<'de>,
    current: Option<(&'de str, &'de Value)>,
}

impl<'de> Members<'de> {
    pub fn of(object: &'de Map<String, Value>) -> Self {
        Self {
            rest: object.iter(),
            current: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.current = self.rest.next().map(|(name, value)| (name.as_str(), value));
        let Some((name, _)) = self.current else {
            return Ok(None);
        };
        let key = seed.deserialize(BorrowedStrDeserializer::new(name));
        key.map(Some).map_err(|error: Error| error.under(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (name, value) = self.current.unwrap_or(("", &Value::Null));
        seed.deserialize(Reader(value))
            .map_err(|error| error.under(name))
    }
}

/// One alternative of an enum: its name alone, or an object with the name as the only member.
pub struct Alternative<'de> {
    name: &'de str,
    content: Option<&'de Value>,
}

impl<'de> Alternative<'de> {
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

    fn content(&self) -> Result<&'de Value, Error> {
        self.content
            .ok_or_else(|| Error::custom("says nothing but its name").under(self.name))
    }
}

impl<'de> EnumAccess<'de> for Alternative<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = seed.deserialize(BorrowedStrDeserializer::new(self.name))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Alternative<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(other) => Err(Error::mismatch(other, &"null")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        let read = seed.deserialize(Reader(self.content()?));
        read.map_err(|error| error.under(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        let read = Reader(self.content()?).deserialize_seq(visitor);
        read.map_err(|error| error.under(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let read = Reader(self.content()?).deserialize_map(visitor);
        read.map_err(|error| error.under(self.name))
    }
}
