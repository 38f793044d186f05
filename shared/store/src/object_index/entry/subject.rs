//! The subject of an entry of the object index.

use billing::{DocumentRef, Id};

/// RIVET's document, customer or project to which an object belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A document.
    Document(DocumentRef),
    /// A customer.
    Customer(Id),
    /// A project.
    Project(Id),
}

impl Subject {
    /// Returns the id of the subject in RIVET.
    pub(super) fn id(&self) -> &Id {
        match self {
            Self::Document(document) => &document.id,
            Self::Customer(id) | Self::Project(id) => id,
        }
    }

    /// Reads the word of a subject.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some((list, id)) = text.split_once(':') {
            let id = id.parse().ok()?;
            return match list {
                "customer" => Some(Self::Customer(id)),
                "project" => Some(Self::Project(id)),
                _ => None,
            };
        }
        let (kind, id) = text.split_once('/')?;
        Some(Self::Document(DocumentRef {
            kind: kind.parse().ok()?,
            id: id.parse().ok()?,
        }))
    }
}
