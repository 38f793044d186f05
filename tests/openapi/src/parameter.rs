//! The parameters of requests: in the path, the query or a header.

use serde_json::{Value, json};

/// The kinds of documents.
pub const KINDS: &[&str] = &["pay_app", "retainage_release", "payment", "project"];

/// A parameter of the path, the query or a header.
#[derive(Clone, Copy)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// `path`, `query` or `header`.
    pub place: &'static str,
    /// The description.
    pub description: &'static str,
    /// The values that it may have.
    pub shape: Shape,
    /// The request needs it.
    pub is_required: bool,
}

/// The values that a parameter may have.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// A text of this list.
    OneOf(&'static [&'static str]),
    /// An id of RIVET.
    Id,
    /// A day.
    Day,
    /// A number of entries, 1 to 100.
    Entries,
}

impl Parameter {
    /// Returns the parameter with other values.
    #[must_use]
    pub fn of(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// Returns the parameter as one that the request needs.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }
}

impl Shape {
    /// Returns the schema.
    #[must_use]
    pub fn schema(self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
            Self::OneOf(values) => json!({ "type": "string", "enum": values }),
            Self::Id => {
                json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$", "examples": ["pa_1042_1"] })
            }
            Self::Day => json!({ "type": "string", "format": "date", "examples": ["2026-06-30"] }),
            Self::Entries => json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
        }
    }
}

/// Returns an optional parameter of the query, any text.
#[must_use]
pub fn query(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        name,
        place: "query",
        description,
        shape: Shape::Text,
        is_required: false,
    }
}

/// Returns an optional header of the request, any text.
#[must_use]
pub fn header(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        place: "header",
        ..query(name, description)
    }
}

/// Returns a parameter of the path, any text.
#[must_use]
pub fn path_parameter(name: &'static str, description: &'static str) -> Parameter {
    Parameter {
        place: "path",
        ..query(name, description).required()
    }
}
