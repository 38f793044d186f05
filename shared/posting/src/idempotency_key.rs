//! Idempotency keys of requests to Intuit.

use sha2::{Digest, Sha256};

/// Intuit's idempotency key for something that is always called by the same names: 36 hex characters,
/// which also fits a batch.
pub fn request_id(names: &[&str]) -> String {
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
    }
    hash.finalize()
        .iter()
        .take(18)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
