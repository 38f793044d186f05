//! Why something does not go on by itself, in words that a contractor understands.

pub mod hold;

pub use crate::reason::hold::HoldReason;

use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// What is told about a state: a stable code, a sentence, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// What cures it.
    pub action: Action,
    /// The page in QuickBooks where that is done, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The one thing to do about a [`Reason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Connect a company.
    Connect,
    /// Sign in at Intuit again.
    Reconnect,
    /// Complete or correct the settings.
    FixSettings,
    /// Correct something in QuickBooks, then retry.
    FixInQuickbooks,
    /// Choose which version to keep.
    Decide,
    /// Correct the document in RIVET.
    FixDocument,
    /// Press Sync Now or Retry.
    SyncNow,
    /// Move to a plan that includes QuickBooks.
    UpgradePlan,
    /// Nothing: it goes on by itself.
    Wait,
    /// Ask RIVET.
    ContactSupport,
}

impl Reason {
    /// A reason in one line.
    pub fn new(code: &str, action: Action, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            action,
            link: None,
        }
    }

    /// The same with a [`page`] in QuickBooks; none if that is empty.
    pub fn at(mut self, place: &str) -> Self {
        self.link = Some(place).filter(|place| !place.is_empty()).map(page);
        self
    }
}

/// A page of QuickBooks Online, whichever company is open there.
pub fn page(place: &str) -> String {
    ["https://app.qbo.intuit.com/app/", place].concat()
}

/// Where a transaction is shown in QuickBooks, as [`page`] takes it.
pub fn place(kind: TxnType, id: &str) -> String {
    let form = match kind {
        TxnType::Invoice => "invoice",
        TxnType::CreditMemo => "creditmemo",
        TxnType::JournalEntry => "journal",
        TxnType::Payment => "recvpayment",
        TxnType::Other => "transaction",
    };
    [form, "?txnId=", id].concat()
}

/// What QuickBooks calls a kind of transaction on its pages.
pub fn called(kind: TxnType) -> &'static str {
    match kind {
        TxnType::Invoice => "Invoice",
        TxnType::CreditMemo => "Credit Memo",
        TxnType::JournalEntry => "Journal Entry",
        TxnType::Payment => "Payment",
        TxnType::Other => "Transaction",
    }
}
