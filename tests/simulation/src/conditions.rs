//! How much may go wrong in a run.

use jiff::SignedDuration;

/// What may still go wrong. Each fault that happens is taken off, so that a run comes to rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Something that may go wrong does so once in so many times.
    pub one_in: u32,
    /// Instances that die.
    pub crashes: u32,
    /// Exchanges with Intuit that fail.
    pub calls: u32,
    /// Operations on the store that fail, or succeed and report that they failed.
    pub stores: u32,
    /// The longest time between two steps of a task that can go on.
    pub step: SignedDuration,
}

impl Conditions {
    /// Nothing goes wrong, but everything may overlap.
    pub fn calm() -> Self {
        Self {
            one_in: 1,
            crashes: 0,
            calls: 0,
            stores: 0,
            step: SignedDuration::from_millis(300),
        }
    }
}
