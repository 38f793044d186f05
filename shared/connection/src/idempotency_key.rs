//! Idempotency keys of requests to Intuit. Only changes have one.

use sha2::{Digest, Sha256};

/// The kind of a change that gets a request id. Ids of different kinds differ, whatever the parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifiedRequest {
    /// A step of a document's posting.
    Step,
    /// The creation of a customer, class or item.
    Creation,
    /// A batch of changes. Its parts are the ids of all of them.
    Batch,
}

/// Returns Intuit's `requestid` of a change. The id is the same for the same kind and parts. It has 36 hex characters, which also fit
/// into a batch.
///
/// Intuit answers a repeated id with the first answer, whatever the body says. So the parts must name everything that makes one request
/// another: firm, company, object, attempt and content.
pub fn request_id(of: IdentifiedRequest, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update([of as u8]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use IdentifiedRequest::{Batch, Creation, Step};

    #[test]
    fn request_id_depends_on_kind_and_every_part() {
        let ids = [
            request_id(Step, &["firm", "1"]),
            request_id(Creation, &["firm", "1"]),
            request_id(Batch, &["firm", "1"]),
            request_id(Step, &["firm1", ""]),
            request_id(Step, &["firm", "1", ""]),
            request_id(Step, &["1", "firm"]),
            request_id(Batch, &[]),
        ];
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(ids.iter().all(|id| id.len() == 36));
        assert_eq!(ids[0], request_id(Step, &["firm", "1"]));
    }
}
