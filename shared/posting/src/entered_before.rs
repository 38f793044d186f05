//! Looks for what somebody entered before RIVET's document, so that nothing is posted beside it.
//!
//! ```text
//!  a transaction of the document is to be made for the first time
//!    │ an earlier look counts, and found nothing like it ───────────────────────────────▶ clear: it is made
//!    ▼ one call: the numbers of the projects, the payments of the customers, what is open
//!  nothing like it, or its number with another customer and amount ─────────────────────▶ clear
//!  RIVET's mark, of this document and part ─────────────────────────────────────────────▶ ours: it is adopted
//!  its number with the same customer or total; a payment of the same amount ────────────▶ held, already_in_quickbooks
//!  a payment of more than what is open ─────────────────────────────────────────────────▶ held, already_paid
//!  a payment that QuickBooks refused ───────────────────────────────────────────────────▶ looked for again, once; what it pays is read by id
//! ```
//!
//! A remembered look decides only whether RIVET must ask again. Only an answer of QuickBooks holds a document.

// Top first: a module uses only modules below it.
mod judgement;
mod own;
mod unapplied_rest;
mod look;
mod refused_payment;
mod refused_look;
mod queries;
mod needs;
mod number_needs;
mod open_amounts;
mod owners;

pub use crate::entered_before::judgement::{Verdict, is_entered, verdict};
pub use crate::entered_before::look::{Looked, look, number_queries};
pub use crate::entered_before::own::{OwnTransaction, standing_marks};
pub use crate::entered_before::owners::entered_by_others;
pub(crate) use crate::entered_before::queries::{forms_of_days, queries_of_pattern};
pub use crate::entered_before::refused_payment::read_what_is_open;
pub use crate::entered_before::unapplied_rest::leave_rest_unapplied;

use crate::planned::PlannedDocument;
use billing::{Document, DocumentKind, Project};
use mapping::{Ids, PostingPlan};
use store::document::DocumentRecord;

/// A document that is to be posted, with the ids that its plan needs.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// The document's record.
    pub record: &'a DocumentRecord,
    /// The document's plan.
    pub plan: &'a PostingPlan,
    /// The ids in QuickBooks.
    pub ids: &'a Ids,
    /// The project that the document creates, if it does. The look for its first pay app is made at the same time.
    pub created: Option<&'a Project>,
    /// A person decided to post the document anyway, so RIVET must know what is open.
    pub is_posted_anyway: bool,
    /// The store was set back, so RIVET may have forgotten what it posted of the document.
    pub is_restored: bool,
}

impl<'a> Candidate<'a> {
    /// Returns the candidate of a planned document.
    pub fn of(record: &'a DocumentRecord, planned: &'a PlannedDocument, ids: &'a Ids) -> Self {
        let created = match &planned.document {
            Document::Project(created) => Some(&created.project),
            _ => None,
        };
        Self {
            record,
            plan: &planned.plan,
            ids,
            created,
            is_posted_anyway: false,
            is_restored: false,
        }
    }

    fn is_payment(&self) -> bool {
        self.plan.document.kind == DocumentKind::Payment
    }

    /// Returns the planned transactions of which nothing was posted yet.
    fn new_postings(&self) -> impl Iterator<Item = &mapping::PlannedPosting> {
        let is_new = |planned: &&mapping::PlannedPosting| {
            let mut posted = self.record.posted.iter();
            !posted.any(|posted| posted.slot == planned.slot)
        };
        self.plan.postings.iter().filter(is_new)
    }
}
