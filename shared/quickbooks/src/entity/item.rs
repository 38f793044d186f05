//! Items: the products and services on sales forms.

use super::kind::Kind;
use super::reference::Reference;
use super::resource::Resource;
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
    fn item_of_unknown_type_is_other() {
        let item: Item = serde_json::from_str(r#"{"Id":"7","Type":"Subscription"}"#).unwrap();
        assert_eq!(item.kind, Some(ItemType::Other));
    }
}
