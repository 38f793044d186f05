//! The lines that invoices and credit memos share.

use super::reference::Reference;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The tax code of lines that are not taxed, in companies of the United States (Intuit: `TaxCodeRef`). The other code there is `TAX`.
pub const NOT_TAXED: &str = "NON";

/// A line of a sales form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesLine {
    /// The line's id, which QuickBooks assigns. A line that is sent without an id is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The text printed on the line, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The amount that the line adds to the total. May be negative.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// The type of the line, which says which detail it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<DetailType>,
    /// The item that is sold, on lines of that type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_item_line_detail: Option<SalesItemLineDetail>,
}

impl SalesLine {
    /// Builds a line that sells `item` for `amount`, without sales tax.
    pub fn item(item: Reference, amount: Decimal) -> Self {
        Self {
            amount: Some(amount),
            detail_type: Some(DetailType::SalesItemLineDetail),
            sales_item_line_detail: Some(SalesItemLineDetail {
                item_ref: Some(item),
                class_ref: None,
                tax_code_ref: Some(Reference::to(NOT_TAXED)),
            }),
            ..Self::default()
        }
    }
}

/// The types of lines on sales forms and journal entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DetailType {
    /// A line that sells an item.
    SalesItemLineDetail,
    /// A line that debits or credits an account.
    JournalEntryLineDetail,
    /// A line of text only.
    DescriptionOnly,
    /// The subtotal that QuickBooks adds to each answer. Never sent.
    SubTotalLineDetail,
    /// A type that is never written here.
    #[serde(other)]
    Other,
}

/// The item that a line sells. Quantity and unit price are left out: if both were sent, the amount would have to be their
/// product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SalesItemLineDetail {
    /// The item, whose income account the amount posts to. Without one, QuickBooks uses a default item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_ref: Option<Reference>,
    /// The class of the line. Only sent if the company tracks classes per line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
    /// The tax code of the line. A line without one is taxed if its item is, once the company uses automated sales tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code_ref: Option<Reference>,
}

/// A text in an object of its own, as Intuit sends memos.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memo {
    /// The text.
    pub value: String,
}
