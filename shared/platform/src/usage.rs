//! The work of one request, as its log line counts it.

use std::cell::Cell;

/// Counters of one request. Requests of one instance run at the same time, so each has its own.
#[derive(Debug, Default)]
pub struct Usage {
    quickbooks_calls: Cell<u32>,
    quickbooks_reads: Cell<u32>,
    store_reads: Cell<u32>,
    store_writes: Cell<u32>,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UsageCounts {
    /// The requests to the accounting API.
    pub(crate) quickbooks_calls: u32,
    /// The reads that Intuit meters.
    pub(crate) quickbooks_reads: u32,
    /// The reads of the store.
    pub(crate) store_reads: u32,
    /// The writes to the store, with those that were lost.
    pub(crate) store_writes: u32,
}

impl Usage {
    pub(crate) fn count_quickbooks_call(&self, reads: u32) {
        add(&self.quickbooks_calls, 1);
        add(&self.quickbooks_reads, reads);
    }

    pub(crate) fn count_store_read(&self) {
        add(&self.store_reads, 1);
    }

    pub(crate) fn count_store_write(&self) {
        add(&self.store_writes, 1);
    }

    pub(crate) fn counts(&self) -> UsageCounts {
        UsageCounts {
            quickbooks_calls: self.quickbooks_calls.get(),
            quickbooks_reads: self.quickbooks_reads.get(),
            store_reads: self.store_reads.get(),
            store_writes: self.store_writes.get(),
        }
    }
}

fn add(counter: &Cell<u32>, count: u32) {
    counter.set(counter.get().saturating_add(count));
}
