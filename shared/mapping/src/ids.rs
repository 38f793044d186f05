//! What a step has to know of QuickBooks before it can be written.

use std::collections::BTreeMap;

use billing::DocumentRef;
use quickbooks::entity::TxnType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The QuickBooks ids behind a posting's RIVET ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// Of the customer.
    pub customer: String,
    /// Of the project's class, where classes are used.
    pub class: Option<String>,
    /// Of the service item of each account, by account id.
    pub items: BTreeMap<String, String>,
    /// Of the transaction that a payment settles, by document.
    #[serde(serialize_with = "write_targets", deserialize_with = "read_targets")]
    pub targets: BTreeMap<DocumentRef, (TxnType, String)>,
}

type Targets = BTreeMap<DocumentRef, (TxnType, String)>;

/// JSON has only text for keys, so the map is written as pairs.
fn write_targets<S: Serializer>(targets: &Targets, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(targets)
}

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
    fn ids_survive_being_stored() {
        let stored = serde_json::to_string(&samples::ids()).unwrap();
        assert_eq!(
            serde_json::from_str::<super::Ids>(&stored).unwrap(),
            samples::ids()
        );
    }
}
