//! The implementation of [`Records`] on any [`KeyValue`].

use super::creation;
use super::envelope::{
    NewEnvelope, OpenedEnvelope, add_nonce, open_envelope, seal_envelope, sealing_keys,
};
use super::key_value::{KeyValue, SwapResult};
use super::keyring::Keyring;
use super::patience::Patience;
use super::place::PREFIX;
use super::seal::KeyAge;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::Entropy;
use ports::records::{Change, Record, Records, StoreError};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// Tries of a swap before a request waits between its tries. Some writers at once are usual, and each lost try means that one of them
/// has finished.
const QUICK_TRIES: usize = 4;

/// The records of one request or run, with their secret fields sealed in the key-value store.
pub struct SealedRecords<K> {
    key_value: K,
    keyring: Keyring,
    entropy: RefCell<Entropy>,
    clock: fn() -> Timestamp,
    /// The swaps that other writers won, since they were taken last.
    lost_swaps: Cell<u64>,
}

/// Makes the bytes to write from the current bytes and the nonce of the write. The current bytes are `None` if there is no record.
/// A result of `None` means that nothing is written.
///
/// The function is behind a pointer: otherwise its callers would be compiled once for each decision.
type Decide<'a> = &'a mut dyn FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError>;

impl<K: KeyValue> SealedRecords<K> {
    /// Opens the records on `key_value`. `keyring` seals them, `entropy` must be a stream of this instance alone, and `clock`
    /// returns the current time.
    pub fn new(key_value: K, keyring: Keyring, entropy: Entropy, clock: fn() -> Timestamp) -> Self {
        Self {
            key_value,
            keyring,
            entropy: RefCell::new(entropy),
            clock,
            lost_swaps: Cell::default(),
        }
    }

    fn new_nonce(&self) -> String {
        self.entropy.borrow_mut().token()
    }

    fn seal<R: Record>(
        &self,
        key: &str,
        record: R,
        nonces: Vec<String>,
    ) -> Result<Vec<u8>, StoreError> {
        let draw_nonce = || self.entropy.borrow_mut().nonce();
        seal_envelope(
            &self.keyring,
            key,
            NewEnvelope { record, nonces },
            draw_nonce,
        )
    }

    fn open<R: Record>(&self, key: &str, bytes: &[u8]) -> Result<OpenedEnvelope<R>, StoreError> {
        open_envelope(&self.keyring, key, bytes)
    }

    /// Swaps in the result of `decide`, which is called again if another writer came first.
    async fn swap(&self, key: &str, decide: Decide<'_>) -> Result<(), StoreError> {
        for _ in 0..QUICK_TRIES {
            if self.try_swap(key, decide).await? {
                return Ok(());
            }
            self.lost_swaps.set(self.lost_swaps.get() + 1);
        }
        let mut patience = Patience::default();
        while let Some(pause) = patience.next_pause() {
            self.key_value.pause(self.varied(pause)).await;
            if self.try_swap(key, decide).await? {
                return Ok(());
            }
            self.lost_swaps.set(self.lost_swaps.get() + 1);
        }
        Err(StoreError::Busy(key.into()))
    }

    /// Returns a random pause of this length on average. Otherwise all that lost to the same writer would try again at the same time.
    fn varied(&self, pause: SignedDuration) -> SignedDuration {
        let [random, ..] = self.entropy.borrow_mut().nonce();
        pause * (1 + i32::from(random)) / 128
    }

    /// Tries to swap once. Returns whether the swap is done; if not, the write was lost.
    async fn try_swap(&self, key: &str, decide: Decide<'_>) -> Result<bool, StoreError> {
        let (mut failure, nonce) = (None, self.new_nonce());
        let swapped = self.key_value.swap(key, |current| {
            decide(current.as_deref(), &nonce).unwrap_or_else(|error| {
                failure = Some(error);
                None
            })
        });
        let swapped = swapped.await?;
        match (failure, swapped) {
            (Some(failure), _) => Err(failure),
            (None, SwapResult::Kept) => Ok(true),
            // Redis reports each write as a conflict, and a back end that repeats a call by itself may do so too.
            (None, SwapResult::Replaced | SwapResult::Conflict) => self.happened(key, &nonce).await,
        }
    }

    /// Returns whether the record contains this nonce. Each nonce is drawn for one write, so it occurs nowhere else.
    async fn happened(&self, key: &str, nonce: &str) -> Result<bool, StoreError> {
        let bytes = self.key_value.get(key).await?.unwrap_or_default();
        let mut windows = bytes.windows(nonce.len());
        Ok(windows.any(|window| window == nonce.as_bytes()))
    }

    /// Makes a decision that writes the current record again, sealed with the current key.
    fn seal_again<R: Record>(
        &self,
        key: &str,
    ) -> impl FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError> {
        move |bytes, nonce| {
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let OpenedEnvelope { record, nonces, .. } = self.open::<R>(key, bytes)?;
            self.seal(key, record, add_nonce(nonce, nonces)).map(Some)
        }
    }
}

impl<K: KeyValue> Records for SealedRecords<K> {
    async fn load<R: Record>(&self, name: &str) -> Result<Option<R>, StoreError> {
        let key = key::<R>(name);
        let Some(bytes) = self.key_value.get(&key).await? else {
            return Ok(None);
        };
        let found = self.open::<R>(&key, &bytes)?;
        if R::SEALED && found.key_age == KeyAge::Older {
            // The keys were rotated. If this write fails, the next reader tries again.
            // `change` is not used: it would be compiled also for the records that are not sealed.
            let _ = self.swap(&key, &mut self.seal_again::<R>(&key)).await;
        }
        Ok(Some(found.record))
    }

    async fn save<R: Record>(&self, name: &str, record: &R) -> Result<(), StoreError> {
        let key = key::<R>(name);
        let bytes = self.seal(&key, record.clone(), vec![self.new_nonce()])?;
        Ok(self.key_value.set(&key, &bytes).await?)
    }

    async fn remove<R: Record>(&self, name: &str) -> Result<(), StoreError> {
        Ok(self.key_value.delete(&key::<R>(name)).await?)
    }

    async fn ensure<R: Record + Default>(&self, name: &str) -> Result<(), StoreError> {
        let key = key::<R>(name);
        let make_empty = || self.seal(&key, R::default(), vec![self.new_nonce()]);
        creation::create(&self.key_value, &key, self.clock, &make_empty).await
    }

    async fn sealing_keys<R: Record>(&self, name: &str) -> Result<BTreeSet<String>, StoreError> {
        let key = key::<R>(name);
        match self.key_value.get(&key).await? {
            Some(bytes) => sealing_keys::<R>(&key, &bytes),
            None => Ok(BTreeSet::new()),
        }
    }

    fn take_lost_swaps(&self) -> u64 {
        self.lost_swaps.take()
    }

    async fn change<R: Record, T>(
        &self,
        name: &str,
        mut decide: impl FnMut(R) -> Change<R, T>,
    ) -> Result<Option<T>, StoreError> {
        let key = key::<R>(name);
        let mut answer = None;
        let mut decide_bytes = |bytes: Option<&[u8]>, nonce: &str| {
            answer = None;
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let OpenedEnvelope { record, nonces, .. } = self.open(&key, bytes)?;
            match decide(record) {
                Change::Keep(result) => {
                    answer = Some(result);
                    Ok(None)
                }
                Change::Write(record, result) => {
                    answer = Some(result);
                    self.seal(&key, *record, add_nonce(nonce, nonces)).map(Some)
                }
            }
        };
        self.swap(&key, &mut decide_bytes).await?;
        Ok(answer)
    }
}

/// Returns the key of a record: prefix, kind and name. A colon stands between its parts, also between those of a name.
///
/// No kind and no id has a colon, so no two records have the same key.
fn key<R: Record>(name: &str) -> String {
    let key = format!("{PREFIX}:{}:{name}", R::KIND);
    debug_assert!(is_portable(&key), "not every back end takes {key}");
    key
}

/// Returns whether every back end takes a key. Azure Cosmos DB refuses ids with `/`, `\`, `?` or `#`, and ids of more than
/// 255 bytes (Azure: "Azure Cosmos DB service quotas").
fn is_portable(key: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-:".contains(c);
    key.len() < 256 && key.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::is_portable;

    #[test]
    fn key_of_ids_is_portable() {
        assert!(is_portable("rivet-books:document:firm_a:pay_app:PA-1"));
        for refused in [
            "a/b",
            "a\\b",
            "a?b",
            "a#b",
            "a b",
            "a.b",
            "Zoë",
            &"a".repeat(256),
        ] {
            assert!(!is_portable(refused), "{refused}");
        }
    }
}
