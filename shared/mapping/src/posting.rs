//! What stands in the books for a document, before anything of QuickBooks' is known about it.

use std::collections::BTreeSet;

use billing::{DocumentRef, Id};
use jiff::civil::Date;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money;

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

/// An invoice or a credit memo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// RIVET's id of who is billed.
    pub customer: Id,
    /// RIVET's id of the project.
    pub project: Id,
    /// Whether it carries the project's class.
    pub classed: bool,
    /// Number on the form, at most 21 characters.
    pub number: Option<String>,
    /// The day it posts on.
    pub date: Date,
    /// When it is due; left to QuickBooks if none. Credit memos have none.
    pub due: Option<Date>,
    /// ISO 4217 code, where the company uses several.
    pub currency: Option<String>,
    /// Printed on the form, at most 1000 characters.
    pub memo: String,
    /// Seen by the firm only: which document it is.
    pub note: String,
    /// At least one.
    pub lines: Vec<SaleLine>,
}

/// A line of a [`Sale`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// What the line posts to.
    pub account: LineAccount,
    /// Printed on the line, at most 4000 characters.
    pub description: String,
    /// What it adds to the total of the form; may be negative, the total may not.
    #[serde(with = "money")]
    pub amount: Decimal,
}

/// An account that a sales line posts to. It does so by way of a service item of ours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineAccount {
    /// What it is to us.
    pub role: Role,
    /// The QuickBooks account id.
    pub id: String,
}

/// What an account on a sales line is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Contract revenue.
    Revenue,
    /// Retainage withheld.
    Retainage,
}

/// A journal entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// RIVET's id of the customer named on every line.
    pub customer: Id,
    /// RIVET's id of the project.
    pub project: Id,
    /// Whether its lines carry the project's class.
    pub classed: bool,
    /// Number of the entry, at most 21 characters.
    pub number: Option<String>,
    /// The day it posts on.
    pub date: Date,
    /// ISO 4217 code, where the company uses several.
    pub currency: Option<String>,
    /// Seen by the firm only: which document it is.
    pub note: String,
    /// Debits and credits of the same sum.
    pub lines: Vec<JournalLine>,
}

/// A debit or a credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// What the account is to us.
    pub role: JournalRole,
    /// The QuickBooks account id.
    pub account: String,
    /// Debit or credit.
    pub side: Side,
    /// Always positive.
    #[serde(with = "money")]
    pub amount: Decimal,
    /// The line's memo, at most 4000 characters.
    pub description: String,
}

/// What an account on a journal line is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalRole {
    /// Contract revenue.
    Revenue,
    /// Retainage withheld.
    Retainage,
    /// Accounts Receivable.
    Receivable,
}

/// A side of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Debit,
    /// Right.
    Credit,
}

/// A payment received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// RIVET's id of who paid.
    pub customer: Id,
    /// The day it was received.
    pub date: Date,
    /// ISO 4217 code, where the company uses several.
    pub currency: Option<String>,
    /// What came in.
    #[serde(with = "money")]
    pub total: Decimal,
    /// Number of the cheque or transfer, at most 21 characters.
    pub reference: Option<String>,
    /// QuickBooks account id that it lands in; Undeposited Funds if none.
    pub deposit: Option<String>,
    /// Seen by the firm only: which document it is.
    pub note: String,
    /// What it pays for; never more than the total.
    pub applied: Vec<Share>,
}

/// The part of a payment that settles one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The document.
    pub document: DocumentRef,
    /// How much of the payment; always positive.
    #[serde(with = "money")]
    pub amount: Decimal,
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
    pub(crate) fn txn_type(&self) -> TxnType {
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

    /// The day it posts on.
    #[must_use]
    pub fn date(&self) -> Date {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => sale.date,
            Self::JournalEntry(journal) => journal.date,
            Self::Payment(receipt) => receipt.date,
        }
    }

    /// The accounts that need a service item.
    #[must_use]
    pub fn items(&self) -> BTreeSet<LineAccount> {
        match self {
            Self::Invoice(sale) | Self::CreditMemo(sale) => {
                sale.lines.iter().map(|line| line.account.clone()).collect()
            }
            Self::JournalEntry(_) | Self::Payment(_) => BTreeSet::new(),
        }
    }
}

impl Sale {
    /// What the lines add up to: the total that QuickBooks will compute.
    #[must_use]
    pub fn total(&self) -> Decimal {
        money::cents(self.lines.iter().map(|line| line.amount).sum())
    }
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}
