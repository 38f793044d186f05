//! Reads the text of JSON into a value.

use serde_json::Value;

/// Reads one JSON text in UTF-8 (RFC 8259).
///
/// All texts are read here, because serde copies its parser into each crate that reads a type of its own.
///
/// # Errors
/// The parser's error, with line and column.
pub fn parse(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(text)
}
