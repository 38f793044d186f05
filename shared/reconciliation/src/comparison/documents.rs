//! Compares the transactions of one document with the books.

use crate::comparison::balance_pair::Pair;
use crate::comparison::company_books::CompanyBooks;
use crate::comparison::entry::{Entry, at_home};
use crate::comparison::found_transaction::{FoundTransaction, find, shown};
use crate::comparison::wording;
use crate::rivet_side::{RivetDocument, Unposted};
use billing::Id;
use rust_decimal::Decimal;
use store::document::TransactionKey;
use store::subledger::{Balances, Standing, TransactionFigures};

/// The entries of a document.
#[derive(Default)]
pub(crate) struct ComparedDocument {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The customer of the document, as the books count it.
    pub owner: Option<Id>,
    /// The amounts that were taken from RIVET's own records because the copy lags, less those that the copy shows.
    pub ahead: Balances,
    /// The retainage among them, in the company's own currency.
    pub retainage_ahead: Decimal,
}

/// Compares a document.
pub(crate) fn compare(document: &RivetDocument, books: &CompanyBooks<'_>) -> ComparedDocument {
    let owner = owner_of(document, books);
    let mut compared = ComparedDocument {
        owner: Some(owner.clone()),
        ..ComparedDocument::default()
    };
    let mut found = Vec::new();
    for figures in &document.figures.transactions {
        let present = find(figures, books, &owner);
        if present.is_ahead {
            let ahead = present.balances - shown(figures, books, &owner);
            compared.ahead += ahead;
            compared.retainage_ahead += at_home(ahead, present.rate).retainage;
        }
        found.push(present);
    }
    let template = Entry {
        document: Some(document.figures.document.clone()),
        rate: books.rate_of(&owner),
        customer: Some(owner),
        project: document.project.clone(),
        state: document.state.clone(),
        ..Entry::default()
    };
    match &document.unposted {
        Some(unposted) => compared
            .entries
            .push(unposted_entry(&template, unposted, &found)),
        None => compared.entries.extend(posted_entries(&template, &found)),
    }
    compared.entries.extend(moved_entries(&template, &found));
    compared
}

/// Returns the customer of RIVET's to whom the document counts.
fn owner_of(document: &RivetDocument, books: &CompanyBooks<'_>) -> Id {
    let mut transactions = document.figures.transactions.iter();
    let known = transactions.find_map(|figures| books.owners.get(&figures.customer));
    known.unwrap_or(&document.figures.customer).clone()
}

/// Returns the entry of a document whose newest revision or void is not posted.
fn unposted_entry(template: &Entry, unposted: &Unposted, found: &[FoundTransaction<'_>]) -> Entry {
    let first = found.first();
    let quickbooks = found.iter().map(|found| found.balances).sum();
    let mut entry = Entry {
        transaction: first.map(|found| key(found.figures)),
        number: unposted.number.clone(),
        date: unposted.date,
        amount: Pair {
            rivet: unposted.total,
            quickbooks: first.map(|found| found.total).unwrap_or_default(),
        },
        balances: Pair {
            rivet: unposted.balances,
            quickbooks,
        },
        ..template.clone()
    };
    entry.sentence = wording::unposted(&entry);
    entry
}

/// Returns an entry for each transaction of a posted document.
fn posted_entries(template: &Entry, found: &[FoundTransaction<'_>]) -> Vec<Entry> {
    let is_inactive = |found: &&FoundTransaction<'_>| !found.figures.counts();
    let inactive = found.iter().filter(is_inactive);
    let rest: Balances = inactive.map(|found| found.balances).sum();
    let mut entries = Vec::new();
    for found in found {
        let rivet = match found.figures.standing {
            Standing::Active => found.figures.balances,
            Standing::Accepted => found.balances,
            Standing::Inactive | Standing::Void if rest.is_zero() => found.balances,
            Standing::Inactive | Standing::Void => Balances::default(),
        };
        let balances = Pair {
            rivet,
            quickbooks: found.balances,
        };
        entries.push(posted_entry(template, found, balances));
    }
    entries
}

fn posted_entry(template: &Entry, found: &FoundTransaction<'_>, balances: Pair<Balances>) -> Entry {
    let figures = found.figures;
    let is_void = !figures.counts();
    let mut entry = Entry {
        transaction: Some(key(figures)),
        number: figures.number.clone(),
        date: Some(figures.date),
        amount: Pair {
            rivet: if is_void {
                Decimal::ZERO
            } else {
                figures.total
            },
            quickbooks: found.total,
        },
        balances,
        rate: found.rate,
        ..template.clone()
    };
    if entry.pile().is_some() {
        entry.sentence = sentence(&entry, found);
    }
    entry
}

fn sentence(entry: &Entry, found: &FoundTransaction<'_>) -> String {
    match found.elsewhere.is_empty() {
        false => wording::moved_away(entry),
        true if !found.figures.counts() => wording::still_counts(entry),
        true => wording::posted(entry, found.fate),
    }
}

/// Returns an entry for each part of a transaction that counts to another customer.
fn moved_entries(template: &Entry, found: &[FoundTransaction<'_>]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for found in found {
        for part in &found.elsewhere {
            let is_accepted = found.figures.standing == Standing::Accepted;
            let rivet = if is_accepted {
                part.balances
            } else {
                Balances::default()
            };
            let mut entry = Entry {
                transaction: Some(key(found.figures)),
                number: found.figures.number.clone(),
                date: Some(found.figures.date),
                customer: part.owner.clone(),
                amount: Pair {
                    rivet: Decimal::ZERO,
                    quickbooks: found.total,
                },
                balances: Pair {
                    rivet,
                    quickbooks: part.balances,
                },
                rate: found.rate,
                ..template.clone()
            };
            entry.sentence = wording::moved_here(&entry);
            entries.push(entry);
        }
    }
    entries
}

fn key(figures: &TransactionFigures) -> TransactionKey {
    TransactionKey::new(figures.kind, figures.id.clone())
}
