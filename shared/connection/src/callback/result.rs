//! Where a browser lands after Intuit, and why.

use crate::client::CallError;
use crate::token_endpoint::TokenError;
use billing::Id;
use jiff::Timestamp;
use quickbooks::FaultMeaning;
use quickbooks::answer::MissingPermission;
use store::connection::{Company, FailedAttempt};
use store::sign_in_attempt::SignInRefusal;

/// What the browser brought.
#[derive(Clone, Debug, Default)]
pub struct CallbackParams {
    /// `state`.
    pub state: Option<String>,
    /// `code`.
    pub code: Option<String>,
    /// `realmId`, which only ever comes here.
    pub realm_id: Option<String>,
    /// `error`, if the person or Intuit refused.
    pub error: Option<String>,
    /// Our cookie.
    pub browser: Option<String>,
}

/// Where the browser lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackResult {
    /// A first connection stands.
    Connected,
    /// The firm's company is connected again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// Nothing was changed.
    Failed(ConnectFailure),
}

/// Why there is no connection. Each has its own message in RIVET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The person declined at Intuit.
    Declined,
    /// The state is not one of ours.
    Forged,
    /// The state was used before.
    Replayed,
    /// More than ten minutes passed.
    Late,
    /// Another browser than the one that left.
    OtherBrowser,
    /// Intuit reported another error than a refusal by the person.
    IntuitError,
    /// No company was chosen.
    NoCompany,
    /// The code is missing or was not honoured.
    CodeRefused,
    /// Intuit could not be reached or did not answer.
    IntuitUnavailable,
    /// Our app's keys were refused.
    Misconfigured,
    /// The person is not an admin of the company.
    NotAdmin,
    /// The company's subscription is not active.
    CompanySuspended,
    /// The company does not answer to the new token.
    CompanyUnreachable,
    /// The company serves another firm.
    CompanyTaken,
    /// The firm is connected to another company.
    OtherCompany,
    /// The company is just being connected or disconnected elsewhere.
    TryAgain,
}

/// A failure and what to tell the person about it.
pub struct Failure {
    why: ConnectFailure,
    message: String,
}

impl ConnectFailure {
    /// The stable code in the redirect.
    pub fn code(self) -> &'static str {
        match self {
            Self::Declined => "access_denied",
            Self::Forged => "state_unknown",
            Self::Replayed => "state_used",
            Self::Late => "state_expired",
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

    fn message(self) -> &'static str {
        match self {
            Self::Declined => {
                "The permission was declined at Intuit. Connect again and choose Connect there."
            }
            Self::Forged | Self::Replayed | Self::Late | Self::OtherBrowser => {
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

impl Failure {
    /// The wrong company: both are named, to the person who may see both.
    pub fn other_company(connected: &Company, chosen: &Company) -> Self {
        let message = format!(
            "This account is connected to \u{201c}{}\u{201d}, but \u{201c}{}\u{201d} was chosen at Intuit. Nothing was changed. \
             Connect again and choose \u{201c}{0}\u{201d} there.",
            connected.name, chosen.name
        );
        Self {
            why: ConnectFailure::OtherCompany,
            message,
        }
    }

    pub fn attempt(&self, user: &Id, at: Timestamp) -> FailedAttempt {
        FailedAttempt {
            at,
            user: user.clone(),
            code: self.why.code().into(),
            message: self.message.clone(),
        }
    }

    pub fn landing(&self) -> CallbackResult {
        match self.why {
            ConnectFailure::Declined => CallbackResult::Denied,
            why => CallbackResult::Failed(why),
        }
    }
}

impl From<ConnectFailure> for Failure {
    fn from(why: ConnectFailure) -> Self {
        Self {
            why,
            message: why.message().into(),
        }
    }
}

impl CallbackParams {
    /// The company and the code, if Intuit granted.
    pub fn granted(&self) -> Result<(&str, String), ConnectFailure> {
        let realm_id = self.realm_id.as_deref().filter(|id| is_realm(id));
        let realm_id = realm_id.ok_or(ConnectFailure::NoCompany)?;
        let code = self.code.clone().ok_or(ConnectFailure::CodeRefused)?;
        Ok((realm_id, code))
    }
}

impl From<SignInRefusal> for ConnectFailure {
    fn from(refusal: SignInRefusal) -> Self {
        match refusal {
            SignInRefusal::Unknown => Self::Forged,
            SignInRefusal::Used => Self::Replayed,
            SignInRefusal::Expired => Self::Late,
            SignInRefusal::OtherBrowser => Self::OtherBrowser,
        }
    }
}

impl From<TokenError> for ConnectFailure {
    fn from(why: TokenError) -> Self {
        match why {
            TokenError::Refused => Self::CodeRefused,
            TokenError::NotSent(_) | TokenError::Unknown(_) | TokenError::Unclear(_) => {
                Self::IntuitUnavailable
            }
            TokenError::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<CallError> for ConnectFailure {
    fn from(error: CallError) -> Self {
        let CallError::Refused(failure) = error else {
            return Self::IntuitUnavailable;
        };
        match failure {
            quickbooks::Failure::Forbidden {
                missing: MissingPermission::Administrator,
                ..
            } => Self::NotAdmin,
            quickbooks::Failure::Throttled { .. } => Self::IntuitUnavailable,
            _ if failure.meaning() == Some(FaultMeaning::CompanySuspended) => {
                Self::CompanySuspended
            }
            _ => Self::CompanyUnreachable,
        }
    }
}

/// Intuit's company ids are decimal; it does not promise a length.
fn is_realm(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn company_id_accepts_only_digits_of_plausible_length() {
        for good in ["310687", "9341453908059321", "1234567890123456789"] {
            assert!(is_realm(good), "{good}");
        }
        for bad in ["", "12a", "../1", "１２", &"1".repeat(33)] {
            assert!(!is_realm(bad), "{bad}");
        }
    }
}
