//! The figures of one document.

use crate::subledger::balances::Balances;
use crate::subledger::counterparts::{accept_pairs, mark_void};
use crate::subledger::transaction_figures::{Standing, TransactionFigures};
use billing::{DocumentRef, Id};
use mapping::PostedObject;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The transactions of a document, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFigures {
    /// The document.
    pub document: DocumentRef,
    /// RIVET's id of the customer.
    pub customer: Id,
    /// The amount that payments entered in QuickBooks pay of the document, as RIVET last noticed it.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub paid_by_others: Decimal,
    /// The transactions.
    pub transactions: Vec<TransactionFigures>,
}

impl DocumentFigures {
    /// Returns the figures of a document with these posted objects. `None` if there are none.
    pub fn of(document: &DocumentRef, posted: &[PostedObject]) -> Option<Self> {
        let customer = posted.first()?.posting.customer().clone();
        let mut figures = Self {
            document: document.clone(),
            customer,
            paid_by_others: Decimal::ZERO,
            transactions: posted.iter().map(TransactionFigures::of).collect(),
        };
        accept_pairs(&mut figures.transactions, posted);
        mark_void(&mut figures.transactions);
        Some(figures)
    }

    /// Accepts every transaction as QuickBooks has it, because RIVET leaves the document alone.
    pub fn accept_all(&mut self) {
        for transaction in &mut self.transactions {
            transaction.standing = Standing::Accepted;
        }
    }

    /// Returns what the transactions come to.
    pub fn balances(&self) -> Balances {
        let counted = self.transactions.iter();
        counted.map(TransactionFigures::counted).sum()
    }

    /// Returns the bytes that the figures take in a record, roughly.
    pub(super) fn size(&self) -> usize {
        let transactions = self.transactions.iter();
        120 + transactions.map(TransactionFigures::size).sum::<usize>()
    }
}
