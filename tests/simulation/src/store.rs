//! The store as an instance meets it: every operation takes its turn before it is carried out and before it is known.

use crate::memory::Memory;
use crate::witness::Witness;
use crate::world::World;
use platform::store::{KeyValue, KeyValueError, SwapResult};
use std::rc::Rc;

/// One instance's way to the store.
#[derive(Clone)]
pub struct Remote {
    world: World,
    memory: Memory,
    witness: Rc<dyn Witness>,
}

impl Remote {
    /// The way to `memory`, watched by `witness`.
    pub fn new(world: &World, memory: &Memory, witness: &Rc<dyn Witness>) -> Self {
        Self {
            world: world.clone(),
            memory: memory.clone(),
            witness: Rc::clone(witness),
        }
    }

    /// The way there, on which an operation may be lost.
    async fn before(&self) -> Result<(), KeyValueError> {
        self.world.turn().await;
        self.perhaps_failed()
    }

    /// The way back, on which what was done may be reported as failed.
    async fn after<T>(&self, done: T) -> Result<T, KeyValueError> {
        self.world.turn().await;
        self.perhaps_failed()?;
        Ok(done)
    }

    fn perhaps_failed(&self) -> Result<(), KeyValueError> {
        if self.world.goes_wrong(|conditions| &mut conditions.stores) {
            self.world.note(|| "the store fails".into());
            self.witness.store_failed(self.world.current());
            return Err(KeyValueError("the store is away".into()));
        }
        Ok(())
    }

    fn written(&self, key: &str) {
        self.world.note(|| format!("writes {}", shortened(key)));
        if let Some(value) = self.memory.read(key) {
            self.witness.written(key, &value, self.world.current());
        }
    }
}

impl KeyValue for Remote {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.before().await?;
        let value = self.memory.read(key);
        self.after(value).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.before().await?;
        self.memory.put(key, value.to_vec());
        self.written(key);
        self.after(()).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.before().await?;
        self.memory.forget(key);
        self.world.note(|| format!("removes {}", shortened(key)));
        self.after(()).await
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.before().await?;
        let seen = self.memory.counted(key);
        self.world.turn().await;
        let count = self.memory.count(key, seen, by);
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
        self.world.turn().await;
        let (wrote, reported) = self.memory.compare_and_swap(key, seen.as_deref(), value);
        if wrote {
            self.written(key);
        }
        self.after(reported).await
    }
}

/// Ids of consents and companies are long and tell a reader nothing.
fn shortened(key: &str) -> String {
    key.split('/')
        .map(|part| part.chars().take(12).collect::<String>())
        .collect::<Vec<_>>()
        .join("/")
}
