//! [`KeyValue`] on Spin: reads and writes through `spin:key-value`, counters and swaps through `wasi:keyvalue/atomics`.

use super::key_value::{KeyValue, KeyValueError, SwapResult};
use crate::runtime;
use jiff::SignedDuration;
use spin_sdk::experimental::wasi::keyvalue::{atomics, store};
use spin_sdk::key_value::Store;

/// The name of the store in `spin.toml`.
const LABEL: &str = "default";

/// Spin's key-value store of the name `default` (Spin: key-value store).
pub struct SpinKeyValue {
    store: Store,
    bucket: store::Bucket,
}

impl SpinKeyValue {
    /// Opens the store.
    ///
    /// # Errors
    /// If the component is not granted the store, or the back end does not answer.
    pub async fn open() -> Result<Self, KeyValueError> {
        let store = Store::open(LABEL).await.map_err(key_value_error)?;
        let bucket = store::open(LABEL).map_err(key_value_error)?;
        Ok(Self { store, bucket })
    }
}

impl KeyValue for SpinKeyValue {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.store.get(key).await.map_err(key_value_error)
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.store.set(key, value).await.map_err(key_value_error)
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.store.delete(key).await.map_err(key_value_error)
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        atomics::increment(&self.bucket, key, by).map_err(key_value_error)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let cas = atomics::Cas::new(&self.bucket, key).map_err(key_value_error)?;
        let Some(value) = replace(cas.current().map_err(key_value_error)?) else {
            return Ok(SwapResult::Kept);
        };
        match atomics::swap(cas, &value) {
            Ok(()) => Ok(SwapResult::Replaced),
            Err(atomics::CasError::CasFailed(_)) => Ok(SwapResult::Conflict),
            Err(atomics::CasError::StoreError(error)) => Err(key_value_error(error)),
        }
    }

    async fn pause(&self, span: SignedDuration) {
        runtime::sleep(span.unsigned_abs()).await;
    }
}

/// Converts an error of the store. The store's messages contain no value.
fn key_value_error(error: impl std::fmt::Debug) -> KeyValueError {
    KeyValueError(format!("{error:?}"))
}
