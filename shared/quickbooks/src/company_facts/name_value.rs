//! Named values: properties without a field of their own.

use serde::{Deserialize, Serialize};

/// A named value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NameValue {
    /// The name.
    pub name: String,
    /// The value as text.
    pub value: String,
}

impl NameValue {
    /// Returns the value of this name.
    pub(super) fn find<'a>(all: &'a [Self], name: &str) -> Option<&'a str> {
        all.iter()
            .find(|pair| pair.name == name)
            .map(|pair| pair.value.as_str())
    }
}
