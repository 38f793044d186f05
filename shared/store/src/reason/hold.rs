//! The reasons to hold a document, and the events that release it.

// Top first: a module uses only modules below it.
mod wording;
mod dependence;
mod unmatched_customer;

pub use crate::reason::hold::unmatched_customer::UnmatchedCustomer;
pub use crate::reason::hold::wording::address_suggestion;

use crate::reason::found_transaction::FoundTransaction;
use crate::reason::item_change::ItemChange;
use crate::reason::paid_already::PaidAlready;
use billing::{DocumentKind, DocumentRef};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The reason why a document is held although nothing failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// Manual mode: the document is posted when a person asks for it.
    Manual,
    /// Syncing is paused.
    Paused,
    /// Settings that posting needs are missing. Holds their paths.
    SettingsIncomplete(Vec<String>),
    /// No company is connected, or the company cannot be used now.
    NotConnected,
    /// The company is of this country. RIVET posts to companies of the United States only.
    CountryNotSupported(String),
    /// The firm's plan does not include QuickBooks.
    PlanNotEligible,
    /// The company's books are closed through this date.
    BooksClosed(#[serde(deserialize_with = "json::day")] Date),
    /// The document depends on this document, which is not finished yet.
    WaitingFor(DocumentRef),
    /// The document is dated before this date, the start of syncing.
    BeforeStartDate(#[serde(deserialize_with = "json::day")] Date),
    /// The customer has no match and customers are not created automatically.
    CustomerUnmatched(UnmatchedCustomer),
    /// The customer is inactive in QuickBooks, or was merged into another there.
    CustomerInactive(String),
    /// The settings post the project to an entry that does not belong to the project's customer.
    JobOfOtherCustomer {
        /// The name of the chosen customer, job or project, or its id.
        job: String,
        /// The name of the project's customer.
        customer: String,
    },
    /// The document is in another currency than the customer in QuickBooks.
    CustomerCurrency {
        /// The name of the customer.
        customer: String,
        /// ISO 4217 code of the customer's currency in QuickBooks.
        has: String,
        /// ISO 4217 code of the document's currency.
        needs: String,
    },
    /// The class of the project is inactive or merged.
    ClassInactive(String),
    /// An item that RIVET posts to was merged into another.
    ItemInactive,
    /// A person changed an item that RIVET posts to.
    ItemChanged(Box<ItemChange>),
    /// More retainage is to be released, or taken back, than the project holds.
    RetainageExceeded {
        /// The retainage that the project holds in QuickBooks.
        held: Decimal,
        /// The retainage that the document needs.
        needed: Decimal,
        /// True if a void or a revision takes back what was withheld. False for a release.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_taken_back: bool,
    },
    /// The pay app or release is to be voided, but payments are applied to it.
    PaymentsApplied,
    /// A person entered the document in QuickBooks before RIVET posted it. Holds the transactions found.
    AlreadyInQuickbooks(Vec<FoundTransaction>),
    /// A payment is more than what is open of a document that it pays.
    AlreadyPaid(Box<PaidAlready>),
    /// An answer was lost, and several transactions in QuickBooks may be the document's. Holds them.
    CopiesInQuickbooks(Vec<FoundTransaction>),
}

impl HoldReason {
    /// Returns whether the end of work on another document may release this hold. The next attempt decides.
    pub fn may_be_released_by(&self, finished: &DocumentRef) -> bool {
        match self {
            Self::WaitingFor(awaited) => awaited == finished,
            Self::RetainageExceeded { .. } => matches!(
                finished.kind,
                DocumentKind::PayApp | DocumentKind::RetainageRelease
            ),
            Self::PaymentsApplied | Self::AlreadyPaid(_) => finished.kind == DocumentKind::Payment,
            Self::Manual
            | Self::Paused
            | Self::SettingsIncomplete(_)
            | Self::NotConnected
            | Self::CountryNotSupported(_)
            | Self::PlanNotEligible
            | Self::BooksClosed(_)
            | Self::BeforeStartDate(_)
            | Self::CustomerUnmatched(_)
            | Self::CustomerInactive(_)
            | Self::JobOfOtherCustomer { .. }
            | Self::CustomerCurrency { .. }
            | Self::ClassInactive(_)
            | Self::ItemInactive
            | Self::ItemChanged(_)
            | Self::AlreadyInQuickbooks(_)
            | Self::CopiesInQuickbooks(_) => false,
        }
    }

    /// Returns the transactions in QuickBooks that the hold is about.
    pub fn transactions(&self) -> Vec<&FoundTransaction> {
        match self {
            Self::AlreadyInQuickbooks(found) | Self::CopiesInQuickbooks(found) => {
                found.iter().collect()
            }
            Self::AlreadyPaid(paid) => {
                let owed = std::iter::once(&paid.owed);
                owed.chain(&paid.paid_by).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns whether a person may decide that the document is posted in spite of the hold.
    pub fn may_be_posted_anyway(&self) -> bool {
        matches!(
            self,
            Self::AlreadyInQuickbooks(_) | Self::AlreadyPaid(_) | Self::RetainageExceeded { .. }
        )
    }

    /// Returns whether a person may decide that the document is posted on the first open day.
    pub fn may_be_posted_later(&self) -> bool {
        matches!(self, Self::BooksClosed(_))
    }

    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Paused => "paused",
            Self::SettingsIncomplete(_) => "settings_incomplete",
            Self::NotConnected => "not_connected",
            Self::CountryNotSupported(_) => "country_not_supported",
            Self::PlanNotEligible => "plan_not_eligible",
            Self::BooksClosed(_) => "books_closed",
            Self::WaitingFor(_) => "waiting_for",
            Self::BeforeStartDate(_) => "before_start_date",
            Self::CustomerUnmatched(_) => "customer_unmatched",
            Self::CustomerInactive(_) => "customer_inactive",
            Self::CustomerCurrency { .. } => "customer_currency",
            Self::JobOfOtherCustomer { .. } => "job_of_other_customer",
            Self::ClassInactive(_) => "class_inactive",
            Self::ItemInactive => "item_inactive",
            Self::ItemChanged(_) => "item_changed",
            Self::RetainageExceeded { .. } => "retainage_exceeded",
            Self::PaymentsApplied => "payments_applied",
            Self::AlreadyInQuickbooks(_) => "already_in_quickbooks",
            Self::AlreadyPaid(_) => "already_paid",
            Self::CopiesInQuickbooks(_) => "copies_in_quickbooks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Action;

    #[test]
    fn hold_reason_names_missing_amounts_and_settings() {
        let hold = HoldReason::RetainageExceeded {
            held: Decimal::new(301254, 2),
            needed: 5000.into(),
            is_taken_back: false,
        };
        assert_eq!(
            hold.reason().message,
            "It takes 5000.00 from retainage, but the project holds 3012.54. More pay apps, or the retainage from before RIVET in the settings, release it. Or post it anyway."
        );
        assert_eq!(hold.reason().action, Action::Decide);
        let stored = serde_json::to_string(&hold).unwrap();
        assert!(!stored.contains("is_taken_back"), "{stored}");
        let hold = HoldReason::RetainageExceeded {
            held: Decimal::ZERO,
            needed: 4850.into(),
            is_taken_back: true,
        };
        assert_eq!(
            hold.reason().message,
            "It takes 4850.00 of retainage back, but the project holds 0.00: the rest is released. Void the release first, or post it anyway."
        );
        let hold = HoldReason::SettingsIncomplete(vec!["accounts.retainage".into()]);
        assert!(hold.reason().message.contains("accounts.retainage"));
        assert_eq!(hold.reason().action, Action::FixSettings);
    }

    #[test]
    fn unmatched_customer_is_stored_as_its_name() {
        let stored = r#"{"customer_unmatched":"TBC"}"#;
        let hold: HoldReason = serde_json::from_str(stored).unwrap();
        let named = UnmatchedCustomer::Named("TBC".into());
        assert_eq!(hold, HoldReason::CustomerUnmatched(named));
        assert_eq!(serde_json::to_string(&hold).unwrap(), stored);
    }

    #[test]
    fn unmatched_customer_may_have_a_suggestion() {
        let customer = UnmatchedCustomer::Suggested {
            name: "TBC".into(),
            suggestion: "Old Payer LLC".into(),
        };
        let hold = HoldReason::CustomerUnmatched(customer);
        let stored = serde_json::to_string(&hold).unwrap();
        assert_eq!(serde_json::from_str::<HoldReason>(&stored).unwrap(), hold);
        assert_eq!(
            hold.reason().message,
            "\"TBC\" matches no QuickBooks customer. An existing customer \"Old Payer LLC\" has this e-mail address. Choose one in the settings."
        );
    }

    #[test]
    fn hold_reason_is_stored_under_its_code() {
        let stored = serde_json::to_value(HoldReason::PlanNotEligible).unwrap();
        assert_eq!(stored, HoldReason::PlanNotEligible.code());
    }
}
