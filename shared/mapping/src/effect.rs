//! What postings do to the ledger.

use std::fmt;
use std::ops::{Add, Neg};

use rust_decimal::Decimal;
use serde::Serialize;

use crate::money;
use crate::posting::{Journal, JournalRole, Posting, Role, Sale, Side};

/// By how much each kind of balance rises. Assets rise by debits, revenue by credits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Accounts Receivable.
    #[serde(serialize_with = "money::serialize")]
    pub receivable: Decimal,
    /// Retainage withheld.
    #[serde(serialize_with = "money::serialize")]
    pub retainage: Decimal,
    /// Contract revenue.
    #[serde(serialize_with = "money::serialize")]
    pub revenue: Decimal,
    /// Money received.
    #[serde(serialize_with = "money::serialize")]
    pub deposits: Decimal,
}

impl Effect {
    /// Whether debits equal credits.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.receivable + self.retainage + self.deposits == self.revenue
    }
}

impl Posting {
    /// What it does to the ledger once it stands.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Self::Invoice(sale) => of_sale(sale),
            Self::CreditMemo(sale) => -of_sale(sale),
            Self::JournalEntry(journal) => of_journal(journal),
            Self::Payment(receipt) => Effect {
                receivable: -receipt.total,
                deposits: receipt.total,
                ..Effect::default()
            },
        }
    }
}

/// The form debits Accounts Receivable with its total and credits each line's account.
fn of_sale(sale: &Sale) -> Effect {
    let mut effect = Effect::default();
    for line in &sale.lines {
        effect.receivable += line.amount;
        match line.account.role {
            Role::Revenue => effect.revenue += line.amount,
            Role::Retainage => effect.retainage -= line.amount,
        }
    }
    effect
}

fn of_journal(journal: &Journal) -> Effect {
    let mut effect = Effect::default();
    for line in &journal.lines {
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
    use crate::samples::{METHODS, STYLES, cents, payment, planned, settings, worked_example};
    use crate::{Books, Settings, plan};
    use billing::Document;

    #[test]
    fn the_worked_example_ends_in_the_balances_of_the_rules() {
        for (method, style) in METHODS
            .iter()
            .flat_map(|method| STYLES.map(|style| (*method, style)))
        {
            let effect = planned(&worked_example(), &settings(method, style)).effect();
            insta::allow_duplicates! {
                insta::assert_snapshot!(effect, @"receivable 43650.00, retainage 4850.00, revenue 48500.00, deposits 0.00");
            }
        }
    }

    #[test]
    fn a_payment_credits_the_customer_with_all_of_it_whatever_it_is_applied_to() {
        let settings: Settings = settings(METHODS[0], STYLES[0]);
        let plan = plan(&Document::Payment(payment()), &settings, &Books::default()).unwrap();
        let expected = Effect {
            receivable: cents(-8_000_000),
            deposits: cents(8_000_000),
            ..Effect::default()
        };
        assert_eq!(plan.effect(), expected);
    }

    #[test]
    fn an_effect_balances_if_debits_equal_credits() {
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
