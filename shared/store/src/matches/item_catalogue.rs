//! The service items of a firm.

use crate::matches::sent_creation::SentCreation;
use crate::reason::item_change::ItemChange;
use ports::records::Record;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The service items of a firm by the account that they post to. Workers write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemCatalogue {
    /// Account id to item id.
    pub by_account: BTreeMap<String, String>,
    /// The creations that are over, because the item is gone or its request id led to no item. The number is part of the next request id.
    #[serde(default)]
    pub creations: u32,
    /// The creations of items that QuickBooks perhaps carried out, by account id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent: BTreeMap<String, SentCreation>,
    /// The changes that people made to these items, by account id. Nothing is posted on a changed item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changed: BTreeMap<String, ItemChange>,
    /// The ids of the accounts whose changed items the firm was not told of yet.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub untold: BTreeSet<String>,
    /// The ids of items that must be read before the next document, because a document on them was posted differently.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub doubtful: BTreeSet<String>,
    /// The second of Unix time of the newest known version, by item id. An announced change up to then is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub known_at: BTreeMap<String, i64>,
}

impl ItemCatalogue {
    /// Records that the version of an item at this second is known. An earlier second changes nothing.
    pub fn set_known_at(&mut self, item: &str, second: i64) {
        let known = self.known_at.entry(item.to_owned()).or_insert(second);
        *known = (*known).max(second);
    }

    /// Records what a person changed of the item of an account.
    pub fn set_changed(&mut self, account: &str, change: ItemChange) {
        self.untold.insert(account.to_owned());
        self.changed.insert(account.to_owned(), change);
    }

    /// Records that the item of an account is as RIVET needs it.
    pub fn put_back(&mut self, account: &str) {
        self.changed.remove(account);
        self.untold.remove(account);
    }

    /// Forgets an item that is gone. The next document finds or creates another.
    pub fn forget(&mut self, item: &str) {
        let of_item = self.by_account.iter().filter(|(_, known)| *known == item);
        let accounts: Vec<String> = of_item.map(|(account, _)| account.clone()).collect();
        for account in &accounts {
            self.by_account.remove(account);
            self.put_back(account);
        }
        self.known_at.remove(item);
        self.doubtful.remove(item);
        self.creations += 1;
    }
}

impl Record for ItemCatalogue {
    const KIND: &'static str = "items";
}
