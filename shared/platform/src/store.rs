//! The records on a key-value store: envelopes, compare-and-swap that holds on every back end, sealing.
//!
//! What a back end reports of a swap is not believed. Each write carries a fresh nonce in front of those
//! of the writes before it, and after a swap the record is read back: if our nonce is among them, our
//! write happened, even if others have built on it since; if not, it was lost, whatever was reported.

mod records;
mod seal;
mod spin;

pub use records::SealedRecords;
pub use seal::{Keyring, NotOurs};
pub use spin::SpinKeyValue;

use std::future::Future;

/// What is used of a key-value store. Names of stores may be ignored by a back end, so keys carry a
/// prefix of ours.
pub trait KeyValue {
    /// Reads a value.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, KeyValueError>>;

    /// Writes a value.
    fn set(&self, key: &str, value: &[u8]) -> impl Future<Output = Result<(), KeyValueError>>;

    /// Removes a value, if there is one.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), KeyValueError>>;

    /// Adds to a counter and gives what it is then; an absent one is 0.
    fn increment(&self, key: &str, by: i64) -> impl Future<Output = Result<i64, KeyValueError>>;

    /// Reads a value and offers to replace it, in one compare-and-swap.
    fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> impl Future<Output = Result<Swapped, KeyValueError>>;
}

/// What a back end reports of a swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// Nothing was to be replaced.
    Kept,
    /// It was replaced, they say.
    Replaced,
    /// The value had changed meanwhile.
    Conflict,
}

/// The store does not do what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyValueError(
    /// What it says.
    pub String,
);
