//! The format since 2025: [CloudEvents](https://github.com/cloudevents/spec) 1.0 with Intuit's extensions.
//!
//! `data` holds the whole object or nothing. The receiver reads the object again anyway, so `data` is ignored.

use super::change::Change;
use super::delivery::DeliveryEvents;
use super::field::{deleted_id, instant, word};
use super::node::Node;

/// Adds one event to a delivery.
pub(super) fn read(event: &Node<'_>, delivery: &mut DeliveryEvents) {
    let realm_id = word(event, "intuitaccountid");
    delivery.add(realm_id, change(event));
}

fn change<'a>(event: &'a Node<'_>) -> Result<Change<'a>, &'static str> {
    let kind = word(event, "type").ok_or("names no type")?;
    let (entity, operation) = parts(kind);
    Ok(Change {
        entity,
        operation,
        id: word(event, "intuitentityid").ok_or("names no object")?,
        at: instant(event, "time").ok_or("names no time")?,
        deleted_id: deleted_id(event).or_else(|| deleted_id(event.get("data")?)),
        event_id: word(event, "id"),
    })
}

/// Returns entity and operation of a type such as `qbo.invoice.created.v1`. A type of another form is an unknown entity without
/// an operation.
fn parts(kind: &str) -> (&str, &str) {
    let mut parts = kind.split('.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("qbo"), Some(entity), Some(operation)) => (entity, operation),
        _ => (kind, ""),
    }
}
