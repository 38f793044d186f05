//! Invoices and credit memos.

use billing::Id;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::money;

/// The content of an invoice or a credit memo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sale {
    /// RIVET's id of the billed customer.
    pub customer: Id,
    /// RIVET's id of the project.
    pub project: Id,
    /// True if the form carries the project's class.
    #[serde(rename = "classed")]
    pub is_classed: bool,
    /// Document number, at most 21 characters.
    pub number: Option<String>,
    /// The day that the form posts on.
    #[serde(deserialize_with = "json::day")]
    pub date: Date,
    /// Due date. Without one QuickBooks applies its own terms. Credit memos have none.
    #[serde(default, deserialize_with = "json::optional_day")]
    pub due: Option<Date>,
    /// ISO 4217 code; only in companies that use several currencies.
    pub currency: Option<String>,
    /// Memo for the customer, printed on the form, at most 1000 characters.
    pub memo: String,
    /// Origin note for `PrivateNote`, which only the firm sees.
    pub note: String,
    /// Lines of the form, at least one.
    pub lines: Vec<SaleLine>,
    /// Retainage that RIVET alone holds: the ledger has nothing of it. On an invoice, a withheld amount is positive and a
    /// released one negative; on a credit memo it is the reverse.
    #[serde(
        rename = "held",
        with = "money",
        default,
        skip_serializing_if = "Decimal::is_zero"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub held_by_rivet: Decimal,
}

/// A line of a [`Sale`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaleLine {
    /// The account that the line posts to.
    pub account: LineAccount,
    /// Text printed on the line, at most 4000 characters.
    pub description: String,
    /// Amount that the line adds to the total. A line may be negative; the total may not.
    #[serde(with = "money")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub amount: Decimal,
}

/// An account that a sales line posts to, through a service item that RIVET keeps for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LineAccount {
    /// The purpose of the account.
    pub role: Role,
    /// QuickBooks id of the account.
    pub id: String,
}

/// The purpose of an account on a sales line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Contract revenue.
    Revenue,
    /// Retainage Receivable.
    Retainage,
}

impl Sale {
    /// Returns the sum of the lines, which is the total that QuickBooks will compute.
    #[must_use]
    pub fn total(&self) -> Decimal {
        money::cents(self.lines.iter().map(|line| line.amount).sum())
    }

    /// Returns the effect of an invoice on the ledger: it debits Accounts Receivable with the total and credits the account of each line.
    /// A credit memo has the opposite effect.
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
