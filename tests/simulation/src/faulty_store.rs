//! The store as an instance sees it: every operation waits at a yield point before it is carried out and before its result is known.

use crate::memory_store::MemoryStore;
use crate::observer::Observer;
use crate::world::World;
use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, SwapResult};
use std::rc::Rc;

/// The store as one instance sees it.
#[derive(Clone)]
pub struct FaultyStore {
    world: World,
    memory: MemoryStore,
    observer: Rc<dyn Observer>,
}

impl FaultyStore {
    /// Returns a store over `memory`. `observer` sees each write.
    pub fn new(world: &World, memory: &MemoryStore, observer: &Rc<dyn Observer>) -> Self {
        Self {
            world: world.clone(),
            memory: memory.clone(),
            observer: Rc::clone(observer),
        }
    }

    /// Waits before an operation is carried out. The operation may fail here.
    async fn before(&self) -> Result<(), KeyValueError> {
        self.world.yield_point().await;
        self.fail_at_random()
    }

    /// Waits before the result is known. An operation that took effect may be reported as failed.
    async fn after<T>(&self, result: T) -> Result<T, KeyValueError> {
        self.world.yield_point().await;
        self.fail_at_random()?;
        Ok(result)
    }

    fn fail_at_random(&self) -> Result<(), KeyValueError> {
        if self.world.has_fault(|conditions| &mut conditions.stores) {
            self.world.trace(|| "the store fails".into());
            self.observer.on_store_failure(self.world.current());
            return Err(KeyValueError("the store is away".into()));
        }
        Ok(())
    }

    fn report_write(&self, key: &str) {
        self.world.trace(|| format!("writes {}", shortened(key)));
        if let Some(value) = self.memory.read(key) {
            self.observer.on_written(key, &value, self.world.current());
        }
    }
}

impl KeyValue for FaultyStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.before().await?;
        let value = self.memory.read(key);
        self.after(value).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.before().await?;
        self.memory.check(key, value)?;
        self.memory.put(key, value.to_vec());
        self.report_write(key);
        self.after(()).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.before().await?;
        self.memory.remove(key);
        self.world.trace(|| format!("removes {}", shortened(key)));
        self.after(()).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.before().await?;
        let seen = self.memory.counter(key);
        self.world.yield_point().await;
        let count = self.memory.add(key, seen, by);
        self.after(count).await
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.before().await?;
        let seen = self.memory.read(key);
        let Some(value) = replace(seen.clone()) else {
            return Ok(SwapResult::Kept);
        };
        self.memory.check(key, &value)?;
        self.world.yield_point().await;
        let swap = self.memory.compare_and_swap(key, seen.as_deref(), value);
        if swap.is_written {
            self.report_write(key);
        }
        self.after(swap.reported).await
    }

    async fn pause(&self, span: SignedDuration) {
        self.world.sleep(span).await;
    }
}

/// Shortens a key for the trace: ids of sign-ins and companies are long and tell a reader nothing.
fn shortened(key: &str) -> String {
    key.split(':')
        .map(|part| part.chars().take(12).collect::<String>())
        .collect::<Vec<_>>()
        .join(":")
}
