//! Journal entries.

use billing::Id;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

/// A journal entry of one project, or of a payment that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Journal {
    /// RIVET's id of the customer. Every line names the customer.
    pub customer: Id,
    /// RIVET's id of the project. The entry of a payment that came back has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Id>,
    /// True if the lines carry the project's class.
    #[serde(rename = "classed")]
    pub is_classed: bool,
    /// Document number, at most 21 characters.
    pub number: Option<String>,
    /// The day that the entry posts on.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// ISO 4217 code; only in companies that use several currencies.
    pub currency: Option<String>,
    /// Origin note for `PrivateNote`, which only the firm sees.
    pub note: String,
    /// Debits and credits of the same sum.
    pub lines: Vec<JournalLine>,
    /// Retainage that RIVET alone holds: the ledger has nothing of it. A withheld amount is positive, a released one
    /// negative.
    #[serde(
        rename = "held",
        with = "money",
        default,
        skip_serializing_if = "Decimal::is_zero"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub held_by_rivet: Decimal,
}

/// A debit or credit of a journal entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JournalLine {
    /// The purpose of the account.
    pub role: JournalRole,
    /// QuickBooks id of the account.
    pub account: String,
    /// Debit or credit.
    pub side: Side,
    /// Amount in the currency of the entry, always positive.
    #[serde(with = "money")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub amount: Decimal,
    /// Text of the line, at most 4000 characters.
    pub description: String,
}

/// The purpose of an account on a journal line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JournalRole {
    /// Contract revenue.
    Revenue,
    /// Retainage Receivable.
    Retainage,
    /// Accounts Receivable.
    Receivable,
    /// The account that a payment was deposited to.
    Deposit,
}

impl JournalRole {
    /// Returns whether a line of this role carries the project's class, which says where money was earned or held back.
    #[must_use]
    pub fn is_of_project(self) -> bool {
        matches!(self, Self::Revenue | Self::Retainage)
    }
}

/// A side of a journal line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Debit: raises assets.
    Debit,
    /// Credit: raises revenue and lowers assets.
    Credit,
}

impl Side {
    /// Returns the side of an amount that is a debit if it is positive.
    #[must_use]
    pub(crate) fn of(debit: Decimal) -> Self {
        if debit < Decimal::ZERO {
            Self::Credit
        } else {
            Self::Debit
        }
    }

    /// Returns the other side.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

impl Journal {
    /// Returns the sum of the debits.
    pub(super) fn total(&self) -> Decimal {
        let debits = self.lines.iter().filter(|line| line.side == Side::Debit);
        debits.map(|line| line.amount).sum()
    }

    /// Returns the effect of the entry on the ledger.
    pub(crate) fn effect(&self) -> Effect {
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
                JournalRole::Deposit => effect.deposits += debit,
            }
        }
        effect
    }
}
