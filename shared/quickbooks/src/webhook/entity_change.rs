//! Changes to objects, as webhooks announce them.

use crate::entity::Kind;
use jiff::Timestamp;

/// A change to one object of one company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityChange {
    /// The company's id.
    pub realm_id: String,
    /// The kind of object that changed.
    pub entity: EntityKind,
    /// The id of the object that changed. Of a merge, the id of the object that remains.
    pub id: String,
    /// The kind of change.
    pub operation: Operation,
    /// The time of the change.
    pub changed_at: Timestamp,
    /// An id that each repetition of this event has, and no other event. Opaque text of up to 700 bytes that contains the
    /// company's id: hash it for a key, and do not log it.
    pub event_id: String,
}

/// The kind of object that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityKind {
    /// A kind that is read or written here.
    Known(Kind),
    /// Any other kind, in lower case, such as `vendor`.
    Other(String),
}

/// The kind of change to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// The object is new.
    Created,
    /// The object changed.
    Updated,
    /// The object was deleted.
    Deleted,
    /// The object's amounts were set to zero. It still exists.
    Voided,
    /// Another object of the same kind was merged into the object.
    Merged {
        /// The id of the other object, which is gone. It may be missing: Intuit does not document its place in
        /// CloudEvents.
        deleted_id: Option<String>,
    },
    /// The object was sent by e-mail.
    Emailed,
    /// An operation that Intuit added later. A receiver treats it as a change.
    Other,
}
