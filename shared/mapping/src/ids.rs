//! The QuickBooks ids that a step refers to.

use std::collections::BTreeMap;

use billing::{DocumentRef, Id};
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest;
use crate::posting::{Receipt, Share};

/// The QuickBooks ids of the customer, class, items and paid transactions that RIVET's document names by its own ids.
///
/// The caller that renders a step supplies them. The record of a posted object keeps them, so that the object can be reversed exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// The customer that the transactions name: a job, if the document is for one.
    pub customer: String,
    /// The customer above the job. Only of documents that are for a job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The jobs whose documents a payment of their customer pays, by project id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub jobs: BTreeMap<Id, String>,
    /// The class of the project, where classes are used.
    pub class: Option<String>,
    /// The service item that posts to each account, by account id.
    pub items: BTreeMap<String, String>,
    /// The type and id of the transaction that a payment is applied to, by the document that it pays.
    #[serde(serialize_with = "write_targets", deserialize_with = "read_targets")]
    pub targets: BTreeMap<DocumentRef, (TxnType, String)>,
    /// The entries that are paid because a divided payment came back. Other payments that came back are among the targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<ReturnedEntry>,
    /// The type and id of the transaction whose credit a payment uses, by its document.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        serialize_with = "write_targets",
        deserialize_with = "read_targets"
    )]
    pub credits: BTreeMap<DocumentRef, (TxnType, String)>,
}

/// The entry of a part of a divided payment that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedEntry {
    /// RIVET's id of the payment that came back.
    pub payment: Id,
    /// The document that the part had paid.
    pub document: DocumentRef,
    /// The type and id of the entry.
    pub entry: (TxnType, String),
}

/// A transaction that a payment pays, or whose credit it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppliedTo<'a> {
    /// The type of the transaction.
    pub kind: TxnType,
    /// The QuickBooks id of the transaction.
    pub id: &'a str,
    /// The amount, always positive.
    pub amount: Decimal,
    /// The number of shares that make up the amount.
    pub shares: usize,
}

impl Ids {
    /// Returns the transaction of a share, `None` if its id is unknown.
    pub(crate) fn paid(&self, share: &Share) -> Option<&(TxnType, String)> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|known| {
            share.returned.as_ref() == Some(&known.payment) && share.document == known.document
        });
        let entry = entry.map(|known| &known.entry);
        entry.or_else(|| self.targets.get(&share.target()))
    }

    /// Returns the type and id of each transaction that a payment pays, with the document that it pays.
    pub fn all_targets(&self) -> impl Iterator<Item = (&DocumentRef, &(TxnType, String))> {
        let entries = self.entries.iter();
        let entries = entries.map(|known| (&known.document, &known.entry));
        self.targets.iter().chain(entries)
    }

    /// Returns the credit of a share, `None` if its id is unknown.
    pub(crate) fn credit(&self, share: &Share) -> Option<&(TxnType, String)> {
        self.credits.get(&share.document)
    }

    /// Returns the transactions that a payment pays or uses, each once. Several documents may be paid through one entry.
    pub(crate) fn applied_to(&self, receipt: &Receipt) -> Vec<AppliedTo<'_>> {
        let paid = receipt.applied.iter();
        let paid = paid.map(|share| (self.paid(share), share.amount));
        let credits = receipt.credits.iter();
        let credits = credits.map(|share| (self.credit(share), share.amount));
        let mut all: Vec<AppliedTo<'_>> = Vec::new();
        for (target, amount) in paid.chain(credits) {
            let Some((kind, id)) = target else { continue };
            let mut known = all.iter_mut();
            match known.find(|known| known.kind == *kind && known.id == id) {
                Some(known) => {
                    known.amount += amount;
                    known.shares += 1;
                }
                None => all.push(AppliedTo {
                    kind: *kind,
                    id,
                    amount,
                    shares: 1,
                }),
            }
        }
        all
    }

    /// Returns a SHA-256 digest, in hex, of all ids.
    #[must_use]
    pub fn hash(&self) -> String {
        digest::of("rivet ids 1", self)
    }

    /// Returns the customer that a payment names: the job that it is for, if there is one.
    #[must_use]
    pub fn payer(&self, receipt: &Receipt) -> &str {
        let job = receipt.job.as_ref().and_then(|job| self.jobs.get(job));
        job.unwrap_or(&self.customer)
    }

    /// Returns the customers of the family that the ids name: customer, parent and jobs, each once.
    pub fn family(&self) -> impl Iterator<Item = &str> {
        let relatives = self.parent.iter().chain(self.jobs.values());
        let relatives = relatives.map(String::as_str);
        let relatives = relatives.filter(|id| *id != self.customer);
        let relatives: std::collections::BTreeSet<&str> = relatives.collect();
        std::iter::once(self.customer.as_str()).chain(relatives)
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
