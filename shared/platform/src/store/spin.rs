//! [`KeyValue`] on Spin: reads and writes through `spin:key-value`, counters and swaps through `wasi:keyvalue/atomics`.

use super::key_value::{KeyValue, KeyValueError, SwapResult};
use crate::runtime;
use jiff::SignedDuration;
use spin_sdk::experimental::wasi::keyvalue::{atomics, store};
use spin_sdk::key_value::Store;
use std::sync::OnceLock;

/// The name of the store in `spin.toml`.
const LABEL: &str = "default";

/// The open store of this instance. It holds no data of a request, so all requests may share it.
static STORE: OnceLock<Store> = OnceLock::new();

/// The same store for counters and swaps, which a request that only reads does not need.
static BUCKET: OnceLock<store::Bucket> = OnceLock::new();

/// Spin's key-value store of the name `default` (Spin: key-value store).
#[derive(Clone, Copy)]
pub struct SpinKeyValue {
    store: &'static Store,
}

impl SpinKeyValue {
    /// Opens the store. An instance opens it once.
    ///
    /// # Errors
    /// If the component is not granted the store, or the back end does not answer.
    pub async fn open() -> Result<Self, KeyValueError> {
        if let Some(store) = STORE.get() {
            return Ok(Self { store });
        }
        let opened = Store::open(LABEL).await.map_err(key_value_error)?;
        let store = STORE.get_or_init(|| opened);
        Ok(Self { store })
    }
}

/// Opens the store for counters and swaps. An instance opens it once.
fn bucket() -> Result<&'static store::Bucket, KeyValueError> {
    if let Some(bucket) = BUCKET.get() {
        return Ok(bucket);
    }
    let opened = store::open(LABEL).map_err(key_value_error)?;
    Ok(BUCKET.get_or_init(|| opened))
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
        atomics::increment(bucket()?, key, by).map_err(key_value_error)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let cas = atomics::Cas::new(bucket()?, key).map_err(key_value_error)?;
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
