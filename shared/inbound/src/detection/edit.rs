//! What was done to one thing that stands for a document.

use crate::scan::observation::Observation;
use mapping::{Difference, PostedObject};
use quickbooks::Kind;

/// What was done to something that stands for a document.
pub enum Edit {
    /// Nothing of what we wrote is another.
    Nothing,
    /// These fields are others; each says whether that changes the books.
    Edited(Vec<Difference>),
    /// It is void.
    Voided,
    /// It is gone.
    Gone,
}

impl Edit {
    pub fn of(posted: &PostedObject, sighting: &Observation) -> Self {
        let Some(found) = &sighting.found else {
            // What is void or zero leaves nothing behind. Of entries that cancel each other out none may be missing.
            let counts = posted.is_active
                || (sighting.kind == Kind::JournalEntry && !posted.is_marked_deleted());
            return if counts { Self::Gone } else { Self::Nothing };
        };
        if posted.is_active && found.is_voided() {
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
