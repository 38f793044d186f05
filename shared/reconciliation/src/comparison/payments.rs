//! Finds payments of RIVET's that pay other documents in QuickBooks than in RIVET.

use crate::comparison::balance_pair::Pair;
use crate::comparison::company_books::{CompanyBooks, is_older};
use crate::comparison::entry::Entry;
use crate::comparison::wording;
use crate::rivet_side::{RivetDocument, RivetSide};
use billing::DocumentRef;
use mapping::money_text;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use store::books_copy::KeptTransaction;
use store::document::TransactionKey;
use store::reason::called;
use store::subledger::{Standing, TransactionFigures};

/// The documents by the transactions that payments are applied to.
pub(super) struct Receivables<'a> {
    documents: BTreeMap<TransactionKey, &'a RivetDocument>,
    numbers: BTreeMap<&'a DocumentRef, &'a str>,
}

impl<'a> Receivables<'a> {
    /// Returns the receivables of all documents.
    pub(super) fn of(rivet: &'a RivetSide) -> Self {
        let mut receivables = Self {
            documents: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        for document in &rivet.documents {
            for figures in &document.figures.transactions {
                if figures.kind != TxnType::Payment && figures.counts() {
                    let key = TransactionKey::new(figures.kind, figures.id.clone());
                    receivables.documents.insert(key, document);
                    let names = &mut receivables.numbers;
                    names
                        .entry(&document.figures.document)
                        .or_insert(&figures.number);
                }
            }
        }
        receivables
    }

    /// Returns the document to which a transaction belongs.
    pub(super) fn document(&self, kind: TxnType, id: &str) -> Option<&'a RivetDocument> {
        let key = TransactionKey::new(kind, id);
        self.documents.get(&key).copied()
    }

    /// Returns the number of a document, or its id.
    fn name(&self, document: &DocumentRef) -> String {
        let number = self
            .numbers
            .get(document)
            .filter(|number| !number.is_empty());
        number.map_or_else(|| document.id.to_string(), |number| (*number).to_owned())
    }
}

/// Returns an entry for each payment whose money is applied to other documents. Its figures agree.
pub(super) fn applied_differently(rivet: &RivetSide, books: &CompanyBooks<'_>) -> Vec<Entry> {
    let receivables = Receivables::of(rivet);
    let mut entries = Vec::new();
    for document in &rivet.documents {
        for figures in &document.figures.transactions {
            let is_compared = figures.kind == TxnType::Payment
                && figures.standing == Standing::Active
                && document.unposted.is_none();
            if is_compared
                && let Some(row) = books.row(figures.kind, &figures.id)
                && row.total == figures.total
                && !is_older(row, figures)
            {
                entries.extend(difference(document, Paid { figures, row }, &receivables));
            }
        }
    }
    entries
}

/// A payment as RIVET posted it, and as QuickBooks has it.
#[derive(Clone, Copy)]
struct Paid<'a> {
    figures: &'a TransactionFigures,
    row: &'a KeptTransaction,
}

fn difference(
    document: &RivetDocument,
    paid: Paid<'_>,
    receivables: &Receivables<'_>,
) -> Option<Entry> {
    let Paid { figures, row } = paid;
    let mut wanted = Shares::new();
    for share in &figures.paid {
        let name = receivables.name(&share.document);
        *wanted.entry(name).or_default() += share.amount.abs();
    }
    let mut found = Shares::new();
    for link in &row.links {
        let target = receivables.document(link.kind, &link.id);
        let name = target.map(|target| receivables.name(&target.figures.document));
        let name = name.unwrap_or_else(|| [called(link.kind), " ", &link.id].concat());
        *found.entry(name).or_default() += link.amount;
    }
    if wanted == found {
        return None;
    }
    let mut entry = Entry {
        document: Some(document.figures.document.clone()),
        transaction: Some(TransactionKey::new(figures.kind, figures.id.clone())),
        number: figures.number.clone(),
        date: Some(figures.date),
        customer: Some(document.figures.customer.clone()),
        state: document.state.clone(),
        amount: Pair::agreed(figures.total),
        rate: row.rate,
        is_applied_differently: true,
        ..Entry::default()
    };
    entry.sentence = wording::applied(&entry, &list(&wanted), &list(&found));
    Some(entry)
}

/// The amounts that a payment applies, by the names of what it pays.
type Shares = BTreeMap<String, Decimal>;

/// Returns the names and amounts as a list in words.
fn list(shares: &Shares) -> String {
    let shares = shares.iter();
    let parts: Vec<String> = shares
        .map(|(name, amount)| format!("{} of {name}", money_text(*amount)))
        .collect();
    match parts.is_empty() {
        true => "nothing".to_owned(),
        false => parts.join(" and "),
    }
}
