//! Compares one object of a document with the version that RIVET posted.

use crate::observation::Observation;
use mapping::{Difference, PostedObject};
use quickbooks::Kind;

/// The change that people made in one object of a document.
pub(crate) enum Edit {
    /// Every field that RIVET wrote is unchanged.
    Nothing,
    /// Fields differ. Each difference says whether it changes the books.
    Edited(Vec<Difference>),
    /// The object is void.
    Voided,
    /// The object is deleted.
    Deleted,
}

impl Edit {
    /// Returns whether the books differ by the change.
    pub(crate) fn changes_books(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Voided | Self::Deleted => true,
            Self::Edited(differences) => {
                differences.iter().any(|difference| !difference.is_cosmetic)
            }
        }
    }

    /// Compares an object as RIVET posted it with the object as it was read.
    pub(crate) fn of(posted: &PostedObject, observation: &Observation) -> Self {
        let Some(found) = &observation.found else {
            // A void or zero transaction leaves nothing in the books. Transactions that cancel each other out must all exist.
            let counts = posted.is_active || (posted.cancels_out() && !posted.is_marked_deleted());
            return if counts { Self::Deleted } else { Self::Nothing };
        };
        let counts =
            posted.is_active || (posted.cancels_out() && observation.kind != Kind::JournalEntry);
        if counts && found.is_voided() && !posted.is_marked_void() {
            return Self::Voided;
        }
        let differences = posted.differences(found);
        if differences.is_empty() {
            Self::Nothing
        } else {
            Self::Edited(differences)
        }
    }
}
