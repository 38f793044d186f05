//! A figure of RIVET beside that of QuickBooks.

use rust_decimal::Decimal;
use std::ops::{Add, Sub};
use store::subledger::Balances;

/// A figure of RIVET beside that of QuickBooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair<T> {
    /// The figure of RIVET.
    pub rivet: T,
    /// The figure of QuickBooks.
    pub quickbooks: T,
}

impl<T: Copy + Sub<Output = T>> Pair<T> {
    /// Returns QuickBooks less RIVET.
    pub fn difference(&self) -> T {
        self.quickbooks - self.rivet
    }
}

impl<T: Copy> Pair<T> {
    /// Returns a pair of equal figures.
    pub(crate) fn agreed(figure: T) -> Self {
        Self {
            rivet: figure,
            quickbooks: figure,
        }
    }
}

impl<T: Copy + Add<Output = T>> Pair<T> {
    /// Adds another pair.
    pub(crate) fn add(&mut self, other: Self) {
        self.rivet = self.rivet + other.rivet;
        self.quickbooks = self.quickbooks + other.quickbooks;
    }
}

impl Pair<Balances> {
    /// Returns the figures of one account.
    pub fn of(&self, figure: impl Fn(&Balances) -> Decimal) -> Pair<Decimal> {
        Pair {
            rivet: figure(&self.rivet),
            quickbooks: figure(&self.quickbooks),
        }
    }
}
