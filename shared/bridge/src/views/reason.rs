//! The reason for a document's state, as shown.

use mapping::money_text;
use serde::Serialize;
use store::document::status::DocumentStatus;
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason};

use crate::views::transaction::TransactionView;

/// The reason for a state.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReasonView {
    code: String,
    message: String,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The transactions in QuickBooks that a hold is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<TransactionView>,
    /// The amount that is open, if a payment is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<String>,
}

impl ReasonView {
    /// Returns the reason of a status, if it has one.
    pub fn of(state: &DocumentStatus) -> Option<Self> {
        let Reason {
            code,
            message,
            action,
            link,
        } = state.reason()?;
        let objects = state.transactions().into_iter();
        let open = match state {
            DocumentStatus::Held(HoldReason::AlreadyPaid(paid)) => Some(money_text(paid.open)),
            _ => None,
        };
        Some(Self {
            code,
            message,
            action,
            link,
            objects: objects.map(TransactionView::of).collect(),
            open,
        })
    }
}
