//! Compares the transactions of one document with the books.

use crate::comparison::balance_pair::Pair;
use crate::comparison::company_books::{CompanyBooks, Part, is_older};
use crate::comparison::entry::{Entry, Fate};
use crate::comparison::wording;
use crate::rivet_side::{RivetDocument, Unposted};
use billing::Id;
use rust_decimal::Decimal;
use store::books_copy::KeptTransaction;
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
}

/// A transaction of a document as the books have it.
struct FoundTransaction<'a> {
    figures: &'a TransactionFigures,
    /// The effect with the document's customer.
    balances: Balances,
    /// The parts with other customers.
    elsewhere: Vec<Part>,
    total: Decimal,
    fate: Fate,
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
        compared.ahead += present.balances - shown(figures, books, &owner);
        found.push(present);
    }
    let template = Entry {
        document: Some(document.figures.document.clone()),
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

/// Finds a transaction in the books. What RIVET wrote after the copy was read counts as written.
fn find<'a>(
    figures: &'a TransactionFigures,
    books: &CompanyBooks<'_>,
    owner: &Id,
) -> FoundTransaction<'a> {
    let row = books.row(figures.kind, &figures.id);
    let written = |balances| FoundTransaction {
        figures,
        balances,
        elsewhere: Vec::new(),
        total: figures.total,
        fate: Fate::Stands,
    };
    match row {
        Some(row) if is_older(row, figures) => written(written_balances(figures)),
        Some(row) => read(figures, books, row, owner),
        None if books.may_lack(figures.kind, &figures.id, figures.written_at) => {
            written(written_balances(figures))
        }
        None => FoundTransaction {
            fate: Fate::Gone,
            total: Decimal::ZERO,
            ..written(Balances::default())
        },
    }
}

/// Returns the effect of a transaction as RIVET wrote it last.
fn written_balances(figures: &TransactionFigures) -> Balances {
    match figures.standing == Standing::Void {
        true => Balances::default(),
        false => figures.balances,
    }
}

fn read<'a>(
    figures: &'a TransactionFigures,
    books: &CompanyBooks<'_>,
    row: &KeptTransaction,
    owner: &Id,
) -> FoundTransaction<'a> {
    let parts = books.parts(row);
    let is_own = |part: &Part| {
        part.owner.as_ref() == Some(owner) || (part.owner.is_none() && !part.is_others)
    };
    let (own, elsewhere): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(is_own);
    let is_void = row.total.is_zero() && !figures.total.is_zero();
    let fate = if is_void { Fate::Voided } else { Fate::Stands };
    FoundTransaction {
        figures,
        balances: own.iter().map(|part| part.balances).sum(),
        elsewhere,
        total: row.total,
        fate,
    }
}

/// Returns the effect that the copy shows with the document's customer.
fn shown(figures: &TransactionFigures, books: &CompanyBooks<'_>, owner: &Id) -> Balances {
    let row = books.row(figures.kind, &figures.id);
    row.map_or_else(Balances::default, |row| {
        read(figures, books, row, owner).balances
    })
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
        ..template.clone()
    };
    entry.sentence = match found.elsewhere.is_empty() {
        false => wording::moved_away(&entry),
        true if is_void => wording::still_counts(&entry),
        true => wording::posted(&entry, found.fate),
    };
    entry
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
