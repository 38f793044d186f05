//! The lists that transactions point into: items, classes and accounts.
//!
//! A list object is never deleted, only made inactive; references to an inactive one are refused (610 or 2500).

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A product or service. A service item needs an income account to be sold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Item {
    /// Set by QuickBooks; sent back with a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 100 characters, no colon, tab or newline; unique among items (6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What kind of item it is.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemType>,
    /// Where its sales post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income_account_ref: Option<Reference>,
    /// Put on lines that have none of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether sales tax applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxable: Option<bool>,
    /// `false` hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Resource for Item {
    const KIND: Kind = Kind::Item;
}

/// What kind of item it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemType {
    /// Work.
    Service,
    /// Goods that are not counted.
    NonInventory,
    /// Goods that are.
    Inventory,
    /// A heading.
    Category,
    /// A bundle.
    Group,
    /// A kind that came later.
    #[serde(other)]
    Other,
}

/// A tag on lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Class {
    /// Set by QuickBooks; up to 19 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 100 characters, unique under its parent (6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `false` hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// `Parent:Child`; never sent.
    #[serde(skip_serializing)]
    pub fully_qualified_name: Option<String>,
}

impl Resource for Class {
    const KIND: Kind = Kind::Class;
}

/// An account of the chart. Only read: the bridge neither makes nor changes one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Account {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name, without those of its parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Parent:Child`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fully_qualified_name: Option<String>,
    /// The account number that people use, where the company has them on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acct_num: Option<String>,
    /// `Income`, `Accounts Receivable`, `Other Current Asset`, `Bank` … as Intuit spells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// `Retainage`, `UndepositedFunds` … (some 300 of them).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_sub_type: Option<String>,
    /// `Asset`, `Equity`, `Expense`, `Liability` or `Revenue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// `false` if it is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Its balance without sub-accounts.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub current_balance: Option<Decimal>,
}

impl Resource for Account {
    const KIND: Kind = Kind::Account;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_item_is_sent_with_the_account_that_it_posts_to() {
        let item = Item {
            name: Some("RIVET Retainage".to_owned()),
            kind: Some(ItemType::Service),
            income_account_ref: Some(Reference::to("91")),
            taxable: Some(false),
            ..Item::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&item).unwrap(), @r#"{"Name":"RIVET Retainage","Type":"Service","IncomeAccountRef":{"value":"91"},"Taxable":false}"#);
    }

    #[test]
    fn a_class_is_sent_as_a_name() {
        let class = Class {
            name: Some("2301 Harbor Point".to_owned()),
            ..Class::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&class).unwrap(), @r#"{"Name":"2301 Harbor Point"}"#);
    }

    #[test]
    fn an_account_is_read_with_its_type_as_intuit_spells_it() {
        let account: Account = serde_json::from_str(
            r#"{"Id":"91","Name":"Retainage Receivable","FullyQualifiedName":"Retainage Receivable","Active":true,
                "Classification":"Asset","AccountType":"Other Current Asset","AccountSubType":"Retainage","CurrentBalance":-4850.1}"#,
        )
        .unwrap();
        assert_eq!(account.account_type.as_deref(), Some("Other Current Asset"));
        assert_eq!(account.current_balance, Some(Decimal::new(-48501, 1)));
    }

    #[test]
    fn an_item_of_a_kind_that_came_later_is_read() {
        let item: Item = serde_json::from_str(r#"{"Id":"7","Type":"Subscription"}"#).unwrap();
        assert_eq!(item.kind, Some(ItemType::Other));
    }
}
