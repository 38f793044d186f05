//! The objects of QuickBooks that RIVET's customers, projects and accounts were matched with, so that no call is needed again.

pub mod operations;

use billing::{Customer, DocumentRef};
use ports::records::Record;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A customer of RIVET's and the QuickBooks customer that it was matched with. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerMatch {
    /// The QuickBooks id; none until the first document needs it.
    pub quickbooks_id: Option<String>,
    /// Creations whose request id led to nothing; part of the next one's.
    #[serde(default)]
    pub creations: u32,
}

/// The latest details of a customer that RIVET sent without a document.
///
/// A record of its own, because events write it and workers write the match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerDetails(
    /// The customer as RIVET sent it.
    pub Customer,
);

/// The class of a project, and the retainage that its documents hold in QuickBooks. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectRecord {
    /// The class that was found or created for it.
    pub class_id: Option<String>,
    /// Creations of a class whose request id led to nothing; part of the next one's.
    #[serde(default)]
    pub creations: u32,
    /// Retainage by posted document: withheld is positive, released negative. No sum is kept, so that saving a document twice
    /// counts it once.
    pub retainage: BTreeMap<String, Decimal>,
}

/// The service items of a firm by the account that they post to. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemCatalogue {
    /// Account id to item id.
    pub by_account: BTreeMap<String, String>,
    /// Creations that are over, because the item is gone or its request id led to nothing; part of the next one's request id.
    #[serde(default)]
    pub creations: u32,
}

impl ProjectRecord {
    /// Returns the retainage held now, apart from that of `document` itself.
    pub fn retainage_without(&self, document: &DocumentRef) -> Decimal {
        let own = document.to_string();
        self.retainage
            .iter()
            .filter(|(key, _)| **key != own)
            .map(|(_, amount)| amount)
            .sum()
    }

    /// Sets the retainage that `document` holds now. Returns whether that changed anything.
    pub fn set_retainage(&mut self, document: &DocumentRef, amount: Decimal) -> bool {
        let key = document.to_string();
        let before = if amount.is_zero() {
            self.retainage.remove(&key)
        } else {
            self.retainage.insert(key, amount)
        };
        before.unwrap_or_default() != amount
    }
}

impl Record for CustomerMatch {
    const KIND: &'static str = "customer";
}

impl Record for CustomerDetails {
    const KIND: &'static str = "customer-details";
}

impl Record for ProjectRecord {
    const KIND: &'static str = "project";
}

impl Record for ItemCatalogue {
    const KIND: &'static str = "items";
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing::DocumentKind;

    fn document(id: &str) -> DocumentRef {
        DocumentRef {
            kind: DocumentKind::PayApp,
            id: id.parse().unwrap(),
        }
    }

    #[test]
    fn document_retainage_set_twice_counts_once() {
        let mut project = ProjectRecord::default();
        assert!(project.set_retainage(&document("a"), 100.into()));
        assert!(!project.set_retainage(&document("a"), 100.into()));
        assert!(project.set_retainage(&document("b"), (-30).into()));
        assert_eq!(project.retainage_without(&document("c")), 70.into());
        assert_eq!(project.retainage_without(&document("b")), 100.into());
        assert!(project.set_retainage(&document("a"), Decimal::ZERO));
        assert!(!project.set_retainage(&document("a"), Decimal::ZERO));
        assert_eq!(project.retainage_without(&document("c")), (-30).into());
    }
}
