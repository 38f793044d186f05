//! Entity changes.

use crate::entity::Kind;
use jiff::Timestamp;

/// One change of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The company.
    pub realm_id: String,
    /// What changed.
    pub entity: Entity,
    /// The id of what changed; of a merge, of what is left.
    pub id: String,
    /// What happened to it.
    pub operation: Operation,
    /// When.
    pub at: Timestamp,
    /// The same for every repetition of this notice and for no other. Opaque text of up to 700 bytes, the company's id among
    /// them: hash it for a key, and do not log it.
    pub event_id: String,
}

/// The kind of object that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// One that is read or written here.
    Known(Kind),
    /// Any other, in lower case (`vendor`).
    Other(String),
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// It is new.
    Created,
    /// It changed.
    Updated,
    /// It is gone.
    Deleted,
    /// Its amounts were set to zero; it still exists.
    Voided,
    /// Another object of its kind was merged into it.
    Merged {
        /// The other, which is gone; Intuit does not say for CloudEvents where it stands, so it may be missing.
        deleted_id: Option<String>,
    },
    /// It was mailed.
    Emailed,
    /// Something that came later; as good as a change.
    Other,
}
