//! References.

use serde::{Deserialize, Serialize};

/// A pointer to another object. Only `value` identifies it: what Intuit puts into `name` has changed over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The id of the object.
    pub value: String,
    /// What the object is called, filled in by QuickBooks; never sent.
    #[serde(default, skip_serializing)]
    pub name: Option<String>,
}

impl Reference {
    /// Points to the object with this id.
    pub fn to(id: impl Into<String>) -> Self {
        Self {
            value: id.into(),
            name: None,
        }
    }
}
