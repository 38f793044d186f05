//! Numbers, which serde_json's feature `arbitrary_precision` keeps as the text that they were written in.

use crate::error::Error;
use serde::de::value::MapDeserializer;
use serde::de::{Error as _, Visitor};
use serde_json::{Number, Value};
use std::str::FromStr;

/// The member under which serde_json passes a number on as text: to a visitor, such a number is an object with this one member.
///
/// Types that hold a number exactly, such as decimals, ask for it.
pub const NUMBER: &str = "$serde_json::private::Number";

/// Passes a number on: a whole number that fits into 64 bits as itself, any other as text under [`NUMBER`].
pub fn visit<'de, V: Visitor<'de>>(number: &'de Number, visitor: V) -> Result<V::Value, Error> {
    if let Some(whole) = number.as_u64() {
        return visitor.visit_u64(whole);
    }
    if let Some(whole) = number.as_i64() {
        return visitor.visit_i64(whole);
    }
    let text = std::iter::once((NUMBER, number.as_str()));
    visitor.visit_map(MapDeserializer::new(text))
}

/// Returns a text, or a number as it was written. `None` for any other value.
pub fn plain(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.as_str()),
        _ => None,
    }
}

/// Parses a whole number of the type `T`.
pub fn parse_whole<T: FromStr>(value: &Value) -> Result<T, Error> {
    match value {
        Value::Number(number) => number
            .as_str()
            .parse()
            .map_err(|_| Error::custom("invalid number")),
        other => Err(Error::mismatch(other, &"a whole number")),
    }
}
