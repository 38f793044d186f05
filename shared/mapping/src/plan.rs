//! The posting plan: all transactions that a document becomes.

use std::collections::BTreeSet;

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::effect::Effect;
use crate::naming;
use crate::posting::{LineAccount, Posting};
use crate::slot::Slot;

/// All transactions that one revision of a document becomes, with RIVET's ids of customer and project.
///
/// The planner makes a plan anew whenever a document is processed. The [hash](Self::hash) covers the JSON of the plan, so serialized
/// names never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PostingPlan {
    /// The planned document.
    pub document: DocumentRef,
    /// The planned revision of the document.
    pub revision: u32,
    /// Document number of the main form. Payments and projects have none.
    pub number: Option<String>,
    /// RIVET's id of the customer.
    pub customer: Id,
    /// RIVET's id of the project. A payment has none, because it may pay for several projects.
    pub project: Option<Id>,
    /// True if the postings need the project's class: the company tracks classes and the firm uses them.
    #[serde(rename = "classed")]
    pub is_classed: bool,
    /// True if the transactions name the project's job in place of the customer.
    #[serde(rename = "job", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_for_job: bool,
    /// ISO 4217 code of the transactions; only in companies that use several currencies. A new customer gets the same currency.
    pub currency: Option<String>,
    /// The transactions, in the order of their creation. A project has none: it only prepares customer and class.
    pub postings: Vec<PlannedPosting>,
}

/// A transaction of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedPosting {
    /// The slot of the transaction. A plan uses each slot at most once.
    pub slot: Slot,
    /// The transaction.
    pub posting: Posting,
}

/// A plan that is not checked yet, beside the effect that the document's own figures demand.
#[derive(Debug)]
pub(crate) struct UncheckedPlan {
    /// The plan.
    pub plan: PostingPlan,
    /// The effect on the ledger by the document's own figures.
    pub stated_effect: Effect,
}

impl PostingPlan {
    /// Returns a SHA-256 digest, in hex, of everything that would be posted. Equal plans have equal hashes on every machine and in every
    /// release.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet plan 1", self)
    }

    /// Returns the plan on another day: the document's own one is in closed books. Its period stays in the texts.
    #[must_use]
    pub fn moved_to(mut self, day: Date) -> Self {
        for planned in &mut self.postings {
            let posting = &mut planned.posting;
            posting.move_to(day, &naming::moved_words(day));
            let note = naming::moved_note(posting.note(), day);
            posting.set_note(&note);
        }
        self
    }

    /// Returns the plan on the day on which its document is posted. A document that was moved out of closed books stays where it is.
    #[must_use]
    pub fn on_day(&self, posting_day: Option<Date>) -> Self {
        let own = self.day();
        let moved = posting_day.filter(|day| own.is_some_and(|own| own < *day));
        match moved {
            Some(day) => self.clone().moved_to(day),
            None => self.clone(),
        }
    }

    /// Returns the day of the postings, `None` if there are none.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.postings.first().map(|planned| planned.posting.date())
    }

    /// Returns the effect of all postings together on the ledger.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.postings
            .iter()
            .map(|planned| planned.posting.effect())
            .sum()
    }

    /// Returns the accounts that need a service item.
    #[must_use]
    pub fn items(&self) -> BTreeSet<LineAccount> {
        let mut items = BTreeSet::new();
        for planned in &self.postings {
            items.extend(planned.posting.items());
        }
        items
    }

    /// Returns RIVET's id of the project whose class the postings need, `None` if they need no class.
    #[must_use]
    pub fn class(&self) -> Option<&Id> {
        self.project.as_ref().filter(|_| self.is_classed)
    }

    /// Returns the documents whose credits the plan uses; only plans of payments have some.
    #[must_use]
    pub fn credits(&self) -> Vec<DocumentRef> {
        let postings = self.postings.iter();
        let receipts = postings.filter_map(|planned| match &planned.posting {
            Posting::Payment(receipt) => Some(receipt),
            _ => None,
        });
        let credits = receipts.flat_map(|receipt| &receipt.credits);
        credits.map(|share| share.document.clone()).collect()
    }

    /// Returns the documents that the plan pays for, and those whose credits it uses; only plans of payments have some.
    #[must_use]
    pub fn targets(&self) -> Vec<DocumentRef> {
        self.postings
            .iter()
            .flat_map(|planned| planned.posting.targets())
            .collect()
    }
}
