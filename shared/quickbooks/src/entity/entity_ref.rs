//! The names on the lines of journal entries: customers, vendors and employees.

use super::reference::Reference;
use serde::{Deserialize, Serialize};

/// The name on a journal line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EntityRef {
    /// The kind of name.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EntityType>,
    /// The customer, vendor or employee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_ref: Option<Reference>,
}

impl EntityRef {
    /// Names the customer with this id.
    pub fn customer(id: impl Into<String>) -> Self {
        Self {
            kind: Some(EntityType::Customer),
            entity_ref: Some(Reference::to(id)),
        }
    }
}

/// The kinds of names on journal lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntityType {
    /// A customer or a project of one.
    Customer,
    /// A vendor.
    Vendor,
    /// An employee.
    Employee,
    /// A kind that Intuit added later.
    #[serde(other)]
    Other,
}
