//! What the components asked of the host: budgets are stated in these numbers.

use std::ops::Sub;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often each operation was performed, by all components together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values read, also through a compare-and-swap handle or a batch (one for each key).
    pub get: u64,
    /// Values written, also in a batch (one for each key).
    pub set: u64,
    /// Keys deleted, whether they existed or not.
    pub delete: u64,
    /// Keys asked for without their value.
    pub exists: u64,
    /// Compare-and-swap attempts, whether they won or not.
    pub swap: u64,
    /// Atomic additions.
    pub increment: u64,
    /// Listings of all keys of a store.
    pub list: u64,
    /// Outbound HTTP requests that were let through.
    pub outbound: u64,
}

impl Counts {
    /// Everything that may have changed a store: each is a commit on disk.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.set + self.delete + self.swap + self.increment
    }
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            get: self.get - earlier.get,
            set: self.set - earlier.set,
            delete: self.delete - earlier.delete,
            exists: self.exists - earlier.exists,
            swap: self.swap - earlier.swap,
            increment: self.increment - earlier.increment,
            list: self.list - earlier.list,
            outbound: self.outbound - earlier.outbound,
        }
    }
}

/// The running totals behind [`Counts`].
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub get: Counter,
    pub set: Counter,
    pub delete: Counter,
    pub exists: Counter,
    pub swap: Counter,
    pub increment: Counter,
    pub list: Counter,
    pub outbound: Counter,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, times: usize) {
        self.0.fetch_add(times as u64, Ordering::Relaxed);
    }

    fn total(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Meter {
    pub fn read(&self) -> Counts {
        Counts {
            get: self.get.total(),
            set: self.set.total(),
            delete: self.delete.total(),
            exists: self.exists.total(),
            swap: self.swap.total(),
            increment: self.increment.total(),
            list: self.list.total(),
            outbound: self.outbound.total(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_two_readings_is_what_happened_between_them() {
        let meter = Meter::default();
        meter.set.add(2);
        let before = meter.read();
        meter.set.add(1);
        meter.swap.add(3);
        meter.get.add(5);
        let between = meter.read() - before;
        assert_eq!((between.set, between.swap, between.get), (1, 3, 5));
        assert_eq!(between.writes(), 4);
    }
}
