//! The facts of a firm's company that a check-up looks at, kept so that QuickBooks is seldom asked.

// Top first: a module uses only modules below it.
pub mod operations;

use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use quickbooks::company_facts::{CompanyInfo, Preferences};
use quickbooks::entity::{Account, ListEntry};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The time for which complete facts are kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The time for which facts are kept of which QuickBooks answered only a part.
const PARTS_KEPT_FOR: SignedDuration = SignedDuration::from_mins(1);

/// The facts that a company answered, with the basis on which it was asked. Requests of a check-up write the record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptFacts {
    /// The state of RIVET's records before the company was asked.
    pub basis: FactsBasis,
    /// The time of the answer. `None` if the company was never asked.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub read_at: Option<Timestamp>,
    /// The facts.
    pub facts: CompanyFacts,
}

/// The state of RIVET's records on which a company was asked. Facts of another basis are outdated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsBasis {
    /// The time of the sign-in. The company's id is not kept here, because it is sealed at rest.
    #[serde(default, deserialize_with = "json::optional_instant")]
    pub connected_at: Option<Timestamp>,
    /// The version of the settings, which name the accounts.
    pub settings_version: u64,
    /// The number of changes that the company had announced of its facts.
    pub changes_of_facts: u32,
    /// The ids of RIVET's items, in order.
    pub items: Vec<String>,
}

/// The facts of a company. A fact is `None` if the company did not answer for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompanyFacts {
    /// The company itself.
    pub info: Option<CompanyInfo>,
    /// The settings of its books.
    pub preferences: Option<Preferences>,
    /// The accounts of the settings and of RIVET's items, and all Accounts Receivable accounts, inactive ones too.
    pub accounts: Option<Vec<AccountFact>>,
    /// RIVET's items, inactive ones too.
    pub items: Option<Vec<ItemFact>>,
    /// RIVET's own side at that time. `None` while documents are being posted.
    #[serde(default)]
    pub own: Option<OwnFacts>,
}

/// RIVET's own side of what is compared with the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFacts {
    /// The retainage that all projects hold, by account.
    pub held: BTreeMap<String, Decimal>,
    /// The retainage that lies in the account that is mapped, because the records name none.
    pub held_in_mapped: Decimal,
    /// Numbers of others that RIVET would give to pay apps.
    pub numbers: Vec<String>,
}

/// An account of the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFact {
    /// The id in QuickBooks.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The account type as Intuit spells it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The detail type as Intuit spells it.
    pub sub_type: Option<String>,
    /// The account is active.
    pub is_active: bool,
    /// The balance, if QuickBooks names one.
    pub balance: Option<Decimal>,
}

/// An item of the company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFact {
    /// The id in QuickBooks.
    pub id: String,
    /// The name.
    pub name: String,
    /// The id of the income account. Empty without one.
    pub income_account_id: String,
    /// The name of the income account. Empty without one.
    pub income_account_name: String,
    /// The item is active.
    pub is_active: bool,
    /// Sales tax applies to the item.
    pub is_taxable: bool,
}

impl KeptFacts {
    /// Returns whether the facts are those that the company would answer now, as far as RIVET knows.
    pub fn is_current(&self, basis: &FactsBasis, now: Timestamp) -> bool {
        let most = match self.facts.is_complete() {
            true => KEPT_FOR,
            false => PARTS_KEPT_FOR,
        };
        let age = self.read_at.map(|at| now.duration_since(at));
        self.basis == *basis && age.is_some_and(|age| age < most)
    }

    /// Returns whether the facts are better than none: they are from the same company and about the accounts of the same settings.
    pub fn is_usable(&self, basis: &FactsBasis) -> bool {
        self.read_at.is_some()
            && self.basis.connected_at == basis.connected_at
            && self.basis.settings_version == basis.settings_version
    }
}

impl CompanyFacts {
    /// Returns whether the company answered for each fact.
    pub fn is_complete(&self) -> bool {
        self.info.is_some()
            && self.preferences.is_some()
            && self.accounts.is_some()
            && self.items.is_some()
            && self.own.is_some()
    }
}

impl AccountFact {
    /// Returns the fact about an account. `None` if the account has no id.
    pub fn of(account: &Account) -> Option<Self> {
        let name = account
            .fully_qualified_name
            .as_ref()
            .or(account.name.as_ref());
        Some(Self {
            id: account.id.clone()?,
            name: name.cloned().unwrap_or_default(),
            kind: account.account_type.clone(),
            sub_type: account.account_sub_type.clone(),
            is_active: account.active != Some(false),
            balance: account.current_balance,
        })
    }
}

impl From<ListEntry> for ItemFact {
    fn from(item: ListEntry) -> Self {
        Self {
            id: item.id,
            name: item.name,
            income_account_id: item.income_account_id,
            income_account_name: item.income_account_name,
            is_active: item.is_active,
            is_taxable: item.is_taxable,
        }
    }
}

impl Record for KeptFacts {
    const KIND: &'static str = "company-facts";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + 60 * minute).unwrap()
    }

    fn basis() -> FactsBasis {
        FactsBasis {
            connected_at: Some(at(-5)),
            settings_version: 3,
            changes_of_facts: 2,
            items: vec!["7".into()],
        }
    }

    fn kept() -> KeptFacts {
        KeptFacts {
            basis: basis(),
            read_at: Some(at(0)),
            facts: CompanyFacts {
                info: Some(CompanyInfo::default()),
                preferences: Some(Preferences::default()),
                accounts: Some(vec![]),
                items: Some(vec![]),
                own: Some(OwnFacts::default()),
            },
        }
    }

    #[test]
    fn complete_facts_are_current_for_a_day() {
        let kept = kept();
        assert!(kept.is_current(&basis(), at(24 * 60 - 1)));
        assert!(!kept.is_current(&basis(), at(24 * 60)));
        assert!(!KeptFacts::default().is_current(&FactsBasis::default(), at(0)));
    }

    #[test]
    fn incomplete_facts_are_current_for_a_minute() {
        let mut kept = kept();
        kept.facts.items = None;
        assert!(kept.is_current(&basis(), at(0)));
        assert!(!kept.is_current(&basis(), at(1)));
    }

    #[test]
    fn each_part_of_the_basis_outdates_facts() {
        let changes: [fn(&mut FactsBasis); 4] = [
            |basis| basis.connected_at = Some(at(1)),
            |basis| basis.settings_version += 1,
            |basis| basis.changes_of_facts += 1,
            |basis| basis.items.push("8".into()),
        ];
        for change in changes {
            let mut basis = basis();
            change(&mut basis);
            assert!(!kept().is_current(&basis, at(0)));
        }
    }

    #[test]
    fn announced_change_leaves_facts_usable() {
        let mut basis = basis();
        basis.changes_of_facts += 1;
        assert!(kept().is_usable(&basis));
        basis.settings_version += 1;
        assert!(!kept().is_usable(&basis));
    }

    #[test]
    fn stored_facts_load_unchanged() {
        let mut kept = kept();
        kept.facts.accounts = Some(vec![AccountFact {
            id: "91".into(),
            name: "Retainage Receivable".into(),
            kind: Some("Other Current Asset".into()),
            sub_type: Some("Retainage".into()),
            is_active: true,
            balance: Some(Decimal::new(485_000, 2)),
        }]);
        let stored = serde_json::to_value(&kept).unwrap();
        assert_eq!(json::read::<KeptFacts>(&stored).unwrap(), kept);
    }
}
