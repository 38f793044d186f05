//! The error of a JSON value that is not as its type says.

use serde::de::{self, Expected, Unexpected};
use serde_json::Value;
use std::fmt;

/// A JSON value that is not as the type says. It names the path of the value and the problem.
///
/// [`fmt::Display`] is a sentence without its full stop, such as `` `lines[2].retainage` is missing ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    path: String,
    problem: String,
}

impl Error {
    /// Returns the path of the wrong value, such as `lines[2].retainage`. The path of the whole value is empty.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Returns the problem as the rest of a sentence that starts with the path, such as `is missing`.
    pub fn problem(&self) -> &str {
        &self.0.problem
    }

    /// Builds the error of a value of the wrong JSON type.
    pub(crate) fn mismatch(found: &Value, expected: &dyn Expected) -> Self {
        let found = match found {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(_) => Unexpected::Other("number"),
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        de::Error::invalid_type(found, expected)
    }

    /// Puts the name of the member or variant that holds the wrong value in front of its path.
    pub(crate) fn under(mut self, name: &str) -> Self {
        let path = &mut self.0.path;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        *path = [name, dot, path].concat();
        self
    }

    /// Puts the index of the array element that holds the wrong value in front of its path.
    pub(crate) fn at(self, index: usize) -> Self {
        self.under(&format!("[{index}]"))
    }
}

impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self(Box::new(Details {
            path: String::new(),
            problem: problem.to_string(),
        }))
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!(
            "invalid type: {}, expected {expected}",
            Found(found)
        ))
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!(
            "invalid value: {}, expected {expected}",
            Found(found)
        ))
    }

    /// serde reports a missing field as an error of its parent. The path names the field, because a reader looks for that.
    #[cold]
    fn missing_field(name: &'static str) -> Self {
        Self::custom("is missing").under(name)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            "" => f.write_str(self.problem()),
            path => write!(f, "`{path}` {}", self.problem()),
        }
    }
}

impl std::error::Error for Error {}

/// The JSON type and value that was found, for a message. `Unexpected` can print itself too, but its code for floats, which are
/// never read, is larger than this crate's other code for errors.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Unit => f.write_str("null"),
            Unexpected::Bool(value) => write!(f, "boolean `{value}`"),
            Unexpected::Unsigned(number) => write!(f, "integer `{number}`"),
            Unexpected::Signed(number) => write!(f, "integer `{number}`"),
            Unexpected::Str(text) => write!(f, "string {text:?}"),
            Unexpected::Seq => f.write_str("sequence"),
            Unexpected::Map => f.write_str("map"),
            Unexpected::Other(name) => f.write_str(name),
            _ => f.write_str("something else"),
        }
    }
}
