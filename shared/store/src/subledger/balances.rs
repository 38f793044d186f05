//! The amounts by which transactions raise the three accounts that are compared.

use mapping::Effect;
use rust_decimal::Decimal;
use std::ops::{Add, AddAssign, Neg, Sub};

/// The amounts by which transactions raise Accounts Receivable, Retainage Receivable and contract revenue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// Rise of Accounts Receivable.
    pub receivable: Decimal,
    /// Rise of Retainage Receivable.
    pub retainage: Decimal,
    /// Rise of contract revenue.
    pub revenue: Decimal,
}

impl Balances {
    /// Returns whether none of the accounts changes.
    pub fn is_zero(&self) -> bool {
        self.receivable.is_zero() && self.retainage.is_zero() && self.revenue.is_zero()
    }
}

impl From<Effect> for Balances {
    fn from(effect: Effect) -> Self {
        Self {
            receivable: effect.receivable,
            retainage: effect.retainage,
            revenue: effect.revenue,
        }
    }
}

impl Add for Balances {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            receivable: self.receivable + other.receivable,
            retainage: self.retainage + other.retainage,
            revenue: self.revenue + other.revenue,
        }
    }
}

impl Sub for Balances {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Balances {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            receivable: -self.receivable,
            retainage: -self.retainage,
            revenue: -self.revenue,
        }
    }
}

impl AddAssign for Balances {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Balances {
    fn sum<I: Iterator<Item = Self>>(balances: I) -> Self {
        balances.fold(Self::default(), Add::add)
    }
}
