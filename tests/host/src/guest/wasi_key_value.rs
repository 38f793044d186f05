//! Implements `wasi:keyvalue@0.2.0-draft2` on the same stores, with atomics and batches.

use wasmtime::component::Resource;

use super::wasi::keyvalue::atomics::{CasError, Host as AtomicsHost, HostCas};
use super::wasi::keyvalue::batch::Host as BatchHost;
use super::wasi::keyvalue::store::{Error, Host as StoreHost, HostBucket, KeyResponse};
use super::{Guest, blocking};
use crate::key_value::{Bucket, Swap};

type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// A compare-and-swap handle of a component, from its creation until the component drops it.
pub struct CompareAndSwap {
    bucket: Bucket,
    key: String,
    swap: Swap,
}

impl StoreHost for Guest {
    async fn open(&mut self, identifier: String) -> Answer<Resource<Bucket>> {
        match self.permissions.open_store(&identifier) {
            Some(bucket) => Ok(Ok(self.table.push(bucket)?)),
            None => Ok(Err(Error::AccessDenied)),
        }
    }
}

impl HostBucket for Guest {
    async fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<Option<Vec<u8>>> {
        self.permissions.shared.meter.get.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.get(&key)).await
    }

    async fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Answer<()> {
        self.permissions.shared.meter.set.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.set(&key, &value)).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<()> {
        self.permissions.shared.meter.delete.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.delete(&key)).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<bool> {
        self.permissions.shared.meter.exists.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.exists(&key)).await
    }

    async fn list_keys(
        &mut self,
        bucket: Resource<Bucket>,
        cursor: Option<String>,
    ) -> Answer<KeyResponse> {
        if cursor.is_some() {
            return Ok(Err(Error::Other(
                "list_keys: cursor not supported".to_owned(),
            )));
        }
        self.permissions.shared.meter.list.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.keys().map(|keys| KeyResponse { keys, cursor: None })).await
    }

    async fn drop(&mut self, bucket: Resource<Bucket>) -> wasmtime::Result<()> {
        self.table.delete(bucket)?;
        Ok(())
    }
}

impl BatchHost for Guest {
    async fn get_many(
        &mut self,
        bucket: Resource<Bucket>,
        keys: Vec<String>,
    ) -> Answer<Vec<(String, Option<Vec<u8>>)>> {
        self.permissions.shared.meter.get.add(keys.len());
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.get_many(&keys)).await
    }

    async fn set_many(
        &mut self,
        bucket: Resource<Bucket>,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Answer<()> {
        self.permissions.shared.meter.set.add(pairs.len());
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.set_many(&pairs)).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Answer<()> {
        self.permissions.shared.meter.delete.add(keys.len());
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.delete_many(&keys)).await
    }
}

impl AtomicsHost for Guest {
    async fn increment(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
        delta: i64,
    ) -> Answer<i64> {
        self.permissions.shared.meter.increment.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        run_blocking(move || bucket.increment(&key, delta)).await
    }

    async fn swap(
        &mut self,
        swap: Resource<CompareAndSwap>,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), CasError>> {
        self.permissions.shared.meter.swap.add(1);
        let swap = self.table.delete(swap)?;
        match run_blocking(move || swap.attempt(&value)).await? {
            Err(error) => Ok(Err(CasError::StoreError(error))),
            Ok(None) => Ok(Ok(())),
            Ok(Some(retry)) => {
                self.permissions.shared.meter.get.add(1);
                Ok(Err(CasError::CasFailed(self.table.push(retry)?)))
            }
        }
    }
}

impl HostCas for Guest {
    async fn new(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
    ) -> Answer<Resource<CompareAndSwap>> {
        let bucket = self.table.get(&bucket)?.clone();
        Ok(
            match run_blocking(move || CompareAndSwap::begin(bucket, key)).await? {
                Ok(swap) => Ok(self.table.push(swap)?),
                Err(error) => Err(error),
            },
        )
    }

    async fn current(&mut self, swap: Resource<CompareAndSwap>) -> Answer<Option<Vec<u8>>> {
        self.permissions.shared.meter.get.add(1);
        let mut begun = self.table.get(&swap)?.swap.clone();
        let read = run_blocking(move || begun.current().map(|value| (begun, value))).await?;
        Ok(match read {
            Ok((begun, value)) => {
                self.table.get_mut(&swap)?.swap = begun;
                Ok(value)
            }
            Err(error) => Err(error),
        })
    }

    async fn drop(&mut self, swap: Resource<CompareAndSwap>) -> wasmtime::Result<()> {
        self.table.delete(swap)?;
        Ok(())
    }
}

impl CompareAndSwap {
    fn begin(bucket: Bucket, key: String) -> Result<Self, String> {
        let swap = bucket.begin_swap(&key)?;
        Ok(Self { bucket, key, swap })
    }

    /// Swaps the value and returns `None`. If the back end reports another value, begins a swap from that value, as Spin does.
    fn attempt(self, value: &[u8]) -> Result<Option<Self>, String> {
        if self.swap.attempt(value)? {
            return Ok(None);
        }
        let mut again = Self::begin(self.bucket, self.key)?;
        again.swap.current()?;
        Ok(Some(again))
    }
}

/// Runs a database operation.
async fn run_blocking<R: Send + 'static>(
    operation: impl FnOnce() -> Result<R, String> + Send + 'static,
) -> Answer<R> {
    Ok(blocking::run(operation).await?.map_err(Error::Other))
}
