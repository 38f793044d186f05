//! The reasons why a document does not continue by itself, in a contractor's words.

pub mod hold;
mod paid_already;
pub mod found_transaction;
pub mod item_change;
mod code;
mod action;
mod quickbooks_page;

pub use crate::reason::action::Action;
pub use crate::reason::code::ReasonCode;
pub use crate::reason::found_transaction::FoundTransaction;
pub use crate::reason::hold::HoldReason;
pub use crate::reason::paid_already::PaidAlready;
pub use crate::reason::quickbooks_page::{called, page, place};

use serde::{Deserialize, Serialize};

/// The reason for a status: a stable code, a sentence, and the action to take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// The stable code, for programs.
    pub code: String,
    /// The sentence, for people.
    pub message: String,
    /// The action that helps.
    pub action: Action,
    /// The address of the page in QuickBooks where a person acts, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
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

    /// Returns whether the reason has this code.
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
