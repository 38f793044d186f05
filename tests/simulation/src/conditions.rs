//! The faults that a run may still meet.

use jiff::SignedDuration;

/// The faults that may still happen. Each fault that happens is subtracted, so that every run settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// An operation that may fail does so once in this many times.
    pub one_in: u32,
    /// Crashes of an instance that are left.
    pub crashes: u32,
    /// Failed exchanges with Intuit that are left.
    pub calls: u32,
    /// True if gateways answer half of the failed exchanges: with pages, empty bodies and codes of lost rights.
    pub has_outages: bool,
    /// Failed operations of the store that are left. Some of these take effect and report a failure.
    pub stores: u32,
    /// The longest time between two steps of a task that is ready.
    pub step: SignedDuration,
}

impl Conditions {
    /// Returns conditions in which nothing fails. Tasks still interleave.
    pub fn without_faults() -> Self {
        Self {
            one_in: 1,
            crashes: 0,
            calls: 0,
            has_outages: false,
            stores: 0,
            step: SignedDuration::from_millis(300),
        }
    }
}
