//! The transactions of a document, with RIVET's ids in place of QuickBooks ids.

mod holding;
mod sale;
mod receipt;
mod journal;

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

/// A QuickBooks transaction as RIVET wants it, with RIVET's ids of customer and project.
///
/// Plan hashes and request ids are digests of its JSON, so serialized names never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// A bill to the customer.
    Invoice(Sale),
    /// A credit to the customer, for a document whose net is negative. Its lines have the opposite sign of the document's lines.
    CreditMemo(Sale),
    /// Debits and credits of the same sum.
    JournalEntry(Journal),
    /// Money received from the customer.
    Payment(Receipt),
}

impl Posting {
    /// Returns the kind of QuickBooks object that the posting becomes.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invoice(_) => Kind::Invoice,
            Self::CreditMemo(_) => Kind::CreditMemo,
            Self::JournalEntry(_) => Kind::JournalEntry,
            Self::Payment(_) => Kind::Payment,
        }
    }

    /// Returns the transaction type that links between transactions use.
    #[must_use]
    pub fn txn_type(&self) -> TxnType {
        match self {
            Self::Invoice(_) => TxnType::Invoice,
            Self::CreditMemo(_) => TxnType::CreditMemo,
            Self::JournalEntry(_) => TxnType::JournalEntry,
            Self::Payment(_) => TxnType::Payment,
        }
    }

    /// Returns the origin note: the text of `PrivateNote`, which marks the transaction as RIVET's.
    ///
    /// The note ends in the document, its revision and the slot, so no note is the end of another note. QuickBooks may put a word in
    /// front of it.
    #[must_use]
    pub fn note(&self) -> &str {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &sale.note,
            Self::JournalEntry(journal) => &journal.note,
            Self::Payment(receipt) => &receipt.note,
        }
    }

    /// Returns RIVET's id of the customer.
    #[must_use]
    pub fn customer(&self) -> &Id {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &sale.customer,
            Self::JournalEntry(journal) => &journal.customer,
            Self::Payment(receipt) => &receipt.customer,
        }
    }

    /// Returns RIVET's id of the project. A payment has none, because it may pay for several projects.
    #[must_use]
    pub fn project(&self) -> Option<&Id> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => Some(&sale.project),
            Self::JournalEntry(journal) => journal.project.as_ref(),
            Self::Payment(_) => None,
        }
    }

    /// Returns the amount by which the posting raises Retainage Receivable, negative for a release.
    #[must_use]
    pub fn retainage(&self) -> Decimal {
        self.effect().retainage
    }

    /// Returns the documents that the posting pays for, and those whose credits it uses; only payments have some.
    #[must_use]
    pub fn targets(&self) -> Vec<DocumentRef> {
        match self {
            Self::Payment(receipt) => {
                let shares = receipt.applied.iter().chain(&receipt.credits);
                shares.map(Share::target).collect()
            }
            Self::Invoice(_) | Self::CreditMemo(_) | Self::JournalEntry(_) => Vec::new(),
        }
    }

    /// Returns the wanted document number. Payments have none.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.number.as_deref(),
            Self::JournalEntry(journal) => journal.number.as_deref(),
            Self::Payment(_) => None,
        }
    }

    /// Sets the wanted document number. Payments have none and stay as they are.
    pub fn set_number(&mut self, number: Option<&str>) {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.number = number.map(str::to_owned),
            Self::JournalEntry(journal) => journal.number = number.map(str::to_owned),
            Self::Payment(_) => {}
        }
    }

    /// Returns the day that the transaction posts on.
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.date,
            Self::JournalEntry(journal) => journal.date,
            Self::Payment(receipt) => receipt.date,
        }
    }

    /// Moves the transaction to another day. The customer reads the reason in the memo of a form.
    pub(crate) fn move_to(&mut self, day: Date, reason: &str) {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => {
                sale.date = day;
                sale.memo = format!("{} · {reason}", sale.memo);
            }
            Self::JournalEntry(journal) => journal.date = day,
            Self::Payment(receipt) => receipt.date = day,
        }
    }

    /// Returns the ISO 4217 code of the transaction's currency. `None` in companies with one currency.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.currency.as_deref(),
            Self::JournalEntry(journal) => journal.currency.as_deref(),
            Self::Payment(receipt) => receipt.currency.as_deref(),
        }
    }

    /// Returns the accounts that need a service item, one for each line of a sales form.
    #[must_use]
    pub fn items(&self) -> Vec<LineAccount> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => {
                sale.lines.iter().map(|line| line.account.clone()).collect()
            }
            Self::JournalEntry(_) | Self::Payment(_) => Vec::new(),
        }
    }

    /// Returns the effect of the transaction on the ledger.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Invoice(sale) => sale.effect(),
            Self::CreditMemo(sale) => -sale.effect(),
            Self::JournalEntry(journal) => journal.effect(),
            Self::Payment(receipt) => receipt.effect(),
        }
    }

    /// Returns the total of a form or payment, or the sum of the debits of a journal entry.
    #[must_use]
    pub fn total(&self) -> Decimal {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.total(),
            Self::JournalEntry(journal) => journal.total(),
            Self::Payment(receipt) => receipt.total,
        }
    }

    /// Replaces the origin note, for a transaction that was found with another one.
    pub fn set_note(&mut self, note: &str) {
        note.clone_into(self.note_mut());
    }

    /// Adds the number of the attempt to the origin note. A voided transaction may still carry the note of an earlier attempt.
    pub fn add_attempt_to_note(&mut self, nth: u32) {
        self.note_mut().push_str(&format!(" again {nth}"));
    }

    fn note_mut(&mut self) -> &mut String {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => &mut sale.note,
            Self::JournalEntry(journal) => &mut journal.note,
            Self::Payment(receipt) => &mut receipt.note,
        }
    }
}
