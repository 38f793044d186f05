//! The parts that all bodies have in common.

use billing::Id;
use quickbooks::Reference;

use super::missing_id::MissingId;
use crate::company_preferences::{ClassUse, CompanyPreferences};
use crate::ids::Ids;
use crate::posting::Posting;
use crate::target::Target;

/// Writes the bodies of one step.
pub(super) struct Writer<'a> {
    pub(super) ids: &'a Ids,
    pub(super) preferences: &'a CompanyPreferences,
}

/// The fields by which the body of a new object differs from a change to an existing one.
///
/// A change is sparse (Intuit: sparse update), so fields that people filled by hand stay, such as the e-mail address of an invoice.
pub(super) struct Header {
    pub(super) id: Option<String>,
    pub(super) sync_token: Option<String>,
    pub(super) sparse: Option<bool>,
    pub(super) number: Option<String>,
}

impl Writer<'_> {
    /// Returns the header of a new object, or of a change to `target`. Only new objects get a number. A company that assigns numbers keeps the
    /// one that is sent, or replaces it: integrators report both.
    pub(super) fn header(&self, posting: &Posting, target: Option<&Target>) -> Header {
        let new_number = posting.number().filter(|_| target.is_none());
        Header {
            id: target.map(|target| target.id.clone()),
            sync_token: target.map(|target| target.sync_token.clone()),
            sparse: target.map(|_| true),
            number: new_number.map(str::to_owned),
        }
    }

    pub(super) fn customer(&self) -> Reference {
        Reference::to(&self.ids.customer)
    }

    /// Returns the class of `project`, `None` for postings without a class and in companies that do not use classes at `place`.
    pub(super) fn class(
        &self,
        place: ClassUse,
        project: Option<&Id>,
    ) -> Result<Option<Reference>, MissingId> {
        let Some(project) = project.filter(|_| self.preferences.classes == place) else {
            return Ok(None);
        };
        match &self.ids.class {
            Some(class) => Ok(Some(Reference::to(class))),
            None => Err(MissingId::of("the class of project", project.as_ref())),
        }
    }
}

/// Returns a reference to the id, `None` if there is none.
pub(super) fn reference(id: Option<&String>) -> Option<Reference> {
    id.map(Reference::to)
}
