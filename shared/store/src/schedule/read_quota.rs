//! The monthly read quota: Intuit meters reads and no writes.
//!
//! The free tier of Intuit's partner programme has 500 000 reads a month for the whole app. No single record counts them all: each
//! shard of the due index has its share, which its firms use up together. So all firms stay within the whole.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// The reads a month, for all firms together (Intuit App Partner Program, Builder tier).
pub const READS_A_MONTH: u32 = 500_000;

/// The state of the month's reads. A firm reads less while they are scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadSupply {
    /// Less than four fifths are used up.
    Ample,
    /// Four fifths are used up.
    Scarce,
}

/// The reads of one month: the month as `202603`, and their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadQuota(u32, u32);

impl ReadQuota {
    /// Adds reads of the month of `now`.
    pub fn add(&mut self, reads: u32, now: Timestamp) {
        let month = month(now);
        // A worker whose clock is behind counts for the later month.
        if self.0 < month {
            *self = Self(month, 0);
        }
        self.1 = self.1.saturating_add(reads);
    }

    /// Returns the number of reads in the month of `now`.
    pub fn this_month(self, now: Timestamp) -> u32 {
        if self.0 == month(now) { self.1 } else { 0 }
    }

    /// Returns the number of reads since an earlier state.
    pub fn since(self, before: Self) -> u32 {
        if self.0 == before.0 {
            self.1.saturating_sub(before.1)
        } else {
            self.1
        }
    }

    /// Returns the state of this share of the month's reads.
    pub fn supply(self, share: u32, now: Timestamp) -> ReadSupply {
        if self.this_month(now) >= share / 5 * 4 {
            ReadSupply::Scarce
        } else {
            ReadSupply::Ample
        }
    }

    /// Returns whether no read was ever counted.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

fn month(now: Timestamp) -> u32 {
    let day = Offset::UTC.to_datetime(now);
    let year = u32::from(day.year().unsigned_abs());
    year * 100 + u32::from(day.month().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn read_quota_resets_each_month() {
        let (march, april) = (at("2026-03-31T23:59:59Z"), at("2026-04-01T00:00:00Z"));
        let mut reads = ReadQuota::default();
        reads.add(3, march);
        let before = reads;
        reads.add(2, march);
        assert_eq!((reads.this_month(march), reads.since(before)), (5, 2));
        assert_eq!(reads.this_month(april), 0);
        reads.add(1, april);
        assert_eq!((reads.this_month(april), reads.since(before)), (1, 1));
        reads.add(4, march);
        assert_eq!(reads.this_month(april), 5);
    }

    /// The share of one of the 32 shards.
    const SHARE: u32 = READS_A_MONTH / 32;

    #[test]
    fn read_quota_is_scarce_at_eighty_percent() {
        let now = at("2026-03-31T00:00:00Z");
        let mut reads = ReadQuota::default();
        reads.add(12_499, now);
        assert_eq!(reads.supply(SHARE, now), ReadSupply::Ample);
        reads.add(1, now);
        assert_eq!(reads.supply(SHARE, now), ReadSupply::Scarce);
        let next_month = at("2026-04-01T00:00:00Z");
        assert_eq!(reads.supply(SHARE, next_month), ReadSupply::Ample);
    }
}
