//! The reasons why a document does not go on by itself, in words that a contractor understands.

pub mod hold;

pub use crate::reason::hold::HoldReason;

use quickbooks::entity::TxnType;
use serde::{Deserialize, Serialize};

/// The reason for a status: a stable code, a sentence, and the action to take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// The action that helps.
    pub action: Action,
    /// The address of the page in QuickBooks where that is done, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The codes that decide what happens next. A reason may have any other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonCode {
    /// A person decided that RIVET leaves the document alone.
    IgnoredByUser,
    /// Payments are applied to an object that RIVET would change.
    PaymentsApplied,
    /// An object was changed in QuickBooks after RIVET posted it.
    ChangedInQuickbooks,
}

impl ReasonCode {
    /// Returns the code as it is stored and answered.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IgnoredByUser => "ignored_by_user",
            Self::PaymentsApplied => "payments_applied",
            Self::ChangedInQuickbooks => "changed_in_quickbooks",
        }
    }
}

/// The one action to take about a [`Reason`].
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
    /// Do nothing: the document goes on by itself.
    Wait,
    /// Ask RIVET.
    ContactSupport,
}

impl Reason {
    /// Creates a reason without a link.
    pub fn new(code: &str, action: Action, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            action,
            link: None,
        }
    }

    /// Returns whether it has this code.
    pub fn has_code(&self, code: ReasonCode) -> bool {
        self.code == code.as_str()
    }

    /// Adds the link to a [`page`] in QuickBooks; none if `place` is empty.
    #[must_use]
    pub fn at(mut self, place: &str) -> Self {
        self.link = Some(place).filter(|place| !place.is_empty()).map(page);
        self
    }
}

/// Returns the address of a page of QuickBooks Online, for the company that is open there.
pub fn page(place: &str) -> String {
    ["https://app.qbo.intuit.com/app/", place].concat()
}

/// Returns the place of a transaction in QuickBooks, as [`page`] takes it.
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

/// Returns the name of a type of transaction on the pages of QuickBooks.
pub fn called(kind: TxnType) -> &'static str {
    match kind {
        TxnType::Invoice => "Invoice",
        TxnType::CreditMemo => "Credit Memo",
        TxnType::JournalEntry => "Journal Entry",
        TxnType::Payment => "Payment",
        TxnType::Other => "Transaction",
    }
}
