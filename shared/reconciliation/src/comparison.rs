//! Compares RIVET's side with the books, transaction by transaction. The functions are pure.
//!
//! Each transaction becomes entries with RIVET's figures and those of QuickBooks. All sums are sums of entries. So the entries that differ
//! always explain the whole difference.

// Top first: a module uses only modules below it.
#[cfg(test)]
mod properties;
mod others;
mod reversed_pairs;
mod payments;
mod remainders;
mod documents;
mod found_transaction;
pub mod totals;
mod wording;
pub mod entry;
pub mod balance_pair;
pub(crate) mod company_books;

pub use crate::comparison::balance_pair::Pair;
pub use crate::comparison::entry::{Entry, Pile};
pub use crate::comparison::totals::{ProjectTotals, Totals};

use crate::comparison::company_books::CompanyBooks;
use crate::rivet_side::RivetSide;

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The sums by account, customer and project.
    pub totals: Totals,
    /// The entries that differ.
    pub differing: Vec<Entry>,
}

impl Comparison {
    /// Adds an entry to the sums, and keeps it if it differs.
    fn add(&mut self, entry: Entry) {
        self.totals.add(&entry);
        if entry.pile().is_some() {
            self.differing.push(entry);
        }
    }

    /// Returns the entries of a pile.
    pub fn pile(&self, pile: Pile) -> impl Iterator<Item = &Entry> {
        let entries = self.differing.iter();
        entries.filter(move |entry| entry.pile() == Some(pile))
    }

    /// Returns whether nothing differs.
    pub fn is_tied_out(&self) -> bool {
        self.differing.is_empty()
    }
}

/// Compares RIVET's side with the books.
pub(crate) fn compare(rivet: &RivetSide, books: &CompanyBooks<'_>) -> Comparison {
    let mut comparison = Comparison::default();
    let mut lag = remainders::Lag::default();
    let projects = rivet.projects_of();
    for document in &rivet.documents {
        let compared = documents::compare(document, books);
        lag.add(&compared);
        compared
            .entries
            .into_iter()
            .for_each(|entry| comparison.add(entry));
        comparison.totals.add_document(document, &projects);
    }
    for entry in payments::applied_differently(rivet, books) {
        comparison.add(entry);
    }
    for entry in others::entries(rivet, books) {
        comparison.add(entry);
    }
    for entry in remainders::openings(rivet, books) {
        comparison.add(entry);
    }
    let remainders = remainders::entries(rivet, books, &comparison.totals, &lag);
    remainders
        .into_iter()
        .for_each(|entry| comparison.add(entry));
    comparison.totals.add_parties(rivet);
    comparison
}
