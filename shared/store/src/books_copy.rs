//! The copy of a company's books: its transactions since a day, as last read. A later comparison reads only what changed.

// Top first: a module uses only modules below it.
pub mod operations;
pub mod kept_page;
pub mod kept_transaction;
pub mod kept_customer;

pub use crate::books_copy::kept_customer::KeptCustomer;
pub use crate::books_copy::kept_page::KeptPage;
pub use crate::books_copy::kept_transaction::{KeptLine, KeptLink, KeptTransaction};

use crate::document::TransactionKey;
use crate::loose_pages::LoosePages;
use jiff::Timestamp;
use jiff::civil::Date;
use ports::records::Record;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The balances of a company and the names of the pages with its transactions. Requests that compare the books write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BooksCopy {
    /// The time of the sign-in whose company was read.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The first day of the transactions.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub since: Option<Date>,
    /// The time of the last read.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub read_at: Option<Timestamp>,
    /// The time since which the next read asks for changes.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub cursor: Option<Timestamp>,
    /// The number of reads that the last read took.
    #[serde(default)]
    pub reads: u32,
    /// The accounts whose lines were kept, with their balances.
    #[serde(default)]
    pub accounts: Vec<KeptAccount>,
    /// RIVET's customers and all jobs, with their balances.
    #[serde(default)]
    pub customers: Vec<KeptCustomer>,
    /// RIVET's transactions that were read by their ids and are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<TransactionKey>,
    /// The names of the pages.
    #[serde(default)]
    pages: Vec<String>,
    /// The pages that requests may still write, or have not removed yet.
    #[serde(default, skip_serializing_if = "LoosePages::is_empty")]
    loose: LoosePages,
}

/// An account whose lines are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAccount {
    /// The id of the account.
    pub id: String,
    /// The name with those of its parents.
    pub name: String,
    /// True if it is an Accounts Receivable account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_receivable: bool,
    /// The balance without those of sub-accounts. QuickBooks shows zero for income accounts.
    pub balance: Decimal,
}

/// A copy with its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadedCopy {
    /// The balances and the facts about the read.
    pub copy: BooksCopy,
    /// The transactions, page by page.
    pub pages: Vec<KeptPage>,
}

impl BooksCopy {
    /// Returns the names of all pages that may exist.
    pub(crate) fn written_pages(&self) -> impl Iterator<Item = &String> {
        self.loose.names().chain(&self.pages)
    }

    /// Returns whether the lines of an account were kept.
    pub fn has_account(&self, id: &str) -> bool {
        self.accounts.iter().any(|account| account.id == id)
    }
}

impl LoadedCopy {
    /// Returns all transactions.
    pub fn transactions(&self) -> impl Iterator<Item = &KeptTransaction> {
        self.pages.iter().flat_map(KeptPage::transactions)
    }

    /// Replaces a transaction, or adds it.
    pub fn set(&mut self, transaction: KeptTransaction) {
        let mut pages = self.pages.iter_mut();
        if pages.any(|page| page.replace(&transaction)) {
            return;
        }
        self.add(transaction);
    }

    /// Adds a transaction that is not there.
    pub fn add(&mut self, transaction: KeptTransaction) {
        match self.pages.last_mut().filter(|page| page.has_room()) {
            Some(page) => page.add(transaction),
            None => self.pages.push(KeptPage::of(transaction)),
        }
    }

    /// Removes a transaction.
    pub fn remove(&mut self, kind: TxnType, id: &str) {
        self.pages.iter_mut().for_each(|page| page.remove(kind, id));
        self.pages.retain(|page| !page.is_empty());
    }
}

impl Record for BooksCopy {
    const KIND: &'static str = "books";
}
