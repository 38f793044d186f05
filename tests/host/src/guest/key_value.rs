//! Implements `spin:key-value@3`.

use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};

use super::spin::key_value::key_value::{
    Error, Host as KeyValueHost, HostStore, HostStoreWithStore,
};
use super::{Guest, Host, blocking};
use crate::counts::{Counter, Meter};
use crate::key_value::Bucket;

type Answer<T> = wasmtime::Result<Result<T, Error>>;
type Keys = (StreamReader<String>, FutureReader<Result<(), Error>>);

impl KeyValueHost for Guest {}
impl HostStore for Guest {}

impl<T: Send + 'static> HostStoreWithStore<T> for Host {
    async fn open(accessor: &Accessor<T, Self>, label: String) -> Answer<Resource<Bucket>> {
        accessor.with(|mut access| {
            let guest = access.get();
            match guest.permissions.open_store(&label) {
                Some(bucket) => Ok(Ok(guest.table.push(bucket)?)),
                None => Ok(Err(Error::AccessDenied)),
            }
        })
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        store: Resource<Bucket>,
        key: String,
    ) -> Answer<Option<Vec<u8>>> {
        let bucket = counted_bucket(accessor, &store, |meter| &meter.get)?;
        run_blocking(move || bucket.get(&key)).await
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        store: Resource<Bucket>,
        key: String,
        value: Vec<u8>,
    ) -> Answer<()> {
        let bucket = counted_bucket(accessor, &store, |meter| &meter.set)?;
        run_blocking(move || bucket.set(&key, &value)).await
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        store: Resource<Bucket>,
        key: String,
    ) -> Answer<()> {
        let bucket = counted_bucket(accessor, &store, |meter| &meter.delete)?;
        run_blocking(move || bucket.delete(&key)).await
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        store: Resource<Bucket>,
        key: String,
    ) -> Answer<bool> {
        let bucket = counted_bucket(accessor, &store, |meter| &meter.exists)?;
        run_blocking(move || bucket.exists(&key)).await
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        store: Resource<Bucket>,
    ) -> wasmtime::Result<Keys> {
        let bucket = counted_bucket(accessor, &store, |meter| &meter.list)?;
        let (keys, outcome) = match run_blocking(move || bucket.keys()).await? {
            Ok(keys) => (keys, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        accessor.with(|mut access| {
            Ok((
                StreamReader::new(&mut access, keys)?,
                FutureReader::new(&mut access, async move { wasmtime::error::Ok(outcome) })?,
            ))
        })
    }

    async fn drop(accessor: &Accessor<T, Self>, store: Resource<Bucket>) -> wasmtime::Result<()> {
        accessor.with(|mut access| access.get().table.delete(store))?;
        Ok(())
    }
}

/// Counts an operation on an open store and returns the store.
fn counted_bucket<T>(
    accessor: &Accessor<T, Host>,
    store: &Resource<Bucket>,
    counter: fn(&Meter) -> &Counter,
) -> wasmtime::Result<Bucket> {
    accessor.with(|mut access| {
        let guest = access.get();
        counter(&guest.permissions.shared.meter).add(1);
        Ok(guest.table.get(store)?.clone())
    })
}

/// Runs a database operation.
async fn run_blocking<R: Send + 'static>(
    operation: impl FnOnce() -> Result<R, String> + Send + 'static,
) -> Answer<R> {
    Ok(blocking::run(operation).await?.map_err(Error::Other))
}
