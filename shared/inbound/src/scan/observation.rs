//! How an object was seen.

use billing::DocumentRef;
use jiff::Timestamp;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::{IndexEntry, Subject, VERSION_DELETED};

/// What an object was seen as; nothing if it is gone.
pub struct Observation {
    pub kind: Kind,
    pub id: String,
    pub found: Option<ObjectSnapshot>,
}

impl Observation {
    pub fn of(found: ObjectSnapshot) -> Self {
        Self {
            kind: found.kind,
            id: found.id.clone(),
            found: Some(found),
        }
    }

    pub fn gone(kind: Kind, id: &str) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            found: None,
        }
    }

    /// Its version, as the register has it.
    pub fn version(&self) -> &str {
        self.found
            .as_ref()
            .map_or(VERSION_DELETED, |found| &found.sync_token)
    }

    /// As an entry of the register.
    pub fn entry(&self, about: &DocumentRef, now: Timestamp) -> IndexEntry {
        let at = self.found.as_ref().and_then(|found| found.updated_at);
        IndexEntry {
            kind: self.kind,
            id: self.id.clone(),
            subject: Subject::Document(about.clone()),
            version: self.version().to_owned(),
            at: at.unwrap_or(now).as_second(),
        }
    }

    /// As if the company had told of it.
    pub fn notice(&self, now: Timestamp) -> PendingChange {
        let at = self.found.as_ref().and_then(|found| found.updated_at);
        PendingChange {
            kind: self.kind,
            id: self.id.clone(),
            at: at.unwrap_or(now),
            kind_of_change: match &self.found {
                Some(_) => ChangeKind::Changed,
                None => ChangeKind::Deleted,
            },
        }
    }
}

/// An object by its kind and id.
pub type ObjectKey = (Kind, String);

/// What a payment pays.
pub fn pays(sighting: &Observation) -> impl Iterator<Item = ObjectKey> {
    let payment = sighting
        .found
        .iter()
        .filter(|found| found.kind == Kind::Payment);
    payment.flat_map(|found| found.links.iter().map(|link| (link.kind, link.id.clone())))
}
