//! The implementation of [`Records`] on any [`KeyValue`].

use super::creation;
use super::envelope::{
    NewEnvelope, OpenedEnvelope, add_nonce, open_envelope, seal_envelope, sealing_keys,
};
use super::key_value::KeyValue;
use super::keyring::Keyring;
use super::place::PREFIX;
use super::seal::KeyAge;
use jiff::Timestamp;
use ports::entropy::Entropy;
use ports::records::{Change, Changed, Record, Records, StoreError};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// The records of one request or run, with their secret fields sealed in the key-value store.
pub struct SealedRecords<K> {
    pub(super) key_value: K,
    keyring: Keyring,
    pub(super) entropy: RefCell<Entropy>,
    clock: fn() -> Timestamp,
    /// The swaps that other writers won, since they were taken last.
    pub(super) lost_swaps: Cell<u64>,
}

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

    pub(super) fn new_nonce(&self) -> String {
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

    /// Makes a decision about bytes from one about the record. `answer` is the answer of its last call.
    fn decide_bytes<R: Record, T>(
        &self,
        key: &str,
        mut decide: impl FnMut(R) -> Change<R, T>,
        answer: &mut Option<T>,
    ) -> impl FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError> {
        move |bytes, nonce| {
            *answer = None;
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let OpenedEnvelope { record, nonces, .. } = self.open(key, bytes)?;
            let (changed, result) = match decide(record) {
                Change::Keep(result) => (None, result),
                Change::Write(record, result) => (Some(record), result),
            };
            *answer = Some(result);
            let seal = |record: Box<R>| self.seal(key, *record, add_nonce(nonce, nonces));
            changed.map(seal).transpose()
        }
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
            let _ = self.swap(&key, &mut self.seal_again::<R>(&key), None).await;
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

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn take_lost_swaps(&self) -> u64 {
        self.lost_swaps.take()
    }

    async fn change<R: Record, T>(
        &self,
        name: &str,
        decide: impl FnMut(R) -> Change<R, T>,
    ) -> Result<Option<T>, StoreError> {
        let (key, mut answer) = (key::<R>(name), None);
        let mut decide = self.decide_bytes(&key, decide, &mut answer);
        self.swap(&key, &mut decide, None).await?;
        drop(decide);
        Ok(answer)
    }

    async fn change_and_load<R: Record, T, L: Record>(
        &self,
        name: &str,
        decide: impl FnMut(R) -> Change<R, T>,
        other: &str,
    ) -> Result<Changed<T, L>, StoreError> {
        let (key, mut answer) = (key::<R>(name), None);
        let other_key = self::key::<L>(other);
        let mut decide = self.decide_bytes(&key, decide, &mut answer);
        let bytes = self.swap(&key, &mut decide, Some(&other_key)).await?;
        drop(decide);
        let opened = bytes.map(|bytes| self.open::<L>(&other_key, &bytes));
        let other = opened.transpose()?.map(|opened| opened.record);
        Ok(Changed { answer, other })
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
