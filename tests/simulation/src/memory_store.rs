//! A key-value store in memory that swaps and counts as a given back end does.

use crate::back_end::LONGEST_VALUE;
use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, SwapResult};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

pub use crate::back_end::BackEnd;

/// The most bytes by which a value may grow that an earlier version made longer than the code makes it now.
const SMALL_CHANGE: usize = 1024;

/// The outcome of a swap. A back end may report another than the true one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapOutcome {
    /// True if the value was written.
    pub is_written: bool,
    /// The result that the caller sees.
    pub reported: SwapResult,
}

/// A store in memory. Clones share their content, as instances of a component do.
#[derive(Clone)]
pub struct MemoryStore {
    content: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    reads: Rc<Cell<usize>>,
    writes: Rc<Cell<usize>>,
    /// The values before the latest, on a back end whose reads may return them. Each is read once.
    stale: Rc<RefCell<BTreeMap<String, Option<Vec<u8>>>>>,
    back_end: BackEnd,
}

impl MemoryStore {
    /// Returns the bytes of the longest value.
    pub fn longest_value(&self) -> usize {
        let content = self.content();
        content.values().map(Vec::len).max().unwrap_or_default()
    }

    /// Returns an empty store.
    pub fn new(back_end: BackEnd) -> Self {
        Self::with_content(back_end, BTreeMap::new())
    }

    /// Returns a store with this content.
    pub fn with_content(back_end: BackEnd, content: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            content: Rc::new(RefCell::new(content)),
            reads: Rc::default(),
            writes: Rc::default(),
            stale: Rc::default(),
            back_end,
        }
    }

    /// Returns the number of reads so far, without those of counters.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Returns the number of writes so far.
    pub fn writes(&self) -> usize {
        self.writes.get()
    }

    /// Returns all keys and values.
    pub fn content(&self) -> BTreeMap<String, Vec<u8>> {
        self.content.borrow().clone()
    }

    /// Sets the store back to an earlier content.
    pub fn set_back(&self, content: BTreeMap<String, Vec<u8>>) {
        *self.content.borrow_mut() = content;
    }

    /// Reads a value.
    pub fn read(&self, key: &str) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.content.borrow().get(key).cloned()
    }

    /// Reads a value, or the value before it on a back end whose reads are stale.
    fn read_or_stale(&self, key: &str) -> Option<Vec<u8>> {
        let stale = self.stale.borrow_mut().remove(key);
        let latest = self.read(key);
        stale.unwrap_or(latest)
    }

    /// Refuses to write a value that the back end refuses.
    ///
    /// # Errors
    /// The back end's message.
    ///
    /// # Panics
    /// If the value is longer than the code may write. That is a bug on every back end.
    pub fn check(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        if let Some(message) = self.back_end.refusal(key, value) {
            return Err(KeyValueError(message));
        }
        let length = value.len();
        let before = self.content.borrow().get(key).map_or(0, Vec::len);
        let most = match before > LONGEST_VALUE {
            true => before + SMALL_CHANGE,
            false => LONGEST_VALUE,
        };
        assert!(length <= most, "{key} has {length} bytes");
        Ok(())
    }

    /// Writes a value.
    pub fn put(&self, key: &str, value: Vec<u8>) {
        self.writes.set(self.writes.get() + 1);
        let before = self.content.borrow_mut().insert(key.to_owned(), value);
        if self.back_end.reads_are_stale() {
            self.stale.borrow_mut().insert(key.to_owned(), before);
        }
    }

    /// Removes a value.
    pub fn remove(&self, key: &str) {
        self.writes.set(self.writes.get() + 1);
        self.content.borrow_mut().remove(key);
    }

    /// Returns the number that a counter holds.
    pub fn counter(&self, key: &str) -> i64 {
        let content = self.content.borrow();
        let bytes = content.get(key).map(Vec::as_slice);
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, i64::from_le_bytes)
    }

    /// Adds to a counter. `seen` is the number that the caller read before: a back end without an atomic increment adds to that number.
    pub fn add(&self, key: &str, seen: i64, by: i64) -> i64 {
        let before = match self.back_end.is_cosmos_db() {
            true => seen,
            false => self.counter(key),
        };
        self.put(key, (before + by).to_le_bytes().to_vec());
        before + by
    }

    fn need_atomics(&self) -> Result<(), KeyValueError> {
        match self.back_end {
            BackEnd::WithoutAtomics => Err(KeyValueError("the store has no atomics".into())),
            _ => Ok(()),
        }
    }

    /// Replaces a value if it is still `seen`, as this back end does.
    pub fn compare_and_swap(&self, key: &str, seen: Option<&[u8]>, value: Vec<u8>) -> SwapOutcome {
        let same = self.content.borrow().get(key).map(Vec::as_slice) == seen;
        let wins = same || (self.back_end == BackEnd::Sqlite && seen.is_none());
        if wins {
            self.put(key, value);
        }
        let is_reported_as_success = wins && self.back_end != BackEnd::Redis;
        let reported = if is_reported_as_success {
            SwapResult::Replaced
        } else {
            SwapResult::Conflict
        };
        SwapOutcome {
            is_written: wins,
            reported,
        }
    }
}

impl KeyValue for MemoryStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        Ok(self.read_or_stale(key))
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.check(key, value)?;
        self.put(key, value.to_vec());
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        self.remove(key);
        Ok(())
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        self.need_atomics()?;
        let seen = self.counter(key);
        yield_now().await;
        Ok(self.add(key, seen, by))
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        self.need_atomics()?;
        let seen = match self.back_end {
            BackEnd::CosmosDbWeak => self.read_or_stale(key),
            _ => self.read(key),
        };
        let Some(value) = replace(seen.clone()) else {
            return Ok(SwapResult::Kept);
        };
        self.check(key, &value)?;
        // Other tasks run between the read and the swap.
        yield_now().await;
        Ok(self.compare_and_swap(key, seen.as_deref(), value).reported)
    }

    /// Lets the other tasks run. The store has no time of its own.
    async fn pause(&self, _: SignedDuration) {
        yield_now().await;
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
    use futures::executor::block_on;
    use platform::store::verify_back_end;

    const OLD: Option<&[u8]> = Some(b"old");

    #[test]
    fn concurrent_swaps_behave_as_on_each_backend() {
        for back_end in BackEnd::ALL {
            for seen in [None, OLD] {
                let memory = MemoryStore::new(back_end);
                if let Some(value) = seen {
                    memory.put("k", value.to_vec());
                }
                let swap = |value: &[u8]| {
                    let outcome = memory.compare_and_swap("k", seen, value.to_vec());
                    (outcome.is_written, outcome.reported)
                };
                let reported = |is_written: bool| match is_written && back_end != BackEnd::Redis {
                    true => SwapResult::Replaced,
                    false => SwapResult::Conflict,
                };
                assert_eq!(swap(b"one"), (true, reported(true)), "{back_end:?}");
                let both_win = back_end == BackEnd::Sqlite && seen.is_none();
                let second = (both_win, reported(both_win));
                assert_eq!(swap(b"two"), second, "{back_end:?}");
                let left = if both_win { b"two" } else { b"one" };
                assert_eq!(memory.read("k").as_deref(), Some(&left[..]), "{back_end:?}");
            }
        }
    }

    #[test]
    fn concurrent_counters_collide_only_on_cosmos_db() {
        for back_end in BackEnd::ALL {
            let memory = MemoryStore::new(back_end);
            let seen = memory.counter("n");
            let counts = [memory.add("n", seen, 1), memory.add("n", seen, 1)];
            let second = if back_end == BackEnd::CosmosDb { 1 } else { 2 };
            assert_eq!(counts, [1, second], "{back_end:?}");
        }
    }

    fn verify(back_end: BackEnd) -> Result<(), String> {
        let memory = MemoryStore::new(back_end);
        let verified = block_on(verify_back_end(&memory, "nonce"));
        assert!(memory.content().is_empty(), "{back_end:?}");
        verified.map_err(|fault| fault.to_string())
    }

    #[test]
    fn fit_back_ends_pass_verification() {
        for back_end in BackEnd::ALL {
            assert_eq!(verify(back_end), Ok(()), "{back_end:?}");
        }
    }

    #[test]
    fn unfit_back_ends_fail_verification() {
        for back_end in [BackEnd::DynamoDbEventual, BackEnd::CosmosDbWeak] {
            let refusal = verify(back_end).unwrap_err();
            assert!(refusal.contains("reads are not consistent"), "{refusal}");
        }
        let refusal = verify(BackEnd::WithoutAtomics).unwrap_err();
        assert_eq!(
            refusal,
            "it failed to swap a value: the store has no atomics"
        );
    }

    #[test]
    fn longer_values_are_refused_as_documented() {
        let refuses = |back_end: BackEnd, length: usize| {
            let refusal = back_end.refusal("key", &vec![b'x'; length]);
            refusal.is_some()
        };
        assert!(!refuses(BackEnd::DynamoDb, 400_000) && refuses(BackEnd::DynamoDb, 410_000));
        assert!(!refuses(BackEnd::Redis, 1_000_000) && refuses(BackEnd::Redis, 1_100_000));
    }

    #[test]
    #[should_panic(expected = "has 65537 bytes")]
    fn value_above_our_bound_fails_the_test() {
        let memory = MemoryStore::new(BackEnd::Sqlite);
        let _ = memory.check("key", &[0; LONGEST_VALUE + 1]);
    }
}
