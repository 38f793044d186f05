//! An object of QuickBooks as a scan read it.

use billing::DocumentRef;
use jiff::Timestamp;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::{IndexEntry, Subject, VERSION_DELETED};

/// An object of QuickBooks as a scan read it. The observation lives as long as the scan.
pub struct Observation {
    /// The kind of the object.
    pub kind: Kind,
    /// The object's id in QuickBooks.
    pub id: String,
    /// The object; `None` if it is deleted.
    pub found: Option<ObjectSnapshot>,
}

impl Observation {
    /// Returns the observation of an object that exists.
    pub fn of(found: ObjectSnapshot) -> Self {
        Self {
            kind: found.kind,
            id: found.id.clone(),
            found: Some(found),
        }
    }

    /// Returns the observation of an object that is deleted.
    pub fn deleted(kind: Kind, id: &str) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            found: None,
        }
    }

    /// Returns the object's version, as the object index writes it.
    pub fn version(&self) -> &str {
        self.found
            .as_ref()
            .map_or(VERSION_DELETED, |found| &found.sync_token)
    }

    /// Returns the object index entry for this version of a document's object.
    pub fn index_entry(&self, document: &DocumentRef, now: Timestamp) -> IndexEntry {
        IndexEntry {
            kind: self.kind,
            id: self.id.clone(),
            subject: Subject::Document(document.clone()),
            version: self.version().to_owned(),
            at: self.changed_at().unwrap_or(now).as_second(),
        }
    }

    /// Returns the change as if QuickBooks had announced it.
    pub fn as_change(&self, now: Timestamp) -> PendingChange {
        PendingChange {
            kind: self.kind,
            id: self.id.clone(),
            at: self.changed_at().unwrap_or(now),
            kind_of_change: match &self.found {
                Some(_) => ChangeKind::Changed,
                None => ChangeKind::Deleted,
            },
        }
    }

    fn changed_at(&self) -> Option<Timestamp> {
        self.found.as_ref().and_then(|found| found.updated_at)
    }
}

/// The kind and id of an object.
pub type ObjectKey = (Kind, String);

/// Returns the objects that a payment pays. Empty if the object is no payment.
pub fn pays(observation: &Observation) -> impl Iterator<Item = ObjectKey> {
    let payment = observation
        .found
        .iter()
        .filter(|found| found.kind == Kind::Payment);
    payment.flat_map(|found| found.links.iter().map(|link| (link.kind, link.id.clone())))
}
