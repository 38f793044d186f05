//! The stages of a document before its posting: with its plan, with the ids that the plan needs, and with its steps.

use billing::Document;
use mapping::{Ids, PostingPlan, Step};

/// A document with its posting plan.
pub struct PlannedDocument {
    /// The document.
    pub document: Document,
    /// The document's plan.
    pub plan: PostingPlan,
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
