//! The spread of lengths.

use std::fmt::{Display, Formatter, Result};

/// Median, ninth decile and maximum of lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spread {
    pub median: usize,
    pub p90: usize,
    pub max: usize,
}

impl Spread {
    /// Measures lengths: each figure is the smallest one that its share of them does not exceed.
    pub(super) fn of(lengths: impl IntoIterator<Item = usize>) -> Self {
        let mut lengths: Vec<usize> = lengths.into_iter().collect();
        lengths.sort_unstable();
        let at = |percent: usize| {
            let rank = (lengths.len() * percent).div_ceil(100).max(1);
            lengths.get(rank - 1).copied().unwrap_or_default()
        };
        Self {
            median: at(50),
            p90: at(90),
            max: at(100),
        }
    }

    /// Returns whether no figure exceeds that of `target`.
    pub(super) fn is_within(self, target: Self) -> bool {
        self.median <= target.median && self.p90 <= target.p90 && self.max <= target.max
    }
}

impl Display for Spread {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{} / {} / {}", self.median, self.p90, self.max)
    }
}
