//! References to other objects.

use serde::{Deserialize, Serialize};

/// A reference to another object. Only `value` identifies the object: the content of `name` has changed over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The object's id.
    pub value: String,
    /// The object's name, which QuickBooks fills in. Never sent.
    #[serde(default, skip_serializing)]
    pub name: Option<String>,
}

impl Reference {
    /// Refers to the object with this id.
    pub fn to(id: impl Into<String>) -> Self {
        Self {
            value: id.into(),
            name: None,
        }
    }
}
