//! `wasi:keyvalue@0.2.0-draft2`: the same stores, with atomics and batches.

use wasmtime::component::Resource;

use super::Guest;
use super::wasi::keyvalue::atomics::{CasError, Host as AtomicsHost, HostCas};
use super::wasi::keyvalue::batch::Host as BatchHost;
use super::wasi::keyvalue::store::{Error, Host as StoreHost, HostBucket, KeyResponse};
use crate::key_value::Bucket;

type Answer<T> = wasmtime::Result<Result<T, Error>>;

/// A compare-and-swap that is under way.
pub struct Swap {
    bucket: Bucket,
    key: String,
    /// What [`HostCas::current`] answered last. A swap without it overwrites.
    remembered: Option<Vec<u8>>,
}

impl StoreHost for Guest {
    async fn open(&mut self, identifier: String) -> Answer<Resource<Bucket>> {
        match self.grants.open(&identifier) {
            Some(bucket) => Ok(Ok(self.table.push(bucket)?)),
            None => Ok(Err(Error::AccessDenied)),
        }
    }
}

impl HostBucket for Guest {
    async fn get(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<Option<Vec<u8>>> {
        self.grants.surroundings.meter.get.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.get(&key)).await
    }

    async fn set(&mut self, bucket: Resource<Bucket>, key: String, value: Vec<u8>) -> Answer<()> {
        self.grants.surroundings.meter.set.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.set(&key, &value)).await
    }

    async fn delete(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<()> {
        self.grants.surroundings.meter.delete.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.delete(&key)).await
    }

    async fn exists(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<bool> {
        self.grants.surroundings.meter.exists.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.exists(&key)).await
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
        self.grants.surroundings.meter.list.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.keys().map(|keys| KeyResponse { keys, cursor: None })).await
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
        self.grants.surroundings.meter.get.add(keys.len());
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.get_many(&keys)).await
    }

    async fn set_many(
        &mut self,
        bucket: Resource<Bucket>,
        pairs: Vec<(String, Vec<u8>)>,
    ) -> Answer<()> {
        self.grants.surroundings.meter.set.add(pairs.len());
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.set_many(&pairs)).await
    }

    async fn delete_many(&mut self, bucket: Resource<Bucket>, keys: Vec<String>) -> Answer<()> {
        self.grants.surroundings.meter.delete.add(keys.len());
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.delete_many(&keys)).await
    }
}

impl AtomicsHost for Guest {
    async fn increment(
        &mut self,
        bucket: Resource<Bucket>,
        key: String,
        delta: i64,
    ) -> Answer<i64> {
        self.grants.surroundings.meter.increment.add(1);
        let bucket = self.table.get(&bucket)?.clone();
        answer(move || bucket.increment(&key, delta)).await
    }

    async fn swap(
        &mut self,
        swap: Resource<Swap>,
        value: Vec<u8>,
    ) -> wasmtime::Result<Result<(), CasError>> {
        self.grants.surroundings.meter.swap.add(1);
        let swap = self.table.delete(swap)?;
        match answer(move || swap.attempt(&value)).await? {
            Err(error) => Ok(Err(CasError::StoreError(error))),
            Ok(None) => Ok(Ok(())),
            Ok(Some(retry)) => {
                self.grants.surroundings.meter.get.add(1);
                Ok(Err(CasError::CasFailed(self.table.push(retry)?)))
            }
        }
    }
}

impl HostCas for Guest {
    async fn new(&mut self, bucket: Resource<Bucket>, key: String) -> Answer<Resource<Swap>> {
        let bucket = self.table.get(&bucket)?.clone();
        Ok(Ok(self.table.push(Swap {
            bucket,
            key,
            remembered: None,
        })?))
    }

    async fn current(&mut self, swap: Resource<Swap>) -> Answer<Option<Vec<u8>>> {
        self.grants.surroundings.meter.get.add(1);
        let Swap { bucket, key, .. } = self.table.get(&swap)?;
        let (bucket, key) = (bucket.clone(), key.clone());
        let answer = answer(move || bucket.get(&key)).await?;
        if let Ok(value) = &answer {
            self.table.get_mut(&swap)?.remembered.clone_from(value);
        }
        Ok(answer)
    }

    async fn drop(&mut self, swap: Resource<Swap>) -> wasmtime::Result<()> {
        self.table.delete(swap)?;
        Ok(())
    }
}

impl Swap {
    /// Nothing if it won; otherwise itself, now remembering the value that it lost to.
    fn attempt(mut self, value: &[u8]) -> Result<Option<Self>, String> {
        if self
            .bucket
            .swap(&self.key, self.remembered.as_deref(), value)?
        {
            return Ok(None);
        }
        self.remembered = self.bucket.get(&self.key)?;
        Ok(Some(self))
    }
}

/// Waits for the database away from the threads that run components.
async fn answer<R: Send + 'static>(
    operation: impl FnOnce() -> Result<R, String> + Send + 'static,
) -> Answer<R> {
    Ok(tokio::task::spawn_blocking(operation)
        .await?
        .map_err(Error::Other))
}
