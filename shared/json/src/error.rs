//! What is wrong, and where.

use serde::de::{self, Expected, Unexpected};
use serde_json::Value;
use std::fmt;

/// A value is not what the type says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Complaint>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Complaint {
    path: String,
    problem: String,
}

impl Error {
    /// Path of what is wrong, such as `lines[2].retainage`; empty for the whole value.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong, as the rest of a sentence that starts with the path.
    pub fn problem(&self) -> &str {
        &self.0.problem
    }

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

    /// The same as seen from the object or variant that has it under `name`.
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

    /// The same as seen from the array that has it at `index`.
    pub(crate) fn at(self, index: usize) -> Self {
        self.under(&format!("[{index}]"))
    }
}

impl de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self(Box::new(Complaint {
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

    /// serde tells it of the parent; whoever reads it looks for the field.
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

/// What was found, in JSON's words. `Unexpected` prints itself, too, but as it can also be a float, which is never read, that takes
/// more code than all else here.
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
