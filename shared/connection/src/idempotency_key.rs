//! Idempotency keys of requests to Intuit.

use sha2::{Digest, Sha256};

/// Returns Intuit's `requestid`, which is the same for the same parts. The id has 36 hex characters, which also fit into a batch.
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
