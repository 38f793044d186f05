//! A store that takes a number of writes and then none, as if the instance crashed.

use super::network::{NOW, SimulatedNetwork};
use super::world::World;
use connection::services::Services;
use futures::future::LocalBoxFuture;
use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, Keyring, SealedRecords, SwapResult};
use simulation::memory_store::MemoryStore;
use std::cell::Cell;
use std::rc::Rc;
use store::Store;

/// The key-value store of an instance that crashes.
pub struct CrashingStore {
    memory: MemoryStore,
    writes_left: Rc<Cell<usize>>,
    meanwhile: Option<Meanwhile>,
}

/// The work of another instance, between two writes of the one that crashes.
pub struct Meanwhile {
    /// The number of writes that are left when the work happens.
    pub writes_left: usize,
    /// The work.
    pub work: Box<dyn Fn() -> LocalBoxFuture<'static, ()>>,
}

impl CrashingStore {
    async fn write(&self) -> Result<(), KeyValueError> {
        if let Some(meanwhile) = &self.meanwhile
            && meanwhile.writes_left == self.writes_left.get()
        {
            (meanwhile.work)().await;
        }
        let left = self.writes_left.get().checked_sub(1);
        let crashed = || KeyValueError("the instance crashed".into());
        self.writes_left.set(left.ok_or_else(crashed)?);
        Ok(())
    }
}

/// The services of an instance that crashes.
pub type CrashingServices = Services<SimulatedNetwork, SealedRecords<CrashingStore>>;

impl KeyValue for CrashingStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.memory.get(key).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.write().await?;
        self.memory.set(key, value).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.write().await?;
        self.memory.delete(key).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.write().await?;
        self.memory.increment(key, by).await
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.write().await?;
        self.memory.swap(key, replace).await
    }

    async fn pause(&self, span: SignedDuration) {
        self.memory.pause(span).await;
    }
}

impl World {
    /// Returns the store of an instance that crashes after so many writes. The counter says how many it did not make.
    pub fn crashing_store(
        &self,
        writes_left: &Rc<Cell<usize>>,
    ) -> Store<SealedRecords<CrashingStore>> {
        self.crashing_store_with(writes_left, None)
    }

    fn crashing_store_with(
        &self,
        writes_left: &Rc<Cell<usize>>,
        meanwhile: Option<Meanwhile>,
    ) -> Store<SealedRecords<CrashingStore>> {
        let crashing = CrashingStore {
            memory: self.memory.clone(),
            writes_left: Rc::clone(writes_left),
            meanwhile,
        };
        let keyring = Keyring::new(vec![("k1".into(), [b'1'; 32])]);
        Store::new(SealedRecords::new(
            crashing,
            keyring,
            self.entropy(),
            || NOW.get(),
        ))
    }

    /// Returns an instance whose store takes so many writes.
    pub fn crashing_services(&self, writes_left: &Rc<Cell<usize>>) -> CrashingServices {
        self.crashing_services_with(writes_left, None)
    }

    /// Returns an instance whose store takes so many writes, while another one works.
    pub fn crashing_services_with(
        &self,
        writes_left: &Rc<Cell<usize>>,
        meanwhile: Option<Meanwhile>,
    ) -> CrashingServices {
        let services = &self.services;
        Services {
            http: services.http.clone(),
            store: self.crashing_store_with(writes_left, meanwhile),
            app: services.app.clone(),
            api_origin: services.api_origin.clone(),
            notifies_documents: services.notifies_documents,
        }
    }
}
