//! [`Records`] on any [`KeyValue`].

use super::seal::{Keyring, NotOurs, Place};
use super::{KeyValue, KeyValueError, Swapped};
use bridge::entropy::Entropy;
use bridge::ports::{Change, Record, Records, StoreError};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

/// In front of every key.
const PREFIX: &str = "rivet-books";

/// How often a swap is tried anew before the record counts as busy.
const TRIES: usize = 24;

/// How many writers back a record remembers. A writer that is overtaken by more before it reads back
/// takes its write for lost and decides anew.
const REMEMBERED: usize = 8;

/// One try to create a record in so many is allowed although another began: it may have died.
const TAKE_OVER: i64 = 16;

/// The records of one request or run.
pub struct SealedRecords<K> {
    key_value: K,
    keyring: Keyring,
    entropy: RefCell<Entropy>,
}

/// A record as it is stored.
#[derive(Serialize, Deserialize)]
struct Envelope<R> {
    /// The format; see the tests for what older ones must still read as.
    v: u32,
    /// The nonces of the latest writes, newest first.
    n: Vec<String>,
    /// The record.
    r: R,
}

impl<K: KeyValue> SealedRecords<K> {
    /// Records on `key_value`, sealed with `keyring`. `entropy` must be of its own for each instance.
    pub fn new(key_value: K, keyring: Keyring, entropy: Entropy) -> Self {
        Self {
            key_value,
            keyring,
            entropy: RefCell::new(entropy),
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
        self.each_secret(key, &mut record, |place, value| {
            let nonce = self.entropy.borrow_mut().nonce();
            self.keyring.seal(value, place, nonce)
        })?;
        let envelope = Envelope {
            v: 1,
            n: nonces,
            r: record,
        };
        serde_json::to_vec(&envelope).map_err(|error| unreadable(key, &error))
    }

    fn unwrap<R: Record>(&self, key: &str, bytes: &[u8]) -> Result<Envelope<R>, StoreError> {
        let mut envelope: Envelope<R> =
            serde_json::from_slice(bytes).map_err(|error| unreadable(key, &error))?;
        if envelope.v != 1 {
            return Err(StoreError::Unreadable(
                key.into(),
                format!("format {}", envelope.v),
            ));
        }
        self.each_opened(key, &mut envelope.r)?;
        Ok(envelope)
    }

    /// Seals the fields while the company's id is still readable, then the id itself.
    fn each_secret<R: Record>(
        &self,
        key: &str,
        record: &mut R,
        seal: impl Fn(Place<'_>, &str) -> Result<String, NotOurs>,
    ) -> Result<(), StoreError> {
        let secrets = record.secrets();
        let company = secrets
            .company
            .as_ref()
            .map(|id| (*id).clone())
            .unwrap_or_default();
        for (field, value) in secrets.fields {
            let place = Place {
                record: key,
                company: &company,
                field,
            };
            *value = seal(place, value).map_err(|error| unreadable(key, &error))?;
        }
        if let Some(id) = secrets.company {
            let place = Place {
                record: key,
                company: "",
                field: "company",
            };
            *id = seal(place, id).map_err(|error| unreadable(key, &error))?;
        }
        Ok(())
    }

    fn each_opened<R: Record>(&self, key: &str, record: &mut R) -> Result<(), StoreError> {
        let secrets = record.secrets();
        let open = |sealed: &str, place| {
            self.keyring
                .open(sealed, place)
                .map_err(|error| unreadable(key, &error))
        };
        let mut company = String::new();
        if let Some(id) = secrets.company {
            *id = open(
                id,
                Place {
                    record: key,
                    company: "",
                    field: "company",
                },
            )?;
            company.clone_from(id);
        }
        for (field, value) in secrets.fields {
            *value = open(
                value,
                Place {
                    record: key,
                    company: &company,
                    field,
                },
            )?;
        }
        Ok(())
    }

    /// One try of a change. `None`: lost, to be tried anew.
    async fn try_change<R: Record, T>(
        &self,
        key: &str,
        decide: &mut impl FnMut(R) -> Change<R, T>,
    ) -> Result<Option<Option<T>>, StoreError> {
        let (mut answer, mut failure, nonce) = (None, None, self.nonce());
        let swapped = self.key_value.swap(key, |current| {
            let made = current
                .map(|bytes| self.decided(key, (&bytes, &nonce), decide))
                .transpose();
            match made {
                Ok(decided) => {
                    let (bytes, told) = decided.unzip();
                    answer = told;
                    bytes.flatten()
                }
                Err(error) => {
                    failure = Some(error);
                    None
                }
            }
        });
        let swapped = swapped.await.map_err(|error| unavailable(&error))?;
        if let Some(failure) = failure {
            return Err(failure);
        }
        match swapped {
            Swapped::Kept => Ok(Some(answer)),
            Swapped::Conflict => Ok(None),
            Swapped::Replaced if self.happened(key, &nonce).await? => Ok(Some(answer)),
            Swapped::Replaced => Ok(None),
        }
    }

    fn decided<R: Record, T>(
        &self,
        key: &str,
        (bytes, nonce): (&[u8], &str),
        decide: &mut impl FnMut(R) -> Change<R, T>,
    ) -> Result<(Option<Vec<u8>>, T), StoreError> {
        let Envelope { n, r, .. } = self.unwrap(key, bytes)?;
        match decide(r) {
            Change::Keep(answer) => Ok((None, answer)),
            Change::Write(record, answer) => {
                let nonces = std::iter::once(nonce.to_owned())
                    .chain(n)
                    .take(REMEMBERED)
                    .collect();
                Ok((Some(self.wrap(key, (*record, nonces))?), answer))
            }
        }
    }

    /// Whether the write with this nonce is among those that the record stands on.
    async fn happened(&self, key: &str, nonce: &str) -> Result<bool, StoreError> {
        #[derive(Deserialize)]
        struct Nonces {
            n: Vec<String>,
        }
        let bytes = self
            .key_value
            .get(key)
            .await
            .map_err(|error| unavailable(&error))?;
        let nonces = bytes.and_then(|bytes| serde_json::from_slice::<Nonces>(&bytes).ok());
        Ok(nonces.is_some_and(|nonces| nonces.n.iter().any(|known| known == nonce)))
    }
}

impl<K: KeyValue> Records for SealedRecords<K> {
    async fn load<R: Record>(&self, name: &str) -> Result<Option<R>, StoreError> {
        let key = key::<R>(name);
        let bytes = self
            .key_value
            .get(&key)
            .await
            .map_err(|error| unavailable(&error))?;
        let envelope = bytes
            .map(|bytes| self.unwrap::<R>(&key, &bytes))
            .transpose()?;
        Ok(envelope.map(|envelope| envelope.r))
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

    /// The counter beside the record lets one creator through on every back end whose counters count;
    /// where two may get the same number, creating by compare-and-swap is safe by itself.
    async fn ensure<R: Record + Default>(&self, name: &str) -> Result<(), StoreError> {
        let key = key::<R>(name);
        let get = || self.key_value.get(&key);
        if get().await.map_err(|error| unavailable(&error))?.is_some() {
            return Ok(());
        }
        let turn = self
            .key_value
            .increment(&format!("{key}/creations"), 1)
            .await;
        if turn.map_err(|error| unavailable(&error))? % TAKE_OVER == 1 {
            let fresh = self.wrap(&key, (R::default(), vec![self.nonce()]))?;
            let create = |current: Option<Vec<u8>>| current.is_none().then_some(fresh);
            self.key_value
                .swap(&key, create)
                .await
                .map_err(|error| unavailable(&error))?;
        }
        match get().await.map_err(|error| unavailable(&error))? {
            Some(_) => Ok(()),
            None => Err(StoreError::Busy(key)),
        }
    }

    async fn change<R: Record, T>(
        &self,
        name: &str,
        mut decide: impl FnMut(R) -> Change<R, T>,
    ) -> Result<Option<T>, StoreError> {
        let key = key::<R>(name);
        for _ in 0..TRIES {
            if let Some(answer) = self.try_change(&key, &mut decide).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Busy(key))
    }
}

fn key<R: Record>(name: &str) -> String {
    format!("{PREFIX}/{}/{name}", R::KIND)
}

fn unavailable(error: &KeyValueError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

fn unreadable(key: &str, error: &impl ToString) -> StoreError {
    StoreError::Unreadable(key.into(), error.to_string())
}
