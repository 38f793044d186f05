use jiff::Timestamp;
use serde_json::Value;

use crate::kind::Kind;
use crate::{Change, Operation};

/// One thing that happened to one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The same however often the event is sent.
    pub(super) id: String,
    pub(super) realm: String,
    pub(super) kind: Kind,
    pub(super) entity: String,
    pub(super) operation: Operation,
    pub(super) at: Timestamp,
    pub(super) deleted_id: Option<String>,
    /// The entity as it was then; `None` if it is gone.
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

/// What Intuit tells of a change: each entity id with the operation. A merge is told as such for customers and vendors
/// only; of other lists one entry changed and one is gone. A void that has no operation of its own is an update.
pub(super) fn told(change: &Change) -> Vec<(Kind, &str, Operation)> {
    let Some(kind) = Kind::from_name(change.entity) else {
        return Vec::new();
    };
    let id = change.id.as_str();
    let parts = match (&change.deleted_id, knows(kind, Operation::Merge)) {
        (Some(gone), false) => vec![(id, Operation::Update), (gone, Operation::Delete)],
        _ if change.operation == Operation::Void && !knows(kind, Operation::Void) => {
            vec![(id, Operation::Update)]
        }
        _ => vec![(id, change.operation)],
    };
    parts
        .into_iter()
        .filter(|(_, operation)| knows(kind, *operation))
        .map(|(id, operation)| (kind, id, operation))
        .collect()
}

/// Intuit's table of entities and operations.
fn knows(kind: Kind, operation: Operation) -> bool {
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
            at: Timestamp::UNIX_EPOCH,
            sync_token: None,
            deleted_id: Some("8".to_owned()),
            by: Actor::Person,
        }
    }

    #[test]
    fn a_merge_is_told_as_such_for_customers_only() {
        let customer = [(Kind::Customer, "7", Operation::Merge)];
        assert_eq!(told(&merge("Customer")), customer);
        let class = [
            (Kind::Class, "7", Operation::Update),
            (Kind::Class, "8", Operation::Delete),
        ];
        assert_eq!(told(&merge("Class")), class);
    }

    #[test]
    fn nothing_is_told_of_the_companys_own_information() {
        for operation in Operation::ALL {
            assert!(!knows(Kind::CompanyInfo, operation));
            let told = knows(Kind::Preferences, operation);
            assert_eq!(told, operation == Operation::Update);
        }
    }
}
