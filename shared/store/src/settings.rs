//! What the bridge remembers of a company so that it need not ask again: matches, items, retainage held.

use billing::{Customer, DocumentRef};
use mapping::Settings;
use ports::records::Record;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A firm's settings with the version that its `ETag` names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// Counts the changes.
    pub version: u64,
    /// The settings.
    pub settings: Settings,
    /// Accounts that fitted when they were chosen and fit no longer, as paths in the settings document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfit_accounts: Vec<String>,
}

/// What of the settings the user chose in QuickBooks for things of RIVET's, by their ids.
pub type MatchSelector = fn(&mut Settings) -> &mut BTreeMap<String, String>;

/// A customer of RIVET's and the QuickBooks customer that it was matched with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerMatch {
    /// The QuickBooks id; none until the first document needs it.
    pub quickbooks_id: Option<String>,
    /// Creations whose request id led to nothing; part of the next one's.
    #[serde(default)]
    pub creations: u32,
}

/// A customer's latest details, if RIVET sent some without a document. Apart from the match, because
/// events write this and workers write that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerDetails(
    /// As RIVET sent them.
    pub Customer,
);

/// A project's class, and what its documents hold back in QuickBooks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectRecord {
    /// The class that was found or created for it.
    pub class_id: Option<String>,
    /// Creations of a class whose request id led to nothing; part of the next one's.
    #[serde(default)]
    pub creations: u32,
    /// Retainage by posted document: withheld is positive, released negative. By document and not a
    /// sum, so that noting it twice is noting it once.
    pub retainage: BTreeMap<String, Decimal>,
}

/// The service items by the account that they post to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemCatalogue {
    /// Account id to item id.
    pub by_account: BTreeMap<String, String>,
    /// Creations that are over, as the item is gone or its request id led to nothing; part of the next one's request id.
    #[serde(default)]
    pub creations: u32,
}

impl SettingsRecord {
    /// What has to be chosen before anything can be posted, as paths in the settings document: what never was, and what fits no longer.
    pub fn missing(&self) -> Vec<String> {
        let never = self.settings.missing_accounts();
        let mut missing: Vec<String> = never.iter().map(ToString::to_string).collect();
        missing.extend(self.unfit_accounts.iter().cloned());
        missing
    }

    /// Notes of accounts, by their paths, whether they fit. Whether that is news.
    pub fn set_account_fitness(&mut self, found: &[(&str, bool)]) -> bool {
        let before = self.unfit_accounts.len();
        let fits = |path: &String| found.iter().any(|(of, fits)| of == path && *fits);
        self.unfit_accounts.retain(|path| !fits(path));
        let mut changed = self.unfit_accounts.len() != before;
        for (path, _) in found.iter().filter(|(_, fits)| !fits) {
            if !self.unfit_accounts.iter().any(|known| known == path) {
                self.unfit_accounts.push((*path).to_owned());
                changed = true;
            }
        }
        changed
    }
}

impl ProjectRecord {
    /// Retainage held now, apart from what `document` itself holds.
    pub fn retainage_without(&self, document: &DocumentRef) -> Decimal {
        let own = document.to_string();
        self.retainage
            .iter()
            .filter(|(key, _)| **key != own)
            .map(|(_, amount)| amount)
            .sum()
    }

    /// Notes what `document` holds now. Says whether that changed anything.
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

impl Record for SettingsRecord {
    const KIND: &'static str = "settings";
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
        let mut book = ProjectRecord::default();
        assert!(book.set_retainage(&document("a"), 100.into()));
        assert!(!book.set_retainage(&document("a"), 100.into()));
        assert!(book.set_retainage(&document("b"), (-30).into()));
        assert_eq!(book.retainage_without(&document("c")), 70.into());
        assert_eq!(book.retainage_without(&document("b")), 100.into());
        assert!(book.set_retainage(&document("a"), Decimal::ZERO));
        assert!(!book.set_retainage(&document("a"), Decimal::ZERO));
        assert_eq!(book.retainage_without(&document("c")), (-30).into());
    }
}
