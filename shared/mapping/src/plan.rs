//! The posting plan: all that a document becomes, with the proof that it does to the ledger what the document says.

use std::collections::BTreeSet;

use billing::{Document, DocumentRef, Id, ProjectCreated};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::books::{Books, ClassUse};
use crate::context::Context;
use crate::posting::{LineAccount, Posting};
use crate::settings::{ClassMode, Settings};
use crate::slot::Slot;
use crate::{Effect, digest, pay_app, payment, release};

/// All that one revision of a document becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which document.
    pub document: DocumentRef,
    /// Which revision of it.
    pub revision: u32,
    /// The number on its main form; payments and projects have none.
    pub number: Option<String>,
    /// RIVET's id of its customer.
    pub customer: Id,
    /// RIVET's id of its project; a payment may be for several, so it has none.
    pub project: Option<Id>,
    /// Whether the project's class is needed: the company has classes and the firm uses them.
    pub classed: bool,
    /// ISO 4217 code of its transactions, where the company uses several. A customer made for it needs the same.
    pub currency: Option<String>,
    /// The transactions, in the order in which they are made. A project has none: it only prepares customer and class.
    pub postings: Vec<Planned>,
}

/// One transaction of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its place; each place is taken at most once.
    pub slot: Slot,
    /// What stands there.
    pub posting: Posting,
}

/// Why a document cannot be posted as things are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Settings that it needs are not made yet.
    #[error("settings are incomplete: {}", missing.join(", "))]
    Incomplete {
        /// Paths in the settings document.
        missing: Vec<String>,
    },
    /// The company keeps its books in one currency, and the document is in another.
    #[error("the document is in {document}, but the company's books are in {company}")]
    Currency {
        /// The document's.
        document: String,
        /// The company's.
        company: String,
    },
    /// Its amounts are all zero: it is skipped. If an earlier revision stands in QuickBooks, that one is to be
    /// taken back, see [`void_steps`](crate::void_steps).
    #[error("there is nothing to post")]
    Empty,
    /// The plan would not do to the ledger what the document says: the document's figures contradict each other.
    #[error("the figures do not agree: {figures}")]
    Disagreement {
        /// What was expected and what the plan would do.
        figures: String,
    },
}

/// Plans the postings of `document`.
///
/// # Errors
/// [`Refusal`]
pub fn plan(document: &Document, settings: &Settings, books: &Books) -> Result<Plan, Refusal> {
    let context = Context { settings, books };
    let (plan, expected) = match document {
        Document::PayApp(pay_app) => pay_app::plan(pay_app, &context)?,
        Document::Release(release) => release::plan(release, &context)?,
        Document::Payment(payment) => payment::plan(payment, &context)?,
        Document::Project(created) => return Ok(prepare(created, &context)),
    };
    prove(&plan, &expected)?;
    Ok(plan)
}

/// What is sent is checked against the document once more, whatever way it was planned.
fn prove(plan: &Plan, expected: &Effect) -> Result<(), Refusal> {
    let found = plan.effect();
    let balances = plan
        .postings
        .iter()
        .all(|planned| planned.posting.effect().balances());
    if balances && found == *expected {
        return Ok(());
    }
    Err(Refusal::Disagreement {
        figures: format!("the document says {expected}; its postings would do {found}"),
    })
}

/// A project posts nothing; a class that the firm picks itself is not needed before the first pay application.
fn prepare(created: &ProjectCreated, context: &Context<'_>) -> Plan {
    let creates = context.settings.class_tracking.mode == ClassMode::AutoCreate;
    Plan {
        document: Document::Project(created.clone()).reference(),
        revision: 1,
        number: None,
        customer: created.customer.id.clone(),
        project: Some(created.project.id.clone()),
        classed: creates && context.books.classes != ClassUse::None,
        currency: context.home_currency(),
        postings: Vec::new(),
    }
}

impl Plan {
    /// Fingerprint of everything that would be posted, in hex. Equal plans have equal hashes on every machine and
    /// in every release.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet plan 1", self)
    }

    /// What all postings together do to the ledger.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.postings
            .iter()
            .map(|planned| planned.posting.effect())
            .sum()
    }

    /// The accounts that need a service item.
    #[must_use]
    pub fn items(&self) -> BTreeSet<LineAccount> {
        self.postings
            .iter()
            .flat_map(|planned| planned.posting.items())
            .collect()
    }

    /// RIVET's id of the customer.
    #[must_use]
    pub fn customer(&self) -> &Id {
        &self.customer
    }

    /// RIVET's id of the project.
    #[must_use]
    pub fn project(&self) -> Option<&Id> {
        self.project.as_ref()
    }

    /// RIVET's id of the project whose class is needed, if one is.
    #[must_use]
    pub fn class(&self) -> Option<&Id> {
        self.project.as_ref().filter(|_| self.classed)
    }

    /// The documents that it pays for.
    #[must_use]
    pub fn targets(&self) -> Vec<DocumentRef> {
        self.postings
            .iter()
            .flat_map(|planned| planned.posting.targets())
            .collect()
    }
}
