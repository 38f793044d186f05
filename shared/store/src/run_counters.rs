//! Counters of the scheduled runs. A run adds them to a shard of the due index that it writes anyway.

use serde::{Deserialize, Serialize};

/// Events of the scheduled runs, counted over all time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunCounters {
    /// Connections that got a new access token.
    pub refreshed: u64,
    /// Connections whose person must sign in again.
    pub needs_reauthorization: u64,
    /// Connections that could not be refreshed or visited at that time.
    pub failed: u64,
    /// Swaps that another writer won, so that the decision was made again.
    pub lost_swaps: u64,
}

impl RunCounters {
    /// Returns the sum of two counts.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            refreshed: self.refreshed + other.refreshed,
            needs_reauthorization: self.needs_reauthorization + other.needs_reauthorization,
            failed: self.failed + other.failed,
            lost_swaps: self.lost_swaps + other.lost_swaps,
        }
    }

    /// Returns whether nothing was counted.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}
