//! The failures of a sign-in that a refusal, a token call or a call to the company causes.

use crate::call_outcome::CallError;
use crate::callback::result::failure::ConnectFailure;
use crate::token_endpoint::TokenError;
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};
use store::sign_in_attempt::SignInRefusal;

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
            | CallError::Unread { .. }
            | CallError::Throttled { .. }
            | CallError::OutcomeUnknown { .. }
            | CallError::Store(_) => Self::IntuitUnavailable,
        }
    }
}
