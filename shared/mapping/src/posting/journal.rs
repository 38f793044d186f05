//! Journal entries.

use billing::Id;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

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
    #[serde(deserialize_with = "json::day")]
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

impl Journal {
    /// The sum of its debits.
    pub(super) fn total(&self) -> Decimal {
        let debits = self.lines.iter().filter(|line| line.side == Side::Debit);
        debits.map(|line| line.amount).sum()
    }

    /// What it does to the ledger.
    pub(super) fn effect(&self) -> Effect {
        let mut effect = Effect::default();
        for line in &self.lines {
            let debit = match line.side {
                Side::Debit => line.amount,
                Side::Credit => -line.amount,
            };
            match line.role {
                JournalRole::Receivable => effect.receivable += debit,
                JournalRole::Retainage => effect.retainage += debit,
                JournalRole::Revenue => effect.revenue -= debit,
            }
        }
        effect
    }
}
