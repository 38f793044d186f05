//! Idempotency keys of requests to Intuit.

use sha2::{Digest, Sha256};

/// Returns Intuit's `requestid` for a request that is always described by the same parts: 36 hex characters, which also fit a
/// batch.
pub fn request_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(18)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
