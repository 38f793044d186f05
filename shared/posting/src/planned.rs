//! The stages of a document before its posting: with its plan, with the ids that the plan needs, and with its steps.

use crate::error::PostingError;
use billing::{Document, Project};
use mapping::{Ids, PostingPlan, Step};
use store::reason::hold::HoldReason;

/// A document with its posting plan.
pub struct PlannedDocument {
    /// The document.
    pub document: Document,
    /// The document's plan.
    pub plan: PostingPlan,
    /// The customer that the document's transactions name.
    pub billed: Billed,
    /// The hold that counts unless the document turns out to stand in QuickBooks already. Only after the store was set back.
    pub hold_unless_found: Option<Box<HoldReason>>,
}

/// The customer that a document's transactions name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Billed {
    /// The customer, or the job if the plan is for one.
    #[default]
    AsPlanned,
    /// The job with this id, for which the document, or the pay app whose retainage it releases, was posted.
    AsBefore(String),
    /// The job if there is one, else the customer: a person says that the document is in QuickBooks already.
    AsFound,
}

impl PlannedDocument {
    /// Returns an error if the document is held, because it does not stand in QuickBooks yet.
    pub fn ensure_allowed(&self) -> Result<(), PostingError> {
        match &self.hold_unless_found {
            Some(hold) => Err(HoldReason::clone(hold).into()),
            None => Ok(()),
        }
    }

    /// Returns the project whose job must be known before the document is posted.
    pub fn project_of_job(&self) -> Option<&Project> {
        let is_needed = self.plan.is_for_job && !matches!(self.billed, Billed::AsBefore(_));
        self.document.project().filter(|_| is_needed)
    }
}

/// A plan with the ids of all parties and transactions that it names.
pub struct ResolvedPlan<'a> {
    /// The plan.
    pub plan: &'a PostingPlan,
    /// The ids in QuickBooks.
    pub ids: Ids,
}

/// The steps to a plan, with the ids of all parties and transactions that they name.
#[derive(Default)]
pub struct ResolvedSteps {
    /// The steps, in the order of their execution.
    pub steps: Vec<Step>,
    /// The ids in QuickBooks. Empty for steps that only take back.
    pub ids: Ids,
    /// A person decided to post the document although something like it is in QuickBooks.
    pub posts_anyway: bool,
}

impl ResolvedSteps {
    /// Returns steps that only take back, which need no ids.
    pub fn taking_back(steps: Vec<Step>) -> Self {
        Self {
            steps,
            ..Self::default()
        }
    }
}
