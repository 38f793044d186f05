//! Where a browser lands after Intuit, and why.

use crate::company::CallError;
use crate::consent::ConsentRefusal;
use crate::tokens::NoTokens;
use quickbooks::{Failure, Meaning, answer::Lost};

/// What the browser brought.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
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
pub enum Landing {
    /// A first connection stands.
    Connected,
    /// The firm's company is connected again.
    Reconnected,
    /// The person declined at Intuit.
    Denied,
    /// Nothing was changed.
    Failed(NotConnected),
}

/// Why there is no connection. Each has its own message in RIVET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotConnected {
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
}

impl NotConnected {
    /// The stable code in the redirect.
    pub fn code(self) -> &'static str {
        match self {
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
        }
    }
}

impl From<ConsentRefusal> for NotConnected {
    fn from(refusal: ConsentRefusal) -> Self {
        match refusal {
            ConsentRefusal::Unknown => Self::Forged,
            ConsentRefusal::Used => Self::Replayed,
            ConsentRefusal::Expired => Self::Late,
            ConsentRefusal::OtherBrowser => Self::OtherBrowser,
        }
    }
}

impl From<NoTokens> for NotConnected {
    fn from(why: NoTokens) -> Self {
        match why {
            NoTokens::Refused => Self::CodeRefused,
            NoTokens::NotSent(_) | NoTokens::Unknown(_) => Self::IntuitUnavailable,
            NoTokens::Misconfigured(_) => Self::Misconfigured,
        }
    }
}

impl From<CallError> for NotConnected {
    fn from(error: CallError) -> Self {
        let CallError::Refused(failure) = error else {
            return Self::IntuitUnavailable;
        };
        match failure {
            Failure::Forbidden {
                lost: Lost::Administrator,
                ..
            } => Self::NotAdmin,
            Failure::Throttled { .. } => Self::IntuitUnavailable,
            _ if failure.meaning() == Some(Meaning::CompanySuspended) => Self::CompanySuspended,
            _ => Self::CompanyUnreachable,
        }
    }
}
