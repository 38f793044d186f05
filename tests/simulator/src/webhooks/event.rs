use jiff::Timestamp;
use serde_json::Value;

use crate::kind::Kind;
use crate::{Change, Operation};

/// An operation on one entity, as a webhook reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The id of the event; a repetition has the same id.
    pub(super) id: String,
    pub(super) realm: String,
    pub(super) kind: Kind,
    pub(super) entity: String,
    pub(super) operation: Operation,
    pub(super) at: Timestamp,
    pub(super) deleted_id: Option<String>,
    /// The entity after the operation, or `None` if it is gone.
    pub(super) body: Option<Value>,
}

impl Operation {
    pub(crate) const ALL: [Self; 6] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Merge,
        Self::Void,
        Self::Emailed,
    ];
}

/// An operation on one entity that Intuit reports of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntityOperation<'a> {
    pub(super) kind: Kind,
    pub(super) id: &'a str,
    pub(super) operation: Operation,
}

/// Returns the operations that Intuit reports of a change. Customers and vendors have merges; a merge in another list is an
/// update and a deletion. A void of a kind without void events is an update.
pub(super) fn entity_operations(change: &Change) -> Vec<EntityOperation<'_>> {
    let Some(kind) = Kind::from_name(change.entity) else {
        return Vec::new();
    };
    let id = change.id.as_str();
    let parts = match (&change.deleted_id, is_reported(kind, Operation::Merge)) {
        (Some(gone), false) => vec![(id, Operation::Update), (gone, Operation::Delete)],
        _ if change.operation == Operation::Void && !is_reported(kind, Operation::Void) => {
            vec![(id, Operation::Update)]
        }
        _ => vec![(id, change.operation)],
    };
    parts
        .into_iter()
        .filter(|(_, operation)| is_reported(kind, *operation))
        .map(|(id, operation)| EntityOperation {
            kind,
            id,
            operation,
        })
        .collect()
}

/// Returns whether webhooks report an operation on a kind. Intuit: the table of entities and operations.
fn is_reported(kind: Kind, operation: Operation) -> bool {
    match operation {
        Operation::Update => kind != Kind::CompanyInfo,
        Operation::Create | Operation::Delete => {
            !matches!(kind, Kind::CompanyInfo | Kind::Preferences)
        }
        Operation::Merge => matches!(kind, Kind::Customer | Kind::Vendor),
        Operation::Void => matches!(kind, Kind::Invoice | Kind::Payment),
        Operation::Emailed => kind == Kind::Invoice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Actor;

    fn merge(entity: &'static str) -> Change {
        Change {
            entity,
            id: "7".to_owned(),
            operation: Operation::Merge,
            changed_at: Timestamp::UNIX_EPOCH,
            sync_token: None,
            deleted_id: Some("8".to_owned()),
            by: Actor::Person,
        }
    }

    #[test]
    fn merge_is_reported_for_customers_not_classes() {
        let of = |kind: Kind, id: &'static str, operation: Operation| EntityOperation {
            kind,
            id,
            operation,
        };
        let customer = [of(Kind::Customer, "7", Operation::Merge)];
        assert_eq!(entity_operations(&merge("Customer")), customer);
        let class = [
            of(Kind::Class, "7", Operation::Update),
            of(Kind::Class, "8", Operation::Delete),
        ];
        assert_eq!(entity_operations(&merge("Class")), class);
    }

    #[test]
    fn company_information_has_no_events() {
        for operation in Operation::ALL {
            assert!(!is_reported(Kind::CompanyInfo, operation));
            let has_events = is_reported(Kind::Preferences, operation);
            assert_eq!(has_events, operation == Operation::Update);
        }
    }
}
