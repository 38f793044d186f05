//! The result of a callback, which the browser is told, and its texts.

use crate::call_outcome::CallError;
use crate::token_endpoint::TokenError;
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};
use store::sign_in_attempt::SignInRefusal;

/// The result of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackResult {
    /// The firm is connected for the first time.
    Connected,
    /// The firm is connected to its company again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// The sign-in failed. No connection was changed.
    Failed(ConnectFailure),
}

/// Why a sign-in failed. RIVET shows its own message for each code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The person declined at Intuit.
    Declined,
    /// The state is unknown.
    UnknownState,
    /// The state was used before.
    UsedState,
    /// The state is older than ten minutes.
    ExpiredState,
    /// The callback came from another browser than the one that opened the link.
    OtherBrowser,
    /// Intuit reported an error.
    IntuitError,
    /// Intuit named no company.
    NoCompany,
    /// The code is missing, or Intuit did not honour it.
    CodeRefused,
    /// Intuit could not be reached or did not answer.
    IntuitUnavailable,
    /// Intuit refused the keys of our app.
    Misconfigured,
    /// The person is not an admin of the company.
    NotAdmin,
    /// The company's QuickBooks subscription is not active.
    CompanySuspended,
    /// The company does not answer to the new token.
    CompanyUnreachable,
    /// The company serves another firm.
    CompanyTaken,
    /// The firm is connected to another company.
    OtherCompany,
    /// Another sign-in or a disconnect holds the company at the moment.
    TryAgain,
}

impl ConnectFailure {
    /// Returns the stable code of the redirect to RIVET.
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "access_denied",
            Self::UnknownState => "state_unknown",
            Self::UsedState => "state_used",
            Self::ExpiredState => "state_expired",
            Self::OtherBrowser => "other_browser",
            Self::IntuitError => "intuit_error",
            Self::NoCompany => "company_missing",
            Self::CodeRefused => "code_refused",
            Self::IntuitUnavailable => "intuit_unavailable",
            Self::Misconfigured => "app_misconfigured",
            Self::NotAdmin => "not_admin",
            Self::CompanySuspended => "company_suspended",
            Self::CompanyUnreachable => "company_unreachable",
            Self::CompanyTaken => "company_taken",
            Self::OtherCompany => "other_company",
            Self::TryAgain => "try_again",
        }
    }

    /// Returns the text that RIVET shows to the person.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Declined => {
                "The permission was declined at Intuit. Connect again and choose Connect there."
            }
            Self::UnknownState | Self::UsedState | Self::ExpiredState | Self::OtherBrowser => {
                "The answer did not belong to a sign-in of this browser. Start again from RIVET."
            }
            Self::IntuitError => "Intuit reported an error. Try again.",
            Self::NoCompany => {
                "Intuit named no company. Choose a QuickBooks Online company there; QuickBooks Desktop is not supported."
            }
            Self::CodeRefused => "Intuit did not honour the sign-in. Start again from RIVET.",
            Self::IntuitUnavailable => "Intuit could not be reached. Try again in a few minutes.",
            Self::Misconfigured => "RIVET's own keys at Intuit were refused. Tell RIVET's support.",
            Self::NotAdmin => {
                "Only an admin of the QuickBooks company can connect it. Ask one to sign in."
            }
            Self::CompanySuspended => {
                "The QuickBooks subscription of this company has ended or was not paid."
            }
            Self::CompanyUnreachable => {
                "The company does not answer as a QuickBooks Online company. QuickBooks Desktop is not supported."
            }
            Self::CompanyTaken => "This QuickBooks company is connected to another RIVET account.",
            Self::OtherCompany => {
                "This is not the QuickBooks company that this account is connected to."
            }
            Self::TryAgain => {
                "The company is being connected or disconnected in another window. Try again in two minutes."
            }
        }
    }
}

impl From<SignInRefusal> for ConnectFailure {
    fn from(refusal: SignInRefusal) -> Self {
        match refusal {
            SignInRefusal::Unknown => Self::UnknownState,
            SignInRefusal::Used => Self::UsedState,
            SignInRefusal::Expired => Self::ExpiredState,
            SignInRefusal::OtherBrowser => Self::OtherBrowser,
        }
    }
}

impl From<TokenError> for ConnectFailure {
    fn from(why: TokenError) -> Self {
        match why {
            TokenError::Refused => Self::CodeRefused,
            TokenError::NotSent(_) | TokenError::NoAnswer(_) | TokenError::Unusable(_) => {
                Self::IntuitUnavailable
            }
            TokenError::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<CallError> for ConnectFailure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::ConnectionLost(ConnectionStatus::NeedsReauthorization(
                ReauthorizationReason::AdminRightsLost,
            )) => Self::NotAdmin,
            CallError::ConnectionLost(ConnectionStatus::Error(CompanyError::SubscriptionEnded)) => {
                Self::CompanySuspended
            }
            CallError::Refused(_) | CallError::ConnectionLost(_) | CallError::TokenRejected => {
                Self::CompanyUnreachable
            }
            CallError::RetryAt(_)
            | CallError::Throttled(_)
            | CallError::OutcomeUnknown { .. }
            | CallError::Store(_) => Self::IntuitUnavailable,
        }
    }
}
