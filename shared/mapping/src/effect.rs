//! The effect of postings on the ledger.

use std::fmt;
use std::ops::{Add, Neg};

use rust_decimal::Decimal;
use serde::Serialize;

use crate::money;

/// The amounts, in the currency of the document, by which a posting raises each kind of balance. Debits raise assets and credits raise
/// revenue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Rise of Accounts Receivable.
    #[serde(serialize_with = "money::serialize")]
    pub receivable: Decimal,
    /// Rise of Retainage Receivable: what customers hold back.
    #[serde(serialize_with = "money::serialize")]
    pub retainage: Decimal,
    /// Rise of contract revenue.
    #[serde(serialize_with = "money::serialize")]
    pub revenue: Decimal,
    /// Rise of the account that payments are deposited to.
    #[serde(serialize_with = "money::serialize")]
    pub deposits: Decimal,
}

impl Effect {
    /// Returns whether debits equal credits.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.receivable + self.retainage + self.deposits == self.revenue
    }
}

impl Add for Effect {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            receivable: self.receivable + other.receivable,
            retainage: self.retainage + other.retainage,
            revenue: self.revenue + other.revenue,
            deposits: self.deposits + other.deposits,
        }
    }
}

impl Neg for Effect {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            receivable: -self.receivable,
            retainage: -self.retainage,
            revenue: -self.revenue,
            deposits: -self.deposits,
        }
    }
}

impl std::iter::Sum for Effect {
    fn sum<I: Iterator<Item = Self>>(effects: I) -> Self {
        effects.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            receivable,
            retainage,
            revenue,
            deposits,
        } = self;
        write!(
            f,
            "receivable {receivable:.2}, retainage {retainage:.2}, revenue {revenue:.2}, deposits {deposits:.2}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::cents;

    #[test]
    fn effect_balances_if_debits_equal_credits() {
        let effect = Effect {
            receivable: cents(100),
            retainage: cents(10),
            revenue: cents(110),
            deposits: cents(0),
        };
        assert!(effect.balances() && (-effect).balances() && (effect + effect).balances());
        assert!(
            !Effect {
                deposits: cents(1),
                ..effect
            }
            .balances()
        );
    }
}
