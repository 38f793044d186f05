//! The lines of journal entries.

use super::entity_ref::EntityRef;
use super::reference::Reference;
use super::sales::DetailType;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A debit or a credit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct JournalLine {
    /// The line's id, which QuickBooks assigns: "0", "1" and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The memo of the line, up to 4000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The amount, always positive. The posting type says the side.
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "rust_decimal::serde::arbitrary_precision_option"
    )]
    pub amount: Option<Decimal>,
    /// `JournalEntryLineDetail` on lines that post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<DetailType>,
    /// Side, account, name and class. Absent on lines of text only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal_entry_line_detail: Option<JournalEntryLineDetail>,
}

impl JournalLine {
    /// Builds a line that posts `amount` to the side and account of `detail`.
    pub fn posting(amount: Decimal, detail: JournalEntryLineDetail) -> Self {
        Self {
            amount: Some(amount),
            detail_type: Some(DetailType::JournalEntryLineDetail),
            journal_entry_line_detail: Some(detail),
            ..Self::default()
        }
    }
}

/// The side, account, name and class of a journal line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct JournalEntryLineDetail {
    /// The side.
    pub posting_type: PostingType,
    /// The account.
    pub account_ref: Reference,
    /// The customer, vendor or employee. A line on Accounts Receivable must name a customer (fault 6000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityRef>,
    /// The class of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<Reference>,
}

/// The side of a journal line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostingType {
    /// The debit side.
    Debit,
    /// The credit side.
    Credit,
}
