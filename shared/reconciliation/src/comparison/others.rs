//! The transactions of RIVET's customers, or on RIVET's accounts, that people entered in QuickBooks.

use crate::comparison::balance_pair::Pair;
use crate::comparison::company_books::{CompanyBooks, Part};
use crate::comparison::entry::Entry;
use crate::comparison::payments::Receivables;
use crate::comparison::reversed_pairs::{OtherTransaction, without_reversed_pairs};
use crate::comparison::wording;
use crate::rivet_side::RivetSide;
use billing::DocumentRef;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use store::books_copy::KeptTransaction;
use store::document::TransactionKey;
use store::subledger::Balances;

/// Returns the entries of all transactions that RIVET did not post and that concern its customers, projects or retainage.
pub(super) fn entries(rivet: &RivetSide, books: &CompanyBooks<'_>) -> Vec<Entry> {
    let own = own_transactions(rivet);
    let receivables = Receivables::of(rivet);
    let mut known = KnownPayments::of(rivet);
    let is_other = |row: &&KeptTransaction| {
        let key = TransactionKey::new(row.kind, row.id.clone());
        !own.contains(&key)
    };
    let others = books.rows().filter(is_other).map(|row| OtherTransaction {
        row,
        parts: books.parts(row),
    });
    let others = others.filter(|other| concerns_rivet(&other.parts));
    let mut entries = Vec::new();
    for OtherTransaction { row, parts } in without_reversed_pairs(others.collect()) {
        let known = match row.kind {
            TxnType::Payment => known.take(row, &receivables),
            _ => Decimal::ZERO,
        };
        let key = TransactionKey::new(row.kind, row.id.clone());
        let template = Entry {
            sentence: wording::entered(&key),
            transaction: Some(key),
            number: row.number.clone(),
            date: row.date,
            ..Entry::default()
        };
        let counted = parts.into_iter().filter(|part| !part.balances.is_zero());
        entries.extend(counted.map(|part| entered(&template, row, Known { part, known })));
    }
    entries
}

/// A part of a transaction, and the amount of it that RIVET noticed.
struct Known {
    part: Part,
    known: Decimal,
}

fn entered(template: &Entry, row: &KeptTransaction, counted: Known) -> Entry {
    let Known { part, known } = counted;
    let known = if part.balances.receivable.is_zero() {
        Decimal::ZERO
    } else {
        known
    };
    let rivet = Balances {
        receivable: -known,
        ..Balances::default()
    };
    Entry {
        sentence: match known.is_zero() {
            true => template.sentence.clone(),
            false => wording::entered_partly(known),
        },
        customer: part.owner,
        project: part.project,
        rate: row.rate,
        amount: Pair {
            rivet: known,
            quickbooks: row.total,
        },
        balances: Pair {
            rivet,
            quickbooks: part.balances,
        },
        ..template.clone()
    }
}

/// Returns whether a transaction is on the retainage account, or of a customer or project of RIVET's.
fn concerns_rivet(parts: &[Part]) -> bool {
    parts.iter().any(|part| {
        let is_named = part.owner.is_some() || part.project.is_some();
        !part.balances.retainage.is_zero() || (is_named && !part.balances.is_zero())
    })
}

fn own_transactions(rivet: &RivetSide) -> BTreeSet<TransactionKey> {
    let documents = rivet.documents.iter();
    let figures = documents.flat_map(|document| &document.figures.transactions);
    figures
        .map(|figures| TransactionKey::new(figures.kind, figures.id.clone()))
        .collect()
}

/// The amounts that payments entered in QuickBooks pay of documents, as far as RIVET noticed them and no transaction is found yet.
struct KnownPayments(BTreeMap<DocumentRef, Decimal>);

impl KnownPayments {
    fn of(rivet: &RivetSide) -> Self {
        let documents = rivet.documents.iter();
        let paid = documents.map(|document| {
            (
                document.figures.document.clone(),
                document.figures.paid_by_others,
            )
        });
        Self(paid.filter(|(_, paid)| *paid > Decimal::ZERO).collect())
    }

    /// Takes the amount that RIVET noticed of a payment, at most its total.
    fn take(&mut self, payment: &KeptTransaction, receivables: &Receivables<'_>) -> Decimal {
        let mut taken = Decimal::ZERO;
        for link in &payment.links {
            let document = receivables.document(link.kind, &link.id);
            let left = document.and_then(|document| self.0.get_mut(&document.figures.document));
            if let Some(left) = left {
                let amount = link.amount.min(*left).min(payment.total - taken);
                *left -= amount;
                taken += amount;
            }
        }
        taken
    }
}
