//! The QuickBooks ids that a step refers to.

use crate::digest;
use std::collections::BTreeMap;

use billing::DocumentRef;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The QuickBooks ids of the customer, class, items and paid transactions that RIVET's document names by its own ids.
///
/// The caller that renders a step supplies them. The record of a posted object keeps them, so that the object can be reversed exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// The customer.
    pub customer: String,
    /// The class of the project, where classes are used.
    pub class: Option<String>,
    /// The service item that posts to each account, by account id.
    pub items: BTreeMap<String, String>,
    /// The type and id of the transaction that a payment is applied to, by the document that it pays.
    #[serde(serialize_with = "write_targets", deserialize_with = "read_targets")]
    pub targets: BTreeMap<DocumentRef, (TxnType, String)>,
}

impl Ids {
    /// Returns a SHA-256 digest, in hex, of all ids.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet ids 1", self)
    }
}

type Targets = BTreeMap<DocumentRef, (TxnType, String)>;

/// Writes the map as a list of pairs, because JSON allows only text as keys.
fn write_targets<S: Serializer>(targets: &Targets, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(targets)
}

/// Reads the map from a list of pairs.
fn read_targets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Targets, D::Error> {
    let mut targets = Targets::new();
    targets.extend(Vec::<(DocumentRef, (TxnType, String))>::deserialize(
        deserializer,
    )?);
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use crate::samples;

    #[test]
    fn stored_ids_load_unchanged() {
        let stored = serde_json::to_string(&samples::ids()).unwrap();
        assert_eq!(
            serde_json::from_str::<super::Ids>(&stored).unwrap(),
            samples::ids()
        );
    }
}
