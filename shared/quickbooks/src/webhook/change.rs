//! One change.

use super::entity_change::{Entity, Notice, Operation};
use crate::entity::Kind;
use jiff::Timestamp;

/// What both formats say of a change, in their own words.
pub(super) struct Change<'a> {
    pub entity: &'a str,
    pub id: &'a str,
    pub operation: &'a str,
    pub deleted_id: Option<&'a str>,
    pub at: Timestamp,
    /// CloudEvents have one of their own.
    pub event_id: Option<&'a str>,
}

impl Change<'_> {
    pub fn in_company(&self, realm_id: &str) -> Notice {
        let entity = self.entity.to_ascii_lowercase();
        let operation = self.operation.to_ascii_lowercase();
        let derived = || self.named(realm_id, &entity, &operation);
        Notice {
            realm_id: realm_id.to_owned(),
            id: self.id.to_owned(),
            at: self.at,
            event_id: self.event_id.map_or_else(derived, str::to_owned),
            operation: self.operation(&operation),
            entity: Kind::named(&entity).map_or(Entity::Other(entity), Entity::Known),
        }
    }

    /// What makes up for an id of the event: two that agree in all of this are one, however often it is sent.
    fn named(&self, realm_id: &str, entity: &str, operation: &str) -> String {
        let deleted_id = self.deleted_id.unwrap_or_default();
        let at = self.at.as_microsecond().to_string();
        [realm_id, entity, self.id, operation, deleted_id, &at].join(":")
    }

    /// The formats spell operations differently: `Create` and `created`.
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
