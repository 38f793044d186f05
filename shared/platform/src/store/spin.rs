//! [`KeyValue`] on Spin: plain reads and writes asynchronously, the atomics through `wasi:keyvalue`.

use super::{KeyValue, KeyValueError, Swapped};
use spin_sdk::experimental::wasi::keyvalue::{atomics, store};
use spin_sdk::key_value::Store;

/// The store that `spin.toml` grants as `default`.
const LABEL: &str = "default";

/// Spin's default store.
pub struct SpinKeyValue {
    store: Store,
    bucket: store::Bucket,
}

impl SpinKeyValue {
    /// Opens it.
    ///
    /// # Errors
    /// If the component is not granted the store.
    pub async fn open() -> Result<Self, KeyValueError> {
        let store = Store::open(LABEL).await.map_err(failed)?;
        let bucket = store::open(LABEL).map_err(failed)?;
        Ok(Self { store, bucket })
    }
}

impl KeyValue for SpinKeyValue {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.store.get(key).await.map_err(failed)
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.store.set(key, value).await.map_err(failed)
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.store.delete(key).await.map_err(failed)
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        atomics::increment(&self.bucket, key, by).map_err(failed)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<Swapped, KeyValueError> {
        let cas = atomics::Cas::new(&self.bucket, key).map_err(failed)?;
        let Some(value) = replace(cas.current().map_err(failed)?) else {
            return Ok(Swapped::Kept);
        };
        match atomics::swap(cas, &value) {
            Ok(()) => Ok(Swapped::Replaced),
            Err(atomics::CasError::CasFailed(_)) => Ok(Swapped::Conflict),
            Err(atomics::CasError::StoreError(error)) => Err(failed(error)),
        }
    }
}

/// The store's words; they name no value.
fn failed(error: impl std::fmt::Debug) -> KeyValueError {
    KeyValueError(format!("{error:?}"))
}
