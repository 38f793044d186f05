//! What stands in the books for a document, before anything of QuickBooks' is known about it.

mod journal;
mod receipt;
mod sale;

pub use journal::{Journal, JournalLine, JournalRole, Side};
pub use receipt::{Receipt, Share};
pub use sale::{LineAccount, Role, Sale, SaleLine};

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;

/// One QuickBooks transaction, as we want it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// A bill.
    Invoice(Sale),
    /// A bill turned round, for a document whose net is negative; its lines have the opposite sign of the document's.
    CreditMemo(Sale),
    /// Debits and credits.
    JournalEntry(Journal),
    /// Money received.
    Payment(Receipt),
}

impl Posting {
    /// The kind of object that it becomes.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invoice(_) => Kind::Invoice,
            Self::CreditMemo(_) => Kind::CreditMemo,
            Self::JournalEntry(_) => Kind::JournalEntry,
            Self::Payment(_) => Kind::Payment,
        }
    }

    /// The same, as links between transactions name it.
    #[must_use]
    pub fn txn_type(&self) -> TxnType {
        match self {
            Self::Invoice(_) => TxnType::Invoice,
            Self::CreditMemo(_) => TxnType::CreditMemo,
            Self::JournalEntry(_) => TxnType::JournalEntry,
            Self::Payment(_) => TxnType::Payment,
        }
    }

    /// What marks it as ours: the text of its `PrivateNote`. It ends in the document, its revision and what the transaction is
    /// to it, so each has its own, no note is the end of another one, and a word that QuickBooks puts in front does no harm.
    #[must_use]
    pub fn note(&self) -> &str {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &sale.note,
            Self::JournalEntry(journal) => &journal.note,
            Self::Payment(receipt) => &receipt.note,
        }
    }

    /// RIVET's id of the customer.
    #[must_use]
    pub fn customer(&self) -> &Id {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &sale.customer,
            Self::JournalEntry(journal) => &journal.customer,
            Self::Payment(receipt) => &receipt.customer,
        }
    }

    /// RIVET's id of the project; a payment may be for several, so it has none.
    #[must_use]
    pub fn project(&self) -> Option<&Id> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => Some(&sale.project),
            Self::JournalEntry(journal) => Some(&journal.project),
            Self::Payment(_) => None,
        }
    }

    /// By how much it raises what is withheld; negative for a release.
    #[must_use]
    pub fn retainage(&self) -> Decimal {
        self.effect().retainage
    }

    /// The documents that it pays for.
    #[must_use]
    pub fn targets(&self) -> Vec<DocumentRef> {
        match self {
            Self::Payment(receipt) => receipt
                .applied
                .iter()
                .map(|share| share.document.clone())
                .collect(),
            Self::Invoice(_) | Self::CreditMemo(_) | Self::JournalEntry(_) => Vec::new(),
        }
    }

    /// The number that it is to have; payments have none.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.number.as_deref(),
            Self::JournalEntry(journal) => journal.number.as_deref(),
            Self::Payment(_) => None,
        }
    }

    /// Gives it another number; payments have none.
    pub(crate) fn renumber(&mut self, number: Option<&str>) {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.number = number.map(str::to_owned),
            Self::JournalEntry(journal) => journal.number = number.map(str::to_owned),
            Self::Payment(_) => {}
        }
    }

    /// The day it posts on.
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.date,
            Self::JournalEntry(journal) => journal.date,
            Self::Payment(receipt) => receipt.date,
        }
    }

    /// The accounts that need a service item, one per line.
    #[must_use]
    pub fn items(&self) -> Vec<LineAccount> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => {
                sale.lines.iter().map(|line| line.account.clone()).collect()
            }
            Self::JournalEntry(_) | Self::Payment(_) => Vec::new(),
        }
    }

    /// What it does to the ledger once it stands.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Invoice(sale) => sale.effect(),
            Self::CreditMemo(sale) => -sale.effect(),
            Self::JournalEntry(journal) => journal.effect(),
            Self::Payment(receipt) => receipt.effect(),
        }
    }

    /// What it comes to: the total of a form or payment, the debits of an entry.
    #[must_use]
    pub fn total(&self) -> Decimal {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.total(),
            Self::JournalEntry(journal) => journal.total(),
            Self::Payment(receipt) => receipt.total,
        }
    }

    /// Marks it as made for the `nth` time: a void one may still carry the mark of the first.
    pub fn made_again(&mut self, nth: u32) {
        let note = match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &mut sale.note,
            Self::JournalEntry(journal) => &mut journal.note,
            Self::Payment(receipt) => &mut receipt.note,
        };
        note.push_str(&format!(" again {nth}"));
    }
}
