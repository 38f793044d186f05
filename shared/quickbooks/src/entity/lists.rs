//! The lists that transactions refer to: items, classes and accounts.
//!
//! A list entry is never deleted, only made inactive. QuickBooks refuses references to an inactive entry with 610 or 2500.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A product or service (Intuit: API reference, Item). A service item needs an income account to be sold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Item {
    /// The id, which QuickBooks assigns. A change sends it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The name: up to 100 characters without colon, tab or newline, unique among items (fault 6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of the item.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemType>,
    /// The account to which the item's sales post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income_account_ref: Option<Reference>,
    /// The text for lines without a description of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `true` if sales tax applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxable: Option<bool>,
    /// `false` hides the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Resource for Item {
    const KIND: Kind = Kind::Item;
}

/// The types of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemType {
    /// Work.
    Service,
    /// Goods without a stock count.
    NonInventory,
    /// Goods with a stock count.
    Inventory,
    /// A heading over items.
    Category,
    /// A bundle of items.
    Group,
    /// A type that Intuit added later.
    #[serde(other)]
    Other,
}

/// A tag on lines (Intuit: API reference, Class).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Class {
    /// The id, which QuickBooks assigns: up to 19 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` in an update keeps the fields that are left out.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The name: up to 100 characters, unique under its parent (fault 6240).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `false` hides the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The name with those of its parents, `Parent:Child`. Never sent.
    #[serde(skip_serializing)]
    pub fully_qualified_name: Option<String>,
}

impl Resource for Class {
    const KIND: Kind = Kind::Class;
}

/// An account of the chart of accounts (Intuit: API reference, Account). Accounts are only read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Account {
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name without those of its parents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name with those of its parents, `Parent:Child`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fully_qualified_name: Option<String>,
    /// The account number, if the company uses account numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acct_num: Option<String>,
    /// The type as Intuit spells it, such as `Income`, `Accounts Receivable`, `Other Current Asset` or `Bank`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// The detailed type, such as `Retainage` or `UndepositedFunds`. Intuit has some 300 of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_sub_type: Option<String>,
    /// `Asset`, `Equity`, `Expense`, `Liability` or `Revenue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// `false` if the account is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The balance without those of sub-accounts.
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
    fn service_item_is_sent_with_income_account() {
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
    fn new_class_is_sent_as_name() {
        let class = Class {
            name: Some("2301 Harbor Point".to_owned()),
            ..Class::default()
        };
        insta::assert_snapshot!(serde_json::to_string(&class).unwrap(), @r#"{"Name":"2301 Harbor Point"}"#);
    }

    #[test]
    fn account_is_read_with_intuits_type() {
        let account: Account = serde_json::from_str(
            r#"{"Id":"91","Name":"Retainage Receivable","FullyQualifiedName":"Retainage Receivable","Active":true,
                "Classification":"Asset","AccountType":"Other Current Asset","AccountSubType":"Retainage","CurrentBalance":-4850.1}"#,
        )
        .unwrap();
        assert_eq!(account.account_type.as_deref(), Some("Other Current Asset"));
        assert_eq!(account.current_balance, Some(Decimal::new(-48501, 1)));
    }

    #[test]
    fn item_of_unknown_type_is_other() {
        let item: Item = serde_json::from_str(r#"{"Id":"7","Type":"Subscription"}"#).unwrap();
        assert_eq!(item.kind, Some(ItemType::Other));
    }
}
