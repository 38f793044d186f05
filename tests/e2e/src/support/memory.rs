//! A key-value store in memory that swaps as a given back end does, and counts.

use platform::store::{KeyValue, KeyValueError, Swapped};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// How a back end swaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackEnd {
    /// On an absent key both callers win; an existing one is compared by value.
    Sqlite,
    /// A conflict writes nothing and reports success.
    Redis,
    /// Right on both.
    DynamoDb,
}

/// The store. Clones share their content, as instances of a component do.
#[derive(Clone)]
pub struct Memory {
    content: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    reads: Rc<Cell<usize>>,
    writes: Rc<Cell<usize>>,
    back_end: BackEnd,
}

impl Memory {
    pub fn new(back_end: BackEnd) -> Self {
        Self {
            content: Rc::default(),
            reads: Rc::default(),
            writes: Rc::default(),
            back_end,
        }
    }

    /// Reads so far.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Writes so far.
    pub fn writes(&self) -> usize {
        self.writes.get()
    }

    /// Everything as it lies there.
    pub fn content(&self) -> BTreeMap<String, Vec<u8>> {
        self.content.borrow().clone()
    }

    fn read(&self, key: &str) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.content.borrow().get(key).cloned()
    }

    fn put(&self, key: &str, value: Vec<u8>) {
        self.writes.set(self.writes.get() + 1);
        self.content.borrow_mut().insert(key.to_owned(), value);
    }
}

impl KeyValue for Memory {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        Ok(self.read(key))
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.put(key, value.to_vec());
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.writes.set(self.writes.get() + 1);
        self.content.borrow_mut().remove(key);
        Ok(())
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        let counter = |bytes: &Vec<u8>| i64::from_le_bytes(bytes.as_slice().try_into().unwrap());
        let next = self.content.borrow().get(key).map_or(0, counter) + by;
        self.put(key, next.to_le_bytes().to_vec());
        Ok(next)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<Swapped, KeyValueError> {
        let seen = self.read(key);
        let Some(value) = replace(seen.clone()) else {
            return Ok(Swapped::Kept);
        };
        // Others run between the read and the swap.
        yield_now().await;
        let now = self.content.borrow().get(key).cloned();
        let wins = now == seen || (self.back_end == BackEnd::Sqlite && seen.is_none());
        if wins {
            self.put(key, value);
        }
        let believed = wins || self.back_end == BackEnd::Redis;
        Ok(if believed {
            Swapped::Replaced
        } else {
            Swapped::Conflict
        })
    }
}

/// Lets every other task run first.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
