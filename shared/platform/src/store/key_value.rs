//! The operations of a key-value store that records need.

use jiff::SignedDuration;
use ports::records::StoreError;
use std::future::Future;

/// A key-value store. Each call may fail with [`KeyValueError`].
///
/// Some back ends of Spin ignore the names of stores, so callers put a prefix in front of each key.
pub trait KeyValue {
    /// Reads a value.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, KeyValueError>>;

    /// Writes a value.
    fn set(&self, key: &str, value: &[u8]) -> impl Future<Output = Result<(), KeyValueError>>;

    /// Removes a value. A missing value is no error.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), KeyValueError>>;

    /// Adds to a counter and returns the new count. A missing counter is 0.
    fn increment(&self, key: &str, by: i64) -> impl Future<Output = Result<i64, KeyValueError>>;

    /// Reads a value and replaces it by the result of `replace`, in one compare-and-swap. `None` leaves the value as it is.
    fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> impl Future<Output = Result<SwapResult, KeyValueError>>;

    /// Pauses for less than a second, so that another writer can finish.
    fn pause(&self, span: SignedDuration) -> impl Future<Output = ()>;
}

/// The result that a back end reports of a swap. Only [`SwapResult::Kept`] is certain.
///
/// Spin's Redis store reports each swap as a conflict: it sends `UNWATCH <key>` after `EXEC`, Redis refuses that, and Spin takes
/// the refusal for a conflict. Spin's SQLite store lets two swaps on an absent key both succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapResult {
    /// The value was kept, because `replace` returned `None`.
    Kept,
    /// The back end reports that the value was replaced.
    Replaced,
    /// The back end reports that the value had changed, so nothing was written.
    Conflict,
}

/// An operation of the key-value store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyValueError(
    /// The back end's message.
    pub String,
);

impl From<KeyValueError> for StoreError {
    fn from(error: KeyValueError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
