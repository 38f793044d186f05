//! Counts the calls to QuickBooks. Cost budgets are stated in these numbers.

use std::fmt;
use std::ops::Add;

use simulator::{CallClass, RecordedRequest};

/// Calls to companies by kind. Each call counts against the company's limits, also if it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// Batch calls, of up to 30 operations each.
    pub batches: usize,
    /// Writes sent outside of a batch.
    pub writes: usize,
    /// Reads and queries sent outside of a batch.
    pub reads: usize,
}

impl CallCounts {
    /// Counts the company calls among these requests.
    #[must_use]
    pub fn count(traffic: &[RecordedRequest]) -> Self {
        traffic.iter().map(|seen| Self::one(seen.class)).sum()
    }

    /// Returns the number of all calls.
    #[must_use]
    pub fn total(self) -> usize {
        self.batches + self.writes + self.reads
    }

    fn one(class: CallClass) -> Self {
        let (mut batches, mut writes, mut reads) = (0, 0, 0);
        match class {
            CallClass::Batch { .. } => batches = 1,
            CallClass::Write => writes = 1,
            CallClass::Read => reads = 1,
            CallClass::Token | CallClass::Revoke | CallClass::Consent | CallClass::Other => {}
        }
        Self {
            batches,
            writes,
            reads,
        }
    }
}

impl Add for CallCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            batches: self.batches + other.batches,
            writes: self.writes + other.writes,
            reads: self.reads + other.reads,
        }
    }
}

impl std::iter::Sum for CallCounts {
    fn sum<I: Iterator<Item = Self>>(calls: I) -> Self {
        calls.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for CallCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (
            total,
            Self {
                batches,
                writes,
                reads,
            },
        ) = (self.total(), self);
        write!(
            f,
            "{total} calls ({batches} batches, {writes} single writes, {reads} reads)"
        )
    }
}
