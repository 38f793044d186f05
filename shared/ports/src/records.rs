//! The records: values that are kept, with compare-and-swap.

use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// What is kept, one value per kind and name, with compare-and-swap.
///
/// This is all that a back end supplies. Use cases do not call it: they speak the domain verbs of
/// [`store`], each of which is one decision applied through [`Records::change`].
///
/// Implementations seal what [`Record::secrets`] names before it leaves them and open it on the way
/// back, so that nothing above sees ciphertext and nothing below sees a token.
pub trait Records {
    /// Reads a record.
    fn load<R: Record>(&self, name: &str) -> impl Future<Output = Result<Option<R>, StoreError>>;

    /// Writes a record whatever was there. Only for records with a single writer.
    fn save<R: Record>(
        &self,
        name: &str,
        record: &R,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Removes a record; a missing one is not an error.
    fn remove<R: Record>(&self, name: &str) -> impl Future<Output = Result<(), StoreError>>;

    /// Creates an empty record if there is none, exactly once among all that try at the same time.
    ///
    /// Compare-and-swap on an absent key is not safe on every back end, so whatever claims live in
    /// must exist before they are claimed.
    fn ensure<R: Record + Default>(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// Applies `decide` to the current value and swaps the result in, again from the new value if
    /// another writer came first. `None` if there is no such record.
    fn change<R: Record, T>(
        &self,
        name: &str,
        decide: impl FnMut(R) -> Change<R, T>,
    ) -> impl Future<Output = Result<Option<T>, StoreError>>;
}

/// What [`Records::change`] is to do with the value that it read.
pub enum Change<R, T> {
    /// Swap this in and answer with that.
    Write(Box<R>, T),
    /// Leave the record as it is.
    Keep(T),
}

impl<R, T> Change<R, T> {
    /// Swaps `record` in and answers with `answer`.
    pub fn write(record: R, answer: T) -> Self {
        Self::Write(Box::new(record), answer)
    }
}

/// A value that is kept.
pub trait Record: Clone + Serialize + DeserializeOwned {
    /// The first part of its key.
    const KIND: &'static str;

    /// Whether it has fields that are sealed at rest.
    const SEALED: bool = false;

    /// The fields that are sealed at rest.
    ///
    /// They are opened in the order given. `company` names the one that, once open, is authenticated
    /// together with each of the others, so that a token of one company does not open under another.
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
}

/// A record could not be read or written. Nothing was changed, or what was changed is repeatable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Others kept changing the record; the same request succeeds a moment later.
    #[error("the record {0} is busy")]
    Busy(String),
    /// The store does not answer.
    #[error("the store failed: {0}")]
    Unavailable(String),
    /// The record is there but cannot be read: wrong key, altered, or from a newer version.
    #[error("the record {0} cannot be read: {1}")]
    Unreadable(String, String),
}
