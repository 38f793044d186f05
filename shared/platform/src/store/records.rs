//! [`Records`] on any [`KeyValue`].

mod creation;
mod rotation;

use super::seal::Keyring;
use super::{KeyValue, KeyValueError, Swapped};
use billing::wire;
use bridge::entropy::Entropy;
use bridge::ports::{Change, Record, Records, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::RefCell;

/// In front of every key.
const PREFIX: &str = "rivet-books";

/// How often a swap is tried anew before the record counts as busy.
const TRIES: usize = 24;

/// How many writers back a record remembers. A writer that is overtaken by more before it reads back
/// takes its write for lost and decides anew.
const REMEMBERED: usize = 8;

/// The records of one request or run.
pub struct SealedRecords<K> {
    key_value: K,
    keyring: Keyring,
    entropy: RefCell<Entropy>,
    clock: fn() -> Timestamp,
}

/// A record as it is stored.
#[derive(Serialize)]
struct Envelope<R> {
    /// The format; see the tests for what older ones must still read as.
    v: u32,
    /// The nonces of the latest writes, newest first.
    n: Vec<String>,
    /// The record.
    r: R,
}

/// A record taken out of its envelope.
struct Unwrapped<R> {
    record: R,
    /// The nonces of the writes that it stands on.
    nonces: Vec<String>,
    /// Its secrets are sealed with the key that seals now.
    current: bool,
}

/// What an envelope says by itself.
#[derive(Deserialize)]
struct Stamp {
    v: u32,
    n: Vec<String>,
}

/// Makes of the bytes of a record, if there is one, and the nonce of the next write what to write, if anything.
///
/// Behind a pointer, as is [`Create`]: what surrounds it would otherwise be compiled anew for every decision that there is.
type Decide<'a> = &'a mut dyn FnMut(Option<&[u8]>, &str) -> Result<Option<Vec<u8>>, StoreError>;

/// Makes the bytes of an empty record.
type Create<'a> = &'a dyn Fn() -> Result<Vec<u8>, StoreError>;

impl<K: KeyValue> SealedRecords<K> {
    /// Records on `key_value`, sealed with `keyring`. `entropy` must be of its own for each instance.
    pub fn new(key_value: K, keyring: Keyring, entropy: Entropy, clock: fn() -> Timestamp) -> Self {
        Self {
            key_value,
            keyring,
            entropy: RefCell::new(entropy),
            clock,
        }
    }

    fn nonce(&self) -> String {
        self.entropy.borrow_mut().token()
    }

    /// The bytes of a record behind the nonces of the writes that it follows.
    fn wrap<R: Record>(
        &self,
        key: &str,
        (mut record, nonces): (R, Vec<String>),
    ) -> Result<Vec<u8>, StoreError> {
        let nonce = || self.entropy.borrow_mut().nonce();
        let sealed = self.keyring.seal_all(key, record.secrets(), nonce);
        sealed.map_err(|error| unreadable(key, &error))?;
        let envelope = Envelope {
            v: 1,
            n: nonces,
            r: record,
        };
        serde_json::to_vec(&envelope).map_err(|error| unreadable(key, &error))
    }

    fn unwrap<R: Record>(&self, key: &str, bytes: &[u8]) -> Result<Unwrapped<R>, StoreError> {
        let (stamp, envelope) = envelope(key, bytes)?;
        let record = envelope.get("r").unwrap_or(&Value::Null);
        let mut record: R = json::read(record).map_err(|error| unreadable(key, &error))?;
        let opened = self.keyring.open_all(key, record.secrets());
        Ok(Unwrapped {
            current: opened.map_err(|error| unreadable(key, &error))?,
            record,
            nonces: stamp.n,
        })
    }

    /// Swaps in what `decide` makes of the current bytes, again from the new ones if another writer came first.
    async fn swap(&self, key: &str, decide: Decide<'_>) -> Result<(), StoreError> {
        for _ in 0..TRIES {
            if self.try_swap(key, decide).await? {
                return Ok(());
            }
        }
        Err(StoreError::Busy(key.into()))
    }

    /// One try. `false`: lost, to be tried anew.
    async fn try_swap(&self, key: &str, decide: Decide<'_>) -> Result<bool, StoreError> {
        let (mut failure, nonce) = (None, self.nonce());
        let swapped = self.key_value.swap(key, |current| {
            decide(current.as_deref(), &nonce).unwrap_or_else(|error| {
                failure = Some(error);
                None
            })
        });
        let swapped = swapped.await.map_err(|error| unavailable(&error))?;
        match (failure, swapped) {
            (Some(failure), _) => Err(failure),
            (None, Swapped::Kept) => Ok(true),
            (None, Swapped::Conflict) => Ok(false),
            (None, Swapped::Replaced) => self.happened(key, &nonce).await,
        }
    }

    /// Whether the record stands on the write with this nonce, which was drawn for that one and is found nowhere else.
    async fn happened(&self, key: &str, nonce: &str) -> Result<bool, StoreError> {
        let bytes = self.bytes(key).await?.unwrap_or_default();
        let mut places = bytes.windows(nonce.len());
        Ok(places.any(|place| place == nonce.as_bytes()))
    }

    async fn bytes(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = self.key_value.get(key).await;
        bytes.map_err(|error| unavailable(&error))
    }
}

impl<K: KeyValue> Records for SealedRecords<K> {
    async fn load<R: Record>(&self, name: &str) -> Result<Option<R>, StoreError> {
        let key = key::<R>(name);
        let bytes = self.bytes(&key).await?;
        let Some(found) = bytes
            .map(|bytes| self.unwrap::<R>(&key, &bytes))
            .transpose()?
        else {
            return Ok(None);
        };
        if R::SEALED && !found.current {
            // After a rotation: whoever reads it next finds it under the new key. If not, that one tries.
            // Not by `change`: each record that is not sealed would have a part of it, too.
            let _ = self.swap(&key, &mut self.sealing::<R>(&key)).await;
        }
        Ok(Some(found.record))
    }

    async fn save<R: Record>(&self, name: &str, record: &R) -> Result<(), StoreError> {
        let key = key::<R>(name);
        let bytes = self.wrap(&key, (record.clone(), vec![self.nonce()]))?;
        self.key_value
            .set(&key, &bytes)
            .await
            .map_err(|error| unavailable(&error))
    }

    async fn remove<R: Record>(&self, name: &str) -> Result<(), StoreError> {
        self.key_value
            .delete(&key::<R>(name))
            .await
            .map_err(|error| unavailable(&error))
    }

    async fn ensure<R: Record + Default>(&self, name: &str) -> Result<(), StoreError> {
        let key = key::<R>(name);
        let fresh = || self.wrap(&key, (R::default(), vec![self.nonce()]));
        self.create(&key, &fresh).await
    }

    async fn change<R: Record, T>(
        &self,
        name: &str,
        mut decide: impl FnMut(R) -> Change<R, T>,
    ) -> Result<Option<T>, StoreError> {
        let key = key::<R>(name);
        let mut answer = None;
        let mut decided = |bytes: Option<&[u8]>, nonce: &str| {
            answer = None;
            let Some(bytes) = bytes else {
                return Ok(None);
            };
            let Unwrapped { record, nonces, .. } = self.unwrap(&key, bytes)?;
            match decide(record) {
                Change::Keep(told) => {
                    answer = Some(told);
                    Ok(None)
                }
                Change::Write(record, told) => {
                    answer = Some(told);
                    self.wrap(&key, (*record, following(nonce, nonces)))
                        .map(Some)
                }
            }
        };
        self.swap(&key, &mut decided).await?;
        Ok(answer)
    }
}

fn key<R: Record>(name: &str) -> String {
    format!("{PREFIX}/{}/{name}", R::KIND)
}

fn envelope(key: &str, bytes: &[u8]) -> Result<(Stamp, Value), StoreError> {
    let envelope = wire::json(bytes).map_err(|error| unreadable(key, &error))?;
    let stamp: Stamp = json::read(&envelope).map_err(|error| unreadable(key, &error))?;
    match stamp.v {
        1 => Ok((stamp, envelope)),
        other => Err(unreadable(key, &format_args!("format {other}"))),
    }
}

/// The nonces of a write on top of those of the writes before it.
fn following(nonce: &str, mut nonces: Vec<String>) -> Vec<String> {
    nonces.insert(0, nonce.to_owned());
    nonces.truncate(REMEMBERED);
    nonces
}

fn unavailable(error: &KeyValueError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn unreadable(key: &str, error: &impl ToString) -> StoreError {
    StoreError::Unreadable(key.into(), error.to_string())
}
