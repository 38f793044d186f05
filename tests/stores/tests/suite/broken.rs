use crate::failures;
use jiff::SignedDuration;
use platform::store::{KeyValue, KeyValueError, SwapResult};
use simulation::back_end::BackEnd;
use simulation::memory_store::{MemoryStore, yield_now};
use std::cell::Cell;

/// A fault of a back end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Keys that differ in the case of letters are the same.
    FoldsCase,
    /// A removed value stays.
    KeepsRemoved,
    /// The second half of a long value is lost.
    CutsLongValues,
    /// A value is kept as text.
    KeepsText,
    /// A swap writes, whatever changed meanwhile.
    OverwritesBlindly,
    /// A swap on an absent key writes nothing.
    NeverCreates,
    /// Counters as in Cosmos DB, and swaps on absent keys as in SQLite.
    CreatesTwice,
    /// A counter begins at 1.
    CountsFromOne,
}

/// A store with one fault.
struct Broken {
    memory: MemoryStore,
    fault: Fault,
    swaps: Cell<usize>,
}

impl Broken {
    fn new(fault: Fault) -> Self {
        let back_end = match fault {
            Fault::CreatesTwice => BackEnd::CosmosDb,
            _ => BackEnd::DynamoDb,
        };
        Self {
            memory: MemoryStore::new(back_end),
            fault,
            swaps: Cell::new(0),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn key(&self, key: &str) -> String {
        match self.has(Fault::FoldsCase) {
            true => key.to_lowercase(),
            false => key.to_owned(),
        }
    }

    fn kept(&self, value: &[u8]) -> Vec<u8> {
        match self.fault {
            Fault::CutsLongValues => value[..value.len().min(32 * 1024)].to_vec(),
            Fault::KeepsText => {
                let text: String = String::from_utf8_lossy(value).into_owned();
                text.bytes().take(value.len()).collect()
            }
            _ => value.to_vec(),
        }
    }

    /// Lets others run, for longer with each swap, so that a late swap meets the changes of others.
    async fn dawdle(&self) {
        self.swaps.set(self.swaps.get() + 1);
        for _ in 0..5 * self.swaps.get() {
            yield_now().await;
        }
    }

    /// Swaps if the fault makes swaps of its own.
    async fn faulty_swap(&self, key: &str, seen: Option<&[u8]>, value: &[u8]) -> bool {
        match self.fault {
            Fault::OverwritesBlindly => {
                yield_now().await;
                self.memory.put(key, value.to_vec());
                true
            }
            Fault::NeverCreates => seen.is_none(),
            Fault::CreatesTwice if seen.is_none() => {
                self.dawdle().await;
                self.memory.put(key, value.to_vec());
                true
            }
            _ => false,
        }
    }
}

impl KeyValue for Broken {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, KeyValueError> {
        self.memory.get(&self.key(key)).await
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), KeyValueError> {
        self.memory.set(&self.key(key), &self.kept(value)).await
    }

    async fn delete(&self, key: &str) -> Result<(), KeyValueError> {
        match self.has(Fault::KeepsRemoved) {
            true => Ok(()),
            false => self.memory.delete(&self.key(key)).await,
        }
    }

    async fn increment(&self, key: &str, by: i64) -> Result<i64, KeyValueError> {
        let first = i64::from(self.has(Fault::CountsFromOne));
        Ok(self.memory.increment(&self.key(key), by).await? + first)
    }

    async fn swap(
        &self,
        key: &str,
        replace: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<SwapResult, KeyValueError> {
        let key = self.key(key);
        let seen = self.memory.read(&key);
        let Some(value) = replace(seen.clone()) else {
            return Ok(SwapResult::Kept);
        };
        let value = self.kept(&value);
        if self.faulty_swap(&key, seen.as_deref(), &value).await {
            return Ok(SwapResult::Replaced);
        }
        yield_now().await;
        let swapped = self.memory.compare_and_swap(&key, seen.as_deref(), value);
        Ok(swapped.reported)
    }

    async fn pause(&self, span: SignedDuration) {
        self.memory.pause(span).await;
    }
}

/// Returns the names of the requirements that a store with this fault does not meet.
fn unmet(fault: Fault) -> Vec<&'static str> {
    let failures = failures(|| Broken::new(fault));
    failures.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn each_fault_fails_its_requirement() {
    for (fault, requirement) in [
        (Fault::FoldsCase, "keys"),
        (Fault::KeepsRemoved, "reads"),
        (Fault::CutsLongValues, "long-values"),
        (Fault::KeepsText, "long-values"),
        (Fault::OverwritesBlindly, "writers"),
        (Fault::NeverCreates, "swap-on-absent"),
        (Fault::CreatesTwice, "creators"),
        (Fault::CountsFromOne, "counter"),
    ] {
        let unmet = unmet(fault);
        assert!(unmet.contains(&requirement), "{fault:?}: {unmet:?}");
    }
}

#[test]
fn fault_of_creators_fails_nothing_else() {
    assert_eq!(unmet(Fault::CreatesTwice), ["creators"]);
}
