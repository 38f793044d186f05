//! Classes: the tags on lines.

use super::kind::Kind;
use super::resource::Resource;
use serde::{Deserialize, Serialize};

/// A tag on lines (Intuit: API reference, Class).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Class {
    /// The id, which QuickBooks assigns: up to 19 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The name: up to 100 characters, unique under its parent (fault 6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `false` hides the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The name with those of its parents, `Parent:Child`. Never sent.
    #[serde(skip_serializing)]
    pub fully_qualified_name: Option<String>,
}

impl Resource for Class {
    const KIND: Kind = Kind::Class;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_class_is_sent_as_name() {
        let class = Class {
            name: Some("2301 Harbor Point".to_owned()),
            ..Class::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&class).unwrap(), @r#"{"Name":"2301 Harbor Point"}"#);
    }
}
