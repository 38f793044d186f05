//! The format that Intuit retires in 2026: `{"eventNotifications":[{"realmId","dataChangeEvent":{"entities":[…]}}]}`.

use super::change::Change;
use super::delivery::DeliveryEvents;
use super::field::{deleted_id, instant, word};
use super::node::Node;

/// Adds the changes of one company to a delivery.
pub(super) fn read(company: &Node<'_>, delivery: &mut DeliveryEvents) {
    let realm_id = word(company, "realmId");
    let changes = company.get("dataChangeEvent");
    match changes.and_then(|changes| changes.list("entities")) {
        Some(entities) => {
            for entity in entities {
                delivery.add(realm_id, change(entity));
            }
        }
        None => delivery.add_unreadable(realm_id, "has no list of changes"),
    }
}

fn change<'a>(entity: &'a Node<'_>) -> Result<Change<'a>, &'static str> {
    Ok(Change {
        entity: word(entity, "name").ok_or("names no kind of object")?,
        id: word(entity, "id").ok_or("names no object")?,
        operation: word(entity, "operation").ok_or("names no operation")?,
        at: instant(entity, "lastUpdated").ok_or("names no time")?,
        deleted_id: deleted_id(entity),
        event_id: None,
    })
}
