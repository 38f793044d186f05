//! The records: stored values with compare-and-swap.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::future::Future;

/// The stored values, one for each kind and name, with compare-and-swap.
///
/// A back end supplies nothing else. Use cases call the operations of the crate `store`, each of which is one decision that
/// [`Records::change`] applies.
///
/// Implementations seal the fields that [`Record::secrets`] names before a value leaves them, and open them on the way back. So
/// nothing above sees ciphertext, and nothing below sees a token.
pub trait Records {
    /// Loads a record.
    fn load<R: Record>(&self, name: &str) -> impl Future<Output = Result<Option<R>, StoreError>>;

    /// Saves a record over any other value. Only for records with a single writer.
    fn save<R: Record>(
        &self,
        name: &str,
        record: &R,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Removes a record. A missing record is not an error.
    fn remove<R: Record>(&self, name: &str) -> impl Future<Output = Result<(), StoreError>>;

    /// Creates an empty record if there is none, exactly once among all callers at the same time.
    ///
    /// Compare-and-swap on an absent key is not safe on every back end, so a record must exist before a claim in it is made.
    fn ensure<R: Record + Default>(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Returns the ids of the keys that sealed the fields of a record, without opening them. Empty if there is no such record.
    fn sealing_keys<R: Record>(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<BTreeSet<String>, StoreError>>;

    /// Returns the current time.
    fn now(&self) -> Timestamp;

    /// Returns the number of swaps that other writers won since the last call.
    fn take_lost_swaps(&self) -> u64;

    /// Applies `decide` to the current value and swaps the result in. If another writer came first, applies it again to the new
    /// value. Returns `None` if there is no such record.
    fn change<R: Record, T>(
        &self,
        name: &str,
        decide: impl FnMut(R) -> Change<R, T>,
    ) -> impl Future<Output = Result<Option<T>, StoreError>>;

    /// Does what [`Records::change`] does, and loads the record `other` after the write, at the same time as the write is read back.
    fn change_and_load<R: Record, T, L: Record>(
        &self,
        name: &str,
        decide: impl FnMut(R) -> Change<R, T>,
        other: &str,
    ) -> impl Future<Output = Result<Changed<T, L>, StoreError>>;
}

/// The result of [`Records::change_and_load`].
pub struct Changed<T, L> {
    /// The answer of the decision. `None` if there is no record to decide about.
    pub answer: Option<T>,
    /// The other record, as it was after the write. `None` if it is missing.
    pub other: Option<L>,
}

/// The effect of a decision on the value that [`Records::change`] loaded.
pub enum Change<R, T> {
    /// Swap this value in, and return the answer.
    Write(Box<R>, T),
    /// Leave the record as it is, and return the answer.
    Keep(T),
}

impl<R, T> Change<R, T> {
    /// Returns the decision to swap `record` in, with its answer.
    pub fn write(record: R, answer: T) -> Self {
        Self::Write(Box::new(record), answer)
    }
}

/// A stored value.
pub trait Record: Clone + Serialize + DeserializeOwned {
    /// The first part of its key.
    const KIND: &'static str;

    /// States whether it has fields that are sealed at rest.
    const SEALED: bool = false;

    /// Returns the fields that are sealed at rest, in the order in which they are opened.
    ///
    /// `company` is opened first and authenticated together with each of the others. So a token of one company does not open under
    /// another.
    fn secrets(&mut self) -> Secrets<'_> {
        Secrets::default()
    }
}

/// The sealed fields of a [`Record`].
#[derive(Default)]
pub struct Secrets<'a> {
    /// The company's id, itself sealed.
    pub company: Option<&'a mut String>,
    /// Field names with their values.
    pub fields: Vec<(&'static str, &'a mut String)>,
    /// The copy of the company's id for readers that may show it but may open no token.
    pub view: Option<CompanyView<'a>>,
}

/// A copy of the company's id that a key of another purpose seals. `None` if no writer had that key yet.
pub enum CompanyView<'a> {
    /// The record belongs to a writer: the copy stays sealed, and is made anew when a writer has the key.
    Kept(&'a mut Option<String>),
    /// The record belongs to a reader without the keys of tokens: the copy is opened. It becomes `None` if its key is gone.
    Shown(&'a mut Option<String>),
}

/// A record could not be read or written. Nothing was changed, or the same change may be made again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Other writers kept changing the record. The same request succeeds a moment later.
    #[error("the record {0} is busy")]
    Busy(String),
    /// The store does not answer.
    #[error("the store failed: {0}")]
    Unavailable(String),
    /// The record is there but cannot be read: wrong key, altered, or from a newer version.
    #[error("the record {0} cannot be read: {1}")]
    Unreadable(String, String),
}
