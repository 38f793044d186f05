//! A change in the words of its format, and its translation.

use super::entity_change::{EntityChange, EntityKind, Operation};
use crate::entity::Kind;
use jiff::Timestamp;

/// A change as both formats describe it, each in its own words.
pub(super) struct Change<'a> {
    pub entity: &'a str,
    pub id: &'a str,
    pub operation: &'a str,
    pub deleted_id: Option<&'a str>,
    pub at: Timestamp,
    /// The event's own id, which only CloudEvents have.
    pub event_id: Option<&'a str>,
}

impl Change<'_> {
    /// Returns the entity change of a company.
    pub fn in_company(&self, realm_id: &str) -> EntityChange {
        let entity = self.entity.to_ascii_lowercase();
        let operation = self.operation.to_ascii_lowercase();
        let derived = || self.derived_id(realm_id, &entity, &operation);
        EntityChange {
            realm_id: realm_id.to_owned(),
            id: self.id.to_owned(),
            changed_at: self.at,
            event_id: self.event_id.map_or_else(derived, str::to_owned),
            operation: self.operation(&operation),
            entity: Kind::from_name(&entity).map_or(EntityKind::Other(entity), EntityKind::Known),
        }
    }

    /// Returns an event id for an event that has none. Two events that agree in all of its parts are one event, delivered
    /// twice.
    fn derived_id(&self, realm_id: &str, entity: &str, operation: &str) -> String {
        let deleted_id = self.deleted_id.unwrap_or_default();
        let at = self.at.as_microsecond().to_string();
        [realm_id, entity, self.id, operation, deleted_id, &at].join(":")
    }

    /// Returns the operation. The formats spell it differently: `Create` and `created`.
    fn operation(&self, word: &str) -> Operation {
        match word {
            "create" | "created" => Operation::Created,
            "update" | "updated" => Operation::Updated,
            "delete" | "deleted" => Operation::Deleted,
            "void" | "voided" => Operation::Voided,
            "merge" | "merged" => Operation::Merged {
                deleted_id: self.deleted_id.map(str::to_owned),
            },
            "email" | "emailed" => Operation::Emailed,
            _ => Operation::Other,
        }
    }
}
