//! The envelope of a stored record: format, nonces of the latest writes, and the record with its secret fields sealed.

use super::keyring::Keyring;
use super::seal::{KeyAge, key_ids};
use billing::wire;
use ports::records::{Record, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The number of nonces that an envelope keeps.
///
/// A writer that is overtaken by as many writes before it reads back takes its write for lost and decides again. Each nonce takes 25 bytes.
const MAX_NONCES: usize = 16;

/// The format that is written. Tests pin what older formats must still read as.
const FORMAT: u32 = 1;

/// A record with the nonces of the write that it is for.
pub(super) struct NewEnvelope<R> {
    pub record: R,
    /// The nonce of this write, in front of those of the writes before it.
    pub nonces: Vec<String>,
}

/// A record read from its envelope.
pub(super) struct OpenedEnvelope<R> {
    pub record: R,
    /// The nonces of the latest writes, newest first.
    pub nonces: Vec<String>,
    /// The age of the oldest key that sealed a field of the record.
    pub key_age: KeyAge,
}

/// The JSON of an envelope.
#[derive(Serialize)]
struct Envelope<R> {
    /// The format.
    v: u32,
    /// The nonces of the latest writes, newest first.
    n: Vec<String>,
    /// The record.
    r: R,
}

/// The JSON of an envelope without the record.
#[derive(Deserialize)]
struct EnvelopeHeader {
    v: u32,
    n: Vec<String>,
}

/// Seals the secret fields of a record and returns the bytes of its envelope.
///
/// `draw_nonce` draws a nonce for each sealed field.
///
/// # Errors
/// [`StoreError::Unreadable`] if there is no key to seal with.
pub(super) fn seal_envelope<R: Record>(
    keyring: &Keyring,
    key: &str,
    mut new: NewEnvelope<R>,
    draw_nonce: impl Fn() -> [u8; 24],
) -> Result<Vec<u8>, StoreError> {
    let sealed = keyring.seal_fields(key, new.record.secrets(), draw_nonce);
    sealed.map_err(|error| unreadable(key, &error))?;
    let envelope = Envelope {
        v: FORMAT,
        n: new.nonces,
        r: new.record,
    };
    serde_json::to_vec(&envelope).map_err(|error| unreadable(key, &error))
}

/// Reads a record from the bytes of its envelope and opens the secret fields.
///
/// # Errors
/// [`StoreError::Unreadable`] if the format is unknown, a field is malformed, or a sealed field does not open.
pub(super) fn open_envelope<R: Record>(
    keyring: &Keyring,
    key: &str,
    bytes: &[u8],
) -> Result<OpenedEnvelope<R>, StoreError> {
    let envelope = wire::json(bytes).map_err(|error| unreadable(key, &error))?;
    let header = read_header(key, &envelope)?;
    let record = envelope.get("r").unwrap_or(&Value::Null);
    let mut record: R = json::read(record).map_err(|error| unreadable(key, &error))?;
    let opened = keyring.open_fields(key, record.secrets());
    Ok(OpenedEnvelope {
        key_age: opened.map_err(|error| unreadable(key, &error))?,
        record,
        nonces: header.n,
    })
}

/// Returns the ids of the keys that sealed the fields of a record, without opening them.
pub(super) fn sealing_keys<R: Record>(
    key: &str,
    bytes: &[u8],
) -> Result<BTreeSet<String>, StoreError> {
    let envelope = wire::json(bytes).map_err(|error| unreadable(key, &error))?;
    read_header(key, &envelope)?;
    let record = envelope.get("r").unwrap_or(&Value::Null);
    let mut record: R = json::read(record).map_err(|error| unreadable(key, &error))?;
    Ok(key_ids(record.secrets()))
}

/// Puts the nonce of a new write in front of those of the writes before it.
pub(super) fn add_nonce(nonce: &str, mut nonces: Vec<String>) -> Vec<String> {
    nonces.insert(0, nonce.to_owned());
    nonces.truncate(MAX_NONCES);
    nonces
}

fn read_header(key: &str, envelope: &Value) -> Result<EnvelopeHeader, StoreError> {
    let header: EnvelopeHeader = json::read(envelope).map_err(|error| unreadable(key, &error))?;
    match header.v {
        FORMAT => Ok(header),
        other => Err(unreadable(
            key,
            &format_args!("the format {other} is unknown"),
        )),
    }
}

fn unreadable(key: &str, error: &impl ToString) -> StoreError {
    StoreError::Unreadable(key.into(), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_remembers_the_latest_sixteen_writes() {
        let mut nonces = Vec::new();
        for write in 1..=20 {
            nonces = add_nonce(&write.to_string(), nonces);
        }
        assert_eq!(nonces.len(), 16);
        assert_eq!((nonces[0].as_str(), nonces[15].as_str()), ("20", "5"));
    }
}
