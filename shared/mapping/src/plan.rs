//! The posting plan: all that a document becomes.

use std::collections::BTreeSet;

use billing::{DocumentRef, Id};
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::effect::Effect;
use crate::posting::{LineAccount, Posting};
use crate::slot::Slot;

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
        let mut items = BTreeSet::new();
        for planned in &self.postings {
            items.extend(planned.posting.items());
        }
        items
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
