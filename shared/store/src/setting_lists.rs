//! The lists of the company that a settings page offers, kept for a minute so that QuickBooks is seldom asked.

// Top first: a module uses only modules below it.
pub mod operations;

use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use serde::{Deserialize, Serialize};

/// The time for which a list is shown without another question.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

/// The time for which an old list is better than none.
const USABLE: SignedDuration = SignedDuration::from_mins(10);

/// The most bytes that the lists of a firm take. A longer list is not kept.
const MAX_BYTES: usize = 40 * 1024;

/// An account, class or customer that a person can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SettingOption {
    /// The QuickBooks id.
    pub id: String,
    /// The full name, which includes the names of its parents.
    pub name: String,
    /// The account number, if the company uses account numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The account type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A list as QuickBooks answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingList {
    /// The name of the list, with the words that were looked for.
    pub name: String,
    /// The time of the answer.
    #[serde(deserialize_with = "json::instant")]
    pub at: Timestamp,
    /// The entries.
    pub options: Vec<SettingOption>,
}

/// The kept lists of a firm's company, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingLists {
    /// The time of the sign-in whose company the lists are from. The company's id is not kept here, because it is sealed at rest.
    #[serde(default, deserialize_with = "json::optional_instant")]
    connected_at: Option<Timestamp>,
    lists: Vec<SettingList>,
}

/// The age of a kept list that a reader accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// At most a minute.
    Fresh,
    /// At most ten minutes, where QuickBooks cannot be asked.
    Usable,
}

impl SettingLists {
    /// Returns a kept list.
    pub fn find(
        &self,
        connected_at: Option<Timestamp>,
        name: &str,
        age: Age,
        now: Timestamp,
    ) -> Option<&SettingList> {
        let most = match age {
            Age::Fresh => FRESH,
            Age::Usable => USABLE,
        };
        let mut lists = self
            .lists
            .iter()
            .filter(|_| self.connected_at == connected_at);
        lists.find(|list| list.name == name && now.duration_since(list.at) < most)
    }

    /// Keeps lists in place of earlier ones of their names. The oldest lists go until the rest fits.
    pub fn keep(&mut self, connected_at: Option<Timestamp>, new: &[SettingList], now: Timestamp) {
        let is_kept = |list: &SettingList| {
            let is_replaced = new.iter().any(|new| new.name == list.name);
            !is_replaced && now.duration_since(list.at) < USABLE
        };
        let is_same_company = self.connected_at == connected_at;
        self.lists.retain(|list| is_same_company && is_kept(list));
        self.connected_at = connected_at;
        self.lists.extend(new.iter().cloned());
        let mut bytes = 0;
        let mut from = self.lists.len();
        while from > 0 && bytes + size(&self.lists[from - 1]) <= MAX_BYTES {
            from -= 1;
            bytes += size(&self.lists[from]);
        }
        self.lists.drain(..from);
    }
}

/// Returns the bytes that a list takes at most, roughly.
fn size(list: &SettingList) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let option = |option: &SettingOption| {
        60 + option.id.len() + option.name.len() + text(&option.number) + text(&option.kind)
    };
    80 + list.name.len() + list.options.iter().map(option).sum::<usize>()
}

impl Record for SettingLists {
    const KIND: &'static str = "setting-lists";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, at: i64, options: usize) -> SettingList {
        let option = |id: usize| SettingOption {
            id: id.to_string(),
            name: format!("Customer {id} of some length"),
            number: None,
            kind: None,
        };
        SettingList {
            name: name.into(),
            at: Timestamp::from_second(at).unwrap(),
            options: (0..options).map(option).collect(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn list_is_fresh_for_a_minute() {
        let mut lists = SettingLists::default();
        lists.keep(Some(at(1)), &[list("classes", 0, 2)], at(0));
        let finds = |age, second| {
            lists
                .find(Some(at(1)), "classes", age, at(second))
                .is_some()
        };
        assert!(finds(Age::Fresh, 59) && !finds(Age::Fresh, 60));
        assert!(finds(Age::Usable, 599) && !finds(Age::Usable, 600));
        assert_eq!(lists.find(Some(at(2)), "classes", Age::Fresh, at(1)), None);
    }

    #[test]
    fn kept_lists_stay_within_their_bytes() {
        let mut lists = SettingLists::default();
        for second in 0..200 {
            let name = format!("customers {second}");
            lists.keep(Some(at(1)), &[list(&name, second, 100)], at(second));
            assert!(serde_json::to_string(&lists).unwrap().len() < MAX_BYTES);
        }
        assert!(
            lists
                .find(Some(at(1)), "customers 199", Age::Fresh, at(199))
                .is_some()
        );
        assert!(lists.lists.len() > 3);
        lists.keep(Some(at(1)), &[list("endless", 200, 5000)], at(200));
        assert!(lists.lists.is_empty());
    }

    #[test]
    fn other_sign_in_forgets_earlier_lists() {
        let mut lists = SettingLists::default();
        lists.keep(Some(at(1)), &[list("classes", 0, 2)], at(0));
        lists.keep(Some(at(2)), &[list("accounts", 0, 2)], at(0));
        assert_eq!(lists.lists.len(), 1);
    }
}
