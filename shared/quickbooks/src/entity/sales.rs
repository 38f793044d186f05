//! Invoices and credit memos: the two sales forms, which share their lines.

use super::{EmailAddress, Kind, LinkedTxn, MetaData, Reference, Resource};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A bill. Needs a customer and at least one line; its total may not be negative.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Invoice {
    /// Set by QuickBooks; sent back with a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to; "0" at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number on the form, ≤ 21 characters. A label: QuickBooks may accept duplicates or replace it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date it posts on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<Date>,
    /// When it is to be paid; left to the customer's terms if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    /// Who is billed. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The class of the whole form; only where the company tracks classes per transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// ISO 4217 code; required where the company uses several currencies, left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// Where the form would be mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_email: Option<EmailAddress>,
    /// Printed on the form, ≤ 1000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<Memo>,
    /// Seen by the firm only, ≤ 4000 characters, not queryable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// What is billed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<SalesLine>,
    /// The total, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// What is still owed, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
    /// The payments and credits applied to it; never sent.
    #[serde(skip_serializing)]
    pub linked_txn: Vec<LinkedTxn>,
    /// When it was made and changed; never sent.
    #[serde(skip_serializing)]
    pub meta_data: Option<MetaData>,
}

impl Resource for Invoice {
    const KIND: Kind = Kind::Invoice;
}

/// A bill turned round: what the firm owes its customer. QuickBooks has no void for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreditMemo {
    /// Set by QuickBooks; sent back with a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The version that a change is made to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    /// `true` on an update keeps the fields that are left out. The lines are replaced as a whole either way.
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// The number on the form, ≤ 21 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    /// The date it posts on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<Date>,
    /// Who is credited. Required to create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<Reference>,
    /// The class of the whole form; only where the company tracks classes per transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// ISO 4217 code; required where the company uses several currencies, left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<Reference>,
    /// Printed on the form, ≤ 1000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<Memo>,
    /// Seen by the firm only, ≤ 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    /// What is credited, in positive amounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<SalesLine>,
    /// The total, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub total_amt: Option<Decimal>,
    /// What is not used up yet, computed by QuickBooks; never sent.
    #[serde(
        skip_serializing,
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub balance: Option<Decimal>,
    /// When it was made and changed; never sent.
    #[serde(skip_serializing)]
    pub meta_data: Option<MetaData>,
}

impl Resource for CreditMemo {
    const KIND: Kind = Kind::CreditMemo;
}

/// A line of a sales form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesLine {
    /// Set by QuickBooks; a line sent without one is a new line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Printed on the line, ≤ 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the line adds to the total; may be negative.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// Which of the details the line has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<DetailType>,
    /// What is sold, on lines of that type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_item_line_detail: Option<SalesItemLineDetail>,
}

impl SalesLine {
    /// A line that sells `item` for `amount`.
    pub fn item(item: Reference, amount: Decimal) -> Self {
        Self {
            amount: Some(amount),
            detail_type: Some(DetailType::SalesItemLineDetail),
            sales_item_line_detail: Some(SalesItemLineDetail {
                item_ref: Some(item),
                class_ref: None,
            }),
            ..Self::default()
        }
    }
}

/// What a line of a sales form or of a journal entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DetailType {
    /// Sells an item.
    SalesItemLineDetail,
    /// Debits or credits an account.
    JournalEntryLineDetail,
    /// Text only.
    DescriptionOnly,
    /// The subtotal that QuickBooks adds to every answer; never sent.
    SubTotalLineDetail,
    /// A type that this crate does not write.
    #[serde(other)]
    Other,
}

/// What a sales line sells. Quantity and unit price are left out: with both, the amount would have to be their product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesItemLineDetail {
    /// The item, whose income account the amount posts to. Without it QuickBooks falls back to a default item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_ref: Option<Reference>,
    /// The class of the line; only where the company tracks classes per line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
}

/// A text in a wrapper of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo {
    /// The text.
    pub value: String,
}
