//! Invoices and credit memos.

use billing::Id;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

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
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// When it is due; left to QuickBooks if none. Credit memos have none.
    #[serde(default, deserialize_with = "json::optional_day")]
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

impl Sale {
    /// What the lines add up to: the total that QuickBooks will compute.
    #[must_use]
    pub fn total(&self) -> Decimal {
        money::cents(self.lines.iter().map(|line| line.amount).sum())
    }

    /// The form debits Accounts Receivable with its total and credits each line's account.
    pub(super) fn effect(&self) -> Effect {
        let mut effect = Effect::default();
        for line in &self.lines {
            effect.receivable += line.amount;
            match line.account.role {
                Role::Revenue => effect.revenue += line.amount,
                Role::Retainage => effect.retainage -= line.amount,
            }
        }
        effect
    }
}
