//! Reads JSON into types. Every error names the path of the wrong value, and the compiled code stays small.
//!
//! serde copies its code for each pair of a type and a deserializer. Requests, answers of QuickBooks and stored records therefore
//! all take one way: text becomes a [`serde_json::Value`], and the `Value` becomes the type. A struct is read from an object only.
//! serde would also read it from an array of its fields, which doubles the code.
#![warn(missing_docs)]

// Top first: a module uses only modules below it.
mod time;
mod reader;
mod variant;
mod number;
mod error;
mod text;

pub use error::Error;
pub use number::{NUMBER, plain};
pub use reader::read;
pub use text::parse;
pub use time::{day, instant, optional_day, optional_instant, parse_day, parse_instant};

#[cfg(test)]
mod tests;
