//! The part that must change before a hold can end.

use crate::reason::hold::HoldReason;

/// The part that must change before a hold can end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dependence {
    /// The firm's settings, connection or subscription.
    Settings,
    /// A matched list entry in QuickBooks.
    Match,
    /// The document itself, another document, or the books.
    Other,
}

impl HoldReason {
    /// Returns whether the hold depends on the firm's settings, connection or subscription.
    pub fn depends_on_settings(&self) -> bool {
        self.dependence() == Dependence::Settings
    }

    /// Returns whether the hold depends on a matched list entry in QuickBooks.
    pub fn depends_on_match(&self) -> bool {
        self.dependence() == Dependence::Match
    }

    fn dependence(&self) -> Dependence {
        match self {
            Self::Manual
            | Self::Paused
            | Self::SettingsIncomplete(_)
            | Self::NotConnected
            | Self::CountryNotSupported(_)
            | Self::PlanNotEligible
            | Self::BooksClosed(_)
            | Self::BeforeStartDate(_) => Dependence::Settings,
            Self::CustomerUnmatched(_)
            | Self::CustomerInactive(_)
            | Self::JobOfOtherCustomer { .. }
            | Self::CustomerCurrency { .. }
            | Self::ClassInactive(_)
            | Self::ItemChanged(_) => Dependence::Match,
            Self::WaitingFor(_)
            | Self::ItemInactive
            | Self::RetainageExceeded { .. }
            | Self::PaymentsApplied
            | Self::AlreadyInQuickbooks(_)
            | Self::AlreadyPaid(_)
            | Self::CopiesInQuickbooks(_) => Dependence::Other,
        }
    }

    /// Returns the list of QuickBooks in which an entry must become active again to release the hold.
    pub fn list(&self) -> Option<quickbooks::Kind> {
        match self {
            Self::CustomerInactive(_) => Some(quickbooks::Kind::Customer),
            Self::ClassInactive(_) => Some(quickbooks::Kind::Class),
            Self::ItemInactive => Some(quickbooks::Kind::Item),
            Self::Manual
            | Self::Paused
            | Self::SettingsIncomplete(_)
            | Self::NotConnected
            | Self::CountryNotSupported(_)
            | Self::PlanNotEligible
            | Self::BooksClosed(_)
            | Self::WaitingFor(_)
            | Self::BeforeStartDate(_)
            | Self::CustomerUnmatched(_)
            | Self::JobOfOtherCustomer { .. }
            | Self::CustomerCurrency { .. }
            | Self::ItemChanged(_)
            | Self::RetainageExceeded { .. }
            | Self::PaymentsApplied
            | Self::AlreadyInQuickbooks(_)
            | Self::AlreadyPaid(_)
            | Self::CopiesInQuickbooks(_) => None,
        }
    }
}
