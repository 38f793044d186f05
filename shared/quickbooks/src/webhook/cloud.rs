//! The format since 2025: [CloudEvents](https://github.com/cloudevents/spec) 1.0 with extensions of Intuit's own.
//!
//! `data` may hold the whole object or nothing. It is not relied on, as the object is read again anyway.

use super::change::Change;
use super::delivery::Notices;
use super::field::{deleted_id, moment, word};
use super::node::Node;

/// Reads one event.
pub(super) fn read(event: &Node<'_>, read: &mut Notices) {
    let realm_id = word(event, "intuitaccountid");
    read.note(realm_id, change(event));
}

fn change<'a>(event: &'a Node<'_>) -> Result<Change<'a>, &'static str> {
    let kind = word(event, "type").ok_or("names no type")?;
    let (entity, operation) = parts(kind);
    Ok(Change {
        entity,
        operation,
        id: word(event, "intuitentityid").ok_or("names no object")?,
        at: moment(event, "time").ok_or("names no time")?,
        deleted_id: deleted_id(event).or_else(|| deleted_id(event.get("data")?)),
        event_id: word(event, "id"),
    })
}

/// The parts of `qbo.invoice.created.v1` that count. A type of another form is a kind of its own, about which nothing is known.
fn parts(kind: &str) -> (&str, &str) {
    let mut parts = kind.split('.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("qbo"), Some(entity), Some(operation)) => (entity, operation),
        _ => (kind, ""),
    }
}
