//! The check that a back end can keep records.

use super::key_value::{KeyValue, KeyValueError};

/// The start of the keys that a check writes. No record has such a key, and every back end takes its characters.
const PREFIX: &str = "rivet-books-verification-";

/// The reason why a back end cannot keep records.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitBackEnd {
    /// The store refused an operation, which is named first.
    #[error("it failed to {0}: {1}")]
    Failed(&'static str, KeyValueError),
    /// The store answered otherwise than it must.
    #[error("{0}")]
    Wrong(&'static str),
}

/// Checks that a back end can keep records: writes one record, swaps it, reads it back and removes it.
///
/// `nonce` is a fresh random value of characters that a key may have, so that checks at the same time do not meet. A back end
/// that answers wrongly only now and then may pass.
///
/// # Errors
/// The first operation that failed or answered wrongly. The caller adds the name of the store.
pub async fn verify_back_end<K: KeyValue>(key_value: &K, nonce: &str) -> Result<(), UnfitBackEnd> {
    let key = format!("{PREFIX}{nonce}");
    let verified = verify_at(key_value, &key, nonce).await;
    // A record that a failed check leaves behind harms nothing.
    let removed = key_value.delete(&key).await;
    verified?;
    removed.map_err(|error| UnfitBackEnd::Failed("remove a value", error))?;
    match read(key_value, &key).await? {
        None => Ok(()),
        Some(_) => Err(UnfitBackEnd::Wrong("a removed value is still read")),
    }
}

async fn verify_at<K: KeyValue>(key_value: &K, key: &str, nonce: &str) -> Result<(), UnfitBackEnd> {
    let [first, second] = ["first", "second"].map(|text| format!("{text} {nonce}").into_bytes());
    let written = key_value.set(key, &first).await;
    written.map_err(|error| UnfitBackEnd::Failed("write a value", error))?;
    if read(key_value, key).await?.as_ref() != Some(&first) {
        return Err(UnfitBackEnd::Wrong(
            "it does not read back a value that was just written, so its reads are not consistent",
        ));
    }
    let mut seen = None;
    let swapped = key_value.swap(key, |current| {
        seen = current;
        Some(second.clone())
    });
    // The report of a swap is not believed, here as elsewhere.
    let swapped = swapped.await;
    swapped.map_err(|error| UnfitBackEnd::Failed("swap a value", error))?;
    if seen != Some(first) {
        return Err(UnfitBackEnd::Wrong(
            "its swap does not begin with the value that was just written",
        ));
    }
    match read(key_value, key).await? == Some(second) {
        true => Ok(()),
        false => Err(UnfitBackEnd::Wrong(
            "it does not read back a value that was just swapped",
        )),
    }
}

async fn read<K: KeyValue>(key_value: &K, key: &str) -> Result<Option<Vec<u8>>, UnfitBackEnd> {
    let read = key_value.get(key).await;
    read.map_err(|error| UnfitBackEnd::Failed("read a value", error))
}
