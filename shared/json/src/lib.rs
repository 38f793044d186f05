//! Reading JSON into types: every complaint names the place it is about, and the code stays small.
//!
//! serde makes a copy of its code for each pair of a type and a way to read it. Requests, answers of QuickBooks and stored records
//! are therefore all read in one way: text becomes a [`Value`], and a `Value` becomes the type. A struct is read from an object
//! only, never from an array of its fields as serde would also have it, which halves the code once more.

mod access;
mod error;
mod reader;
mod time;

pub use error::Error;
pub use reader::NUMBER;
pub use time::{day, instant, optional_day, optional_instant, parse_day, parse_instant};

use serde::Deserialize;
use serde_json::Value;

/// Reads a `T` from `value`. Whole numbers are read exactly, others only into types that take them as text, such as decimals;
/// floats are not read at all.
///
/// # Errors
/// [`Error`], which names the first thing that is wrong.
pub fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(reader::Reader(value))
}

#[cfg(test)]
mod tests;
