//! Counts the host operations of the components. Cost budgets are stated in these numbers.

use std::ops::Sub;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;

/// The number of operations of each kind, over all components since the app was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values read, including reads of a compare-and-swap handle and each key of a batch.
    pub get: u64,
    /// Values written, including each key of a batch.
    pub set: u64,
    /// Keys deleted, including keys that did not exist.
    pub delete: u64,
    /// Checks whether a key exists.
    pub exists: u64,
    /// Compare-and-swap attempts, including lost ones.
    pub swap: u64,
    /// Atomic additions.
    pub increment: u64,
    /// Listings of all keys of a store.
    pub list: u64,
    /// Outbound HTTP requests that were allowed.
    pub outbound: u64,
    /// Variables asked for.
    pub variables: u64,
    /// Stores opened.
    pub opens: u64,
}

impl Counts {
    /// Returns the number of all operations.
    #[must_use]
    pub fn calls(&self) -> u64 {
        let reads = self.get + self.exists + self.list;
        reads + self.writes() + self.outbound + self.variables + self.opens
    }

    /// Returns the number of operations that may have changed a store. Each is one commit on disk.
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
            variables: self.variables - earlier.variables,
            opens: self.opens - earlier.opens,
        }
    }
}

/// The running totals of an app. All instances of its components add to them.
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
    pub variables: Counter,
    pub opens: Counter,
    /// The most bytes of linear memory that an instance has had.
    peak_memory: AtomicUsize,
}

/// Watches the linear memory of one instance.
pub(crate) struct MemoryMeter(pub Arc<Meter>);

impl ResourceLimiter for MemoryMeter {
    fn memory_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.0.peak_memory.fetch_max(desired, Ordering::Relaxed);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
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
            variables: self.variables.total(),
            opens: self.opens.total(),
        }
    }

    /// Returns the most bytes of linear memory that an instance has had.
    pub fn peak_memory(&self) -> usize {
        self.peak_memory.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn difference_of_two_readings_counts_operations_between() {
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
