//! Short and long fingerprints.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Base 32 without the letters that are taken for digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// SHA-256 in hex over the value's JSON, whose fields stand in the order of their declaration.
///
/// `domain` names what is hashed and its version: a change of the shape must change the domain, so that a hash that
/// was handed out never comes to mean something else.
pub(crate) fn of(domain: &str, value: &impl Serialize) -> String {
    // Plain structs with text keys always serialize; should that ever change, the hash must still not be a constant.
    let content = serde_json::to_vec(value).unwrap_or_else(|error| error.to_string().into_bytes());
    let digest = Sha256::new()
        .chain_update(domain)
        .chain_update(b"\n")
        .chain_update(content)
        .finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Six letters and digits (30 bits) that tell one long text from another.
pub(crate) fn short(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(6)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}
