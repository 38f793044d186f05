//! The lines that invoices and credit memos share.

use super::reference::Reference;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

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
