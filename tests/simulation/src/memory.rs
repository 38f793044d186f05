//! A key-value store in memory that swaps as a given back end does, and counts.

use platform::store::{KeyValue, KeyValueError, SwapResult};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// How a back end swaps and counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackEnd {
    /// On an absent key both callers win; an existing one is compared by value.
    Sqlite,
    /// A conflict writes nothing and reports success.
    Redis,
    /// Right on both.
    DynamoDb,
    /// Swaps are right; two who count at the same time may get the same number.
    CosmosDb,
}

impl BackEnd {
    /// Every row of the table.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Redis, Self::DynamoDb, Self::CosmosDb];
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
    /// An empty store.
    pub fn new(back_end: BackEnd) -> Self {
        Self::holding(back_end, BTreeMap::new())
    }

    /// A store with this content.
    pub fn holding(back_end: BackEnd, content: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            content: Rc::new(RefCell::new(content)),
            reads: Rc::default(),
            writes: Rc::default(),
            back_end,
        }
    }

    /// Reads so far, those of counters apart.
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

    /// A value as it lies there now.
    pub fn read(&self, key: &str) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.content.borrow().get(key).cloned()
    }

    /// Writes at once.
    pub fn put(&self, key: &str, value: Vec<u8>) {
        self.writes.set(self.writes.get() + 1);
        self.content.borrow_mut().insert(key.to_owned(), value);
    }

    /// Removes at once.
    pub fn forget(&self, key: &str) {
        self.writes.set(self.writes.get() + 1);
        self.content.borrow_mut().remove(key);
    }

    /// The number that a counter holds.
    pub fn counted(&self, key: &str) -> i64 {
        let content = self.content.borrow();
        let bytes = content.get(key).map(Vec::as_slice);
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, i64::from_le_bytes)
    }

    /// Counts on from `seen`, which is what the counter held a moment ago. Only where counting is one step does the
    /// present number count.
    pub fn count(&self, key: &str, seen: i64, by: i64) -> i64 {
        let before = match self.back_end {
            BackEnd::CosmosDb => seen,
            _ => self.counted(key),
        };
        self.put(key, (before + by).to_le_bytes().to_vec());
        before + by
    }

    /// Replaces the value that was seen a moment ago, as this back end does: whether it wrote, and what it reports.
    pub fn compare_and_swap(
        &self,
        key: &str,
        seen: Option<&[u8]>,
        value: Vec<u8>,
    ) -> (bool, SwapResult) {
        let same = self.content.borrow().get(key).map(Vec::as_slice) == seen;
        let wins = same || (self.back_end == BackEnd::Sqlite && seen.is_none());
        if wins {
            self.put(key, value);
        }
        let believed = wins || self.back_end == BackEnd::Redis;
        let reported = if believed {
            SwapResult::Replaced
        } else {
            SwapResult::Conflict
        };
        (wins, reported)
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
        self.forget(key);
        Ok(())
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        let seen = self.counted(key);
        yield_now().await;
        Ok(self.count(key, seen, by))
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let seen = self.read(key);
        let Some(value) = replace(seen.clone()) else {
            return Ok(SwapResult::Kept);
        };
        // Others run between the read and the swap.
        yield_now().await;
        Ok(self.compare_and_swap(key, seen.as_deref(), value).1)
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

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Option<&[u8]> = Some(b"old");

    #[test]
    fn concurrent_swaps_behave_as_on_each_backend() {
        for (back_end, absent, present) in [
            (BackEnd::Sqlite, SwapResult::Replaced, SwapResult::Conflict),
            (BackEnd::Redis, SwapResult::Replaced, SwapResult::Replaced),
            (
                BackEnd::DynamoDb,
                SwapResult::Conflict,
                SwapResult::Conflict,
            ),
            (
                BackEnd::CosmosDb,
                SwapResult::Conflict,
                SwapResult::Conflict,
            ),
        ] {
            for (seen, reported) in [(None, absent), (OLD, present)] {
                let memory = Memory::new(back_end);
                if let Some(value) = seen {
                    memory.put("k", value.to_vec());
                }
                let swap = |value: &[u8]| memory.compare_and_swap("k", seen, value.to_vec());
                assert_eq!(swap(b"one"), (true, SwapResult::Replaced), "{back_end:?}");
                let both_win = back_end == BackEnd::Sqlite && seen.is_none();
                assert_eq!(swap(b"two"), (both_win, reported), "{back_end:?}");
                let left = if both_win { b"two" } else { b"one" };
                assert_eq!(memory.read("k").as_deref(), Some(&left[..]), "{back_end:?}");
            }
        }
    }

    #[test]
    fn concurrent_counters_collide_only_on_cosmos_db() {
        for back_end in BackEnd::ALL {
            let memory = Memory::new(back_end);
            let seen = memory.counted("n");
            let counts = [memory.count("n", seen, 1), memory.count("n", seen, 1)];
            let second = if back_end == BackEnd::CosmosDb { 1 } else { 2 };
            assert_eq!(counts, [1, second], "{back_end:?}");
        }
    }
}
