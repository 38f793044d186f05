//! RIVET's own account of what its documents come to, by project and customer, so that the books can be compared with it.
//!
//! The figures of documents are part of the records of projects and of customers' payments, which workers write anyway. The record of
//! this module lists those projects and customers. Workers write it once for each of them.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod figure_log;
pub mod document_figures;
mod counterparts;
pub mod transaction_figures;
pub mod facts;
pub mod balances;

pub use crate::subledger::balances::Balances;
pub use crate::subledger::document_figures::DocumentFigures;
pub use crate::subledger::facts::{CustomerFacts, ProjectFacts};
pub use crate::subledger::figure_log::FigureLog;
pub use crate::subledger::transaction_figures::{Standing, TransactionFigures};

use crate::line::{Line, stored_as_line};
use billing::Id;
use jiff::civil::Date;
use ports::records::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parties that the record itself lists. Older ones are on pages.
const LISTED: usize = 400;

/// The projects and customers of a firm that have figures, and the accounts that RIVET posted to. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subledger {
    /// The earliest day of a posting.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub since: Option<Date>,
    /// The accounts that RIVET posted to, with their purposes.
    #[serde(default)]
    pub accounts: BTreeMap<String, AccountUse>,
    /// The newest projects and customers.
    parties: Vec<Party>,
    /// The number of full pages with older ones.
    #[serde(default)]
    pages: u32,
}

/// The use that RIVET's postings make of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountUse {
    /// Accounts Receivable.
    Receivable,
    /// Retainage Receivable.
    Retainage,
    /// Contract revenue.
    Revenue,
}

/// A project or customer with figures. Stored as one line, `project prj_1042`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Party {
    /// A project, whose record has the figures of its pay apps and releases.
    Project(Id),
    /// A customer, whose record of payments has their figures.
    Customer(Id),
}

/// Older projects and customers. A page never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyPage(Vec<Party>);

impl Subledger {
    /// Adds a party. A party that was added before a crash may be listed twice.
    fn add(&mut self, party: &Party) {
        if !self.parties.contains(party) {
            self.parties.push(party.clone());
        }
    }

    /// Moves the oldest parties to a page, if there are too many. Returns the page, which must be saved first.
    fn take_page(&mut self) -> Option<PartyPage> {
        if self.parties.len() <= LISTED {
            return None;
        }
        let rest = self.parties.split_off(LISTED);
        self.pages += 1;
        Some(PartyPage(std::mem::replace(&mut self.parties, rest)))
    }

    /// Returns the number of full pages.
    pub(crate) fn page_count(&self) -> u32 {
        self.pages
    }

    /// Adds a day on which something posts.
    fn add_day(&mut self, day: Date) {
        self.since = Some(self.since.map_or(day, |since| since.min(day)));
    }
}

impl Line for Party {
    const EXPECTED: &'static str = "must be a project or customer";

    fn read(line: &str) -> Option<Self> {
        let (kind, id) = line.split_once(' ')?;
        let id = id.parse().ok()?;
        match kind {
            "project" => Some(Self::Project(id)),
            "customer" => Some(Self::Customer(id)),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Project(id) => format!("project {id}"),
            Self::Customer(id) => format!("customer {id}"),
        }
    }
}

stored_as_line!(Party);

impl Record for Subledger {
    const KIND: &'static str = "subledger";
}

impl Record for PartyPage {
    const KIND: &'static str = "subledger-page";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(number: usize) -> Party {
        Party::Project(format!("prj_{number}").parse().unwrap())
    }

    #[test]
    fn full_list_moves_to_a_page() {
        let mut subledger = Subledger::default();
        (0..LISTED).for_each(|number| subledger.add(&project(number)));
        subledger.add(&project(3));
        assert_eq!(subledger.take_page(), None);
        subledger.add(&project(LISTED));
        let PartyPage(page) = subledger.take_page().unwrap();
        assert_eq!((page.len(), &page[0]), (LISTED, &project(0)));
        assert_eq!(
            (subledger.parties, subledger.pages),
            (vec![project(LISTED)], 1)
        );
    }

    #[test]
    fn stored_subledger_loads_unchanged() {
        let mut subledger = Subledger::default();
        subledger.add(&project(1));
        subledger.add(&Party::Customer("gc_1".parse().unwrap()));
        subledger.add_day("2026-03-31".parse().unwrap());
        subledger.add_day("2026-04-30".parse().unwrap());
        subledger
            .accounts
            .insert("91".into(), AccountUse::Retainage);
        let stored = serde_json::to_string(&subledger).unwrap();
        let expected = r#"{"since":"2026-03-31","accounts":{"91":"retainage"},"parties":["project prj_1","customer gc_1"],"pages":0}"#;
        assert_eq!(stored, expected);
        assert_eq!(
            serde_json::from_str::<Subledger>(&stored).unwrap(),
            subledger
        );
    }
}
