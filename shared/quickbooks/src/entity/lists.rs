//! The lists that transactions point into: customers, items, classes and accounts.
//!
//! A list object is never deleted, only made inactive; references to an inactive one are refused (610 or 2500).

use super::{Kind, MetaData, Reference, Resource};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Who is billed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Customer {
    /// Set by QuickBooks; sent back with a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(default, rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 500 characters, no colon, tab or newline; unique over customers, vendors and employees, whatever the case (6240).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// ≤ 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// ≤ 100 characters (2210 if it is not an address).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_email_addr: Option<EmailAddress>,
    /// ≤ 30 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<PhoneNumber>,
    /// Where bills go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<Address>,
    /// Cannot be changed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// Seen by the firm only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// `false` hides it and frees its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// `Parent:Child`; never sent.
    #[serde(default, skip_serializing)]
    pub fully_qualified_name: Option<String>,
    /// What is owed; never sent.
    #[serde(
        default,
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
    /// When it was made and changed; never sent.
    #[serde(default, skip_serializing)]
    pub meta_data: Option<MetaData>,
}

impl Resource for Customer {
    const KIND: Kind = Kind::Customer;
}

/// An e-mail address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EmailAddress {
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A phone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PhoneNumber {
    /// As people write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_form_number: Option<String>,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Address {
    /// First line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// Second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_sub_division_code: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A product or service. A service item needs an income account to be sold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Item {
    /// Set by QuickBooks; sent back with a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(default, rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 100 characters, no colon, tab or newline; unique among items (6240).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What kind of item it is.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemType>,
    /// Where its sales post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub income_account_ref: Option<Reference>,
    /// Put on lines that have none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether sales tax applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxable: Option<bool>,
    /// `false` hides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
#[serde(rename_all = "PascalCase")]
pub struct Class {
    /// Set by QuickBooks; up to 19 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out.
    #[serde(default, rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// ≤ 100 characters, unique under its parent (6240).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `false` hides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// `Parent:Child`; never sent.
    #[serde(default, skip_serializing)]
    pub fully_qualified_name: Option<String>,
}

impl Resource for Class {
    const KIND: Kind = Kind::Class;
}

/// An account of the chart. Only read: the bridge neither makes nor changes one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name, without those of its parents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Parent:Child`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fully_qualified_name: Option<String>,
    /// The account number that people use, where the company has them on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acct_num: Option<String>,
    /// `Income`, `Accounts Receivable`, `Other Current Asset`, `Bank` … as Intuit spells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// `Retainage`, `UndepositedFunds` … (some 300 of them).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_sub_type: Option<String>,
    /// `Asset`, `Equity`, `Expense`, `Liability` or `Revenue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// `false` if it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Its balance without sub-accounts.
    #[serde(
        default,
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub current_balance: Option<Decimal>,
}

impl Resource for Account {
    const KIND: Kind = Kind::Account;
}
