//! What all bodies have in common.

use billing::Id;
use quickbooks::Reference;

use super::unresolved::{Unresolved, missing};
use crate::company_preferences::{Books, ClassUse};
use crate::ids::Ids;
use crate::posting::Posting;
use crate::target::Target;

pub(super) struct Writer<'a> {
    pub(super) ids: &'a Ids,
    pub(super) books: &'a Books,
}

/// The fields by which a new object differs from a change to one.
///
/// A change is sparse: what people added to a form by hand, such as an address to mail it to, stays.
pub(super) struct Head {
    pub(super) id: Option<String>,
    pub(super) sync_token: Option<String>,
    pub(super) sparse: Option<bool>,
    pub(super) number: Option<String>,
}

impl Writer<'_> {
    pub(super) fn head(&self, posting: &Posting, target: Option<&Target>) -> Head {
        let new_number = posting
            .number()
            .filter(|_| target.is_none() && self.books.custom_numbers);
        Head {
            id: target.map(|target| target.id.clone()),
            sync_token: target.map(|target| target.sync_token.clone()),
            sparse: target.map(|_| true),
            number: new_number.map(str::to_owned),
        }
    }

    pub(super) fn customer(&self) -> Reference {
        Reference::to(&self.ids.customer)
    }

    /// The class to put at `place`, if the posting carries one and the company has classes there.
    pub(super) fn class(
        &self,
        classed: bool,
        place: ClassUse,
        project: &Id,
    ) -> Result<Option<Reference>, Unresolved> {
        if !classed || self.books.classes != place {
            return Ok(None);
        }
        let class = self
            .ids
            .class
            .as_ref()
            .ok_or_else(|| missing("the class of project", project.as_ref()))?;
        Ok(Some(Reference::to(class)))
    }
}

pub(super) fn reference(id: Option<&String>) -> Option<Reference> {
    id.map(Reference::to)
}
