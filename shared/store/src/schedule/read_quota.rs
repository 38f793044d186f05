//! How much was read: Intuit meters reads, and writes not.
//!
//! The free tier of Intuit's partner programme has 500 000 reads a month for the whole app. Nobody counts them in one place: every
//! shard of the agenda has its share, which the firms of that shard use up together, so all of them stay within the whole.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Reads a month, for all firms together.
pub const A_MONTH: u32 = 500_000;

/// The reads of a month: which one, as `202603`, and how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadQuota(u32, u32);

impl ReadQuota {
    /// Counts so many more.
    pub fn add(&mut self, reads: u32, now: Timestamp) {
        let month = month(now);
        // A worker whose clock is behind counts for the later month.
        if self.0 < month {
            *self = Self(month, 0);
        }
        self.1 = self.1.saturating_add(reads);
    }

    /// How many were counted in this month.
    pub fn this_month(self, now: Timestamp) -> u32 {
        if self.0 == month(now) { self.1 } else { 0 }
    }

    /// How many were counted since it was so.
    pub fn since(self, before: Self) -> u32 {
        if self.0 == before.0 {
            self.1.saturating_sub(before.1)
        } else {
            self.1
        }
    }

    /// Whether most of this share of a month's reads is used up.
    pub fn is_scarce(self, share: u32, now: Timestamp) -> bool {
        self.this_month(now) >= share / 5 * 4
    }

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

    /// One of 32 firms' groups has this share.
    const SHARE: u32 = A_MONTH / 32;

    #[test]
    fn read_quota_is_scarce_at_eighty_percent() {
        let now = at("2026-03-31T00:00:00Z");
        let mut reads = ReadQuota::default();
        reads.add(12_499, now);
        assert!(!reads.is_scarce(SHARE, now));
        reads.add(1, now);
        assert!(reads.is_scarce(SHARE, now) && !reads.is_scarce(SHARE, at("2026-04-01T00:00:00Z")));
    }
}
