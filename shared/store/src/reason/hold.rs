//! Why a document waits, and what cures that.

use crate::reason::{Action, Reason};
use billing::{DocumentKind, DocumentRef};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why a document waits although nothing failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// Manual mode: it is posted when a person says so.
    Manual,
    /// Syncing is paused.
    Paused,
    /// A setting that posting needs is not made; the fields are named.
    SettingsIncomplete(Vec<String>),
    /// No company is connected, or it cannot be used now.
    NotConnected,
    /// The firm's plan does not include QuickBooks.
    PlanNotEligible,
    /// The company's books are closed through this date.
    BooksClosed(#[serde(deserialize_with = "json::day")] Date),
    /// It refers to a document that is not settled yet.
    WaitingFor(DocumentRef),
    /// It is dated before the day from which the firm wants to sync.
    BeforeStartDate(#[serde(deserialize_with = "json::day")] Date),
    /// The customer has no match and customers are not created automatically.
    CustomerUnmatched(String),
    /// The customer is inactive in QuickBooks, or was merged there into another.
    CustomerInactive(String),
    /// The project's class is.
    ClassInactive(String),
    /// An item that RIVET made is.
    ItemInactive,
    /// More retainage is to be released, or taken back, than the project holds.
    RetainageExceeded {
        /// What the project holds in QuickBooks.
        held: Decimal,
        /// What the document needs.
        needed: Decimal,
    },
    /// The pay app is to be voided but money was applied to it.
    PaymentsApplied,
}

impl HoldReason {
    /// Whether a document that was just settled may have been what it waited for; that is seen when it is tried.
    pub fn may_be_released_by(&self, settled: &DocumentRef) -> bool {
        match self {
            Self::WaitingFor(awaited) => awaited == settled,
            Self::RetainageExceeded { .. } => settled.kind == DocumentKind::PayApp,
            Self::PaymentsApplied => settled.kind == DocumentKind::Payment,
            _ => false,
        }
    }

    /// Whether it comes of what the firm chose, connected or subscribed to.
    pub fn depends_on_settings(&self) -> bool {
        matches!(
            self,
            Self::Manual
                | Self::Paused
                | Self::SettingsIncomplete(_)
                | Self::NotConnected
                | Self::PlanNotEligible
                | Self::BeforeStartDate(_)
        )
    }

    /// Whether it comes of whom or what a name was matched with.
    pub fn depends_on_match(&self) -> bool {
        matches!(
            self,
            Self::CustomerUnmatched(_) | Self::CustomerInactive(_) | Self::ClassInactive(_)
        )
    }

    /// The list of QuickBooks in which something is to be active again, if that is what it waits for.
    pub fn list(&self) -> Option<quickbooks::Kind> {
        match self {
            Self::CustomerInactive(_) => Some(quickbooks::Kind::Customer),
            Self::ClassInactive(_) => Some(quickbooks::Kind::Class),
            Self::ItemInactive => Some(quickbooks::Kind::Item),
            _ => None,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Paused => "paused",
            Self::SettingsIncomplete(_) => "settings_incomplete",
            Self::NotConnected => "not_connected",
            Self::PlanNotEligible => "plan_not_eligible",
            Self::BooksClosed(_) => "books_closed",
            Self::WaitingFor(_) => "waiting_for",
            Self::BeforeStartDate(_) => "before_start_date",
            Self::CustomerUnmatched(_) => "customer_unmatched",
            Self::CustomerInactive(_) => "customer_inactive",
            Self::ClassInactive(_) => "class_inactive",
            Self::ItemInactive => "item_inactive",
            Self::RetainageExceeded { .. } => "retainage_exceeded",
            Self::PaymentsApplied => "payments_applied",
        }
    }

    /// Where in QuickBooks it is cured.
    fn place(&self) -> &'static str {
        match self {
            Self::CustomerInactive(_) => "customers",
            Self::ClassInactive(_) => "classes",
            Self::ItemInactive => "items",
            _ => "",
        }
    }

    /// The sentence and the cure.
    pub fn reason(&self) -> Reason {
        let (action, message) = match self {
            Self::Manual => (
                Action::SyncNow,
                "Sync is manual. Press Sync Now to post it.".into(),
            ),
            Self::Paused => (
                Action::FixSettings,
                "Sync is paused in the settings.".into(),
            ),
            Self::SettingsIncomplete(missing) => (
                Action::FixSettings,
                format!(
                    "The QuickBooks settings are incomplete: {}.",
                    missing.join(", ")
                ),
            ),
            Self::NotConnected => (
                Action::Connect,
                "QuickBooks is not connected. It is posted once you connect again.".into(),
            ),
            Self::PlanNotEligible => (
                Action::UpgradePlan,
                "Your plan does not include QuickBooks; Pro and Scale do.".into(),
            ),
            Self::BooksClosed(through) => (
                Action::FixInQuickbooks,
                format!("The books are closed through {through} and the document is dated then."),
            ),
            Self::WaitingFor(document) => (
                Action::Wait,
                format!("What it refers to ({document}) is not settled in QuickBooks yet."),
            ),
            Self::BeforeStartDate(start) => (
                Action::FixSettings,
                format!("It is dated before {start}, where syncing starts."),
            ),
            Self::CustomerUnmatched(name) => (
                Action::FixSettings,
                format!("{name:?} matches no QuickBooks customer. Choose one in the settings."),
            ),
            Self::CustomerInactive(name) => inactive("Customer", name),
            Self::ClassInactive(name) => inactive("Class", name),
            Self::ItemInactive => (
                Action::SyncNow,
                "The product or service that RIVET posts to was made inactive in QuickBooks. Sync Now takes it again if it is active, or another.".into(),
            ),
            Self::RetainageExceeded { held, needed } => (
                Action::FixDocument,
                format!("It takes {needed:.2} from retainage, but the project holds {held:.2}."),
            ),
            Self::PaymentsApplied => (
                Action::FixInQuickbooks,
                "Payments are applied to the invoice. Remove them; the void follows.".into(),
            ),
        };
        Reason::new(self.code(), action, message).at(self.place())
    }
}

fn inactive(what: &str, name: &str) -> (Action, String) {
    let told = [
        what,
        " \"",
        name,
        "\" is inactive in QuickBooks or was merged there. Make it active again, or choose another in the settings, then Sync Now.",
    ];
    (Action::FixInQuickbooks, told.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_reason_names_missing_amounts_and_settings() {
        let hold = HoldReason::RetainageExceeded {
            held: Decimal::new(301254, 2),
            needed: 5000.into(),
        };
        assert_eq!(
            hold.reason().message,
            "It takes 5000.00 from retainage, but the project holds 3012.54."
        );
        let hold = HoldReason::SettingsIncomplete(vec!["accounts.retainage".into()]);
        assert!(hold.reason().message.contains("accounts.retainage"));
        assert_eq!(hold.reason().action, Action::FixSettings);
    }

    #[test]
    fn a_hold_is_stored_under_its_code() {
        let stored = serde_json::to_value(HoldReason::PlanNotEligible).unwrap();
        assert_eq!(stored, HoldReason::PlanNotEligible.code());
    }
}
