//! A page of the copy of a company's books.

use crate::books_copy::kept_transaction::KeptTransaction;
use ports::entropy::digest;
use ports::records::Record;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// The most bytes that a page takes, roughly.
const MAX_BYTES: usize = 40 * 1024;

/// Transactions of a company. A stored page never changes, and its name is the digest of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPage(Vec<KeptTransaction>);

impl KeptPage {
    /// Returns a page with one transaction.
    pub fn of(transaction: KeptTransaction) -> Self {
        Self(vec![transaction])
    }

    /// Returns the transactions.
    pub fn transactions(&self) -> &[KeptTransaction] {
        &self.0
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the page has room for another transaction.
    pub fn has_room(&self) -> bool {
        let bytes: usize = self.0.iter().map(KeptTransaction::size).sum();
        bytes < MAX_BYTES
    }

    /// Adds a transaction.
    pub fn add(&mut self, transaction: KeptTransaction) {
        self.0.push(transaction);
    }

    /// Replaces a transaction by its newer version. Returns whether the page has it.
    pub fn replace(&mut self, newer: &KeptTransaction) -> bool {
        let mut known = self.0.iter_mut();
        match known.find(|known| known.is(newer.kind, &newer.id)) {
            Some(known) => {
                known.clone_from(newer);
                true
            }
            None => false,
        }
    }

    /// Removes a transaction.
    pub fn remove(&mut self, kind: TxnType, id: &str) {
        self.0.retain(|known| !known.is(kind, id));
    }

    /// Returns the name of the page, which depends on its content alone.
    pub(super) fn name(&self) -> String {
        let lines = self.0.iter().map(|known| String::from(known.clone()));
        digest(&lines.collect::<Vec<_>>().join("\n"))
    }
}

impl Record for KeptPage {
    const KIND: &'static str = "books-page";
}
