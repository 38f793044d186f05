//! The errors that end a sign-in without a connection.

use crate::callback::result::{CallbackResult, ConnectFailure};
use billing::Id;
use jiff::Timestamp;
use ports::records::StoreError;
use store::connection::{Company, FailedAttempt};

/// The error that ends a sign-in without a connection.
pub(crate) enum SignInError {
    /// A record could not be read or written.
    Store(StoreError),
    /// The sign-in failed for a reason that the person is shown.
    Failed(ExplainedFailure),
}

/// A failure and the text that RIVET shows to the person.
pub(crate) struct ExplainedFailure {
    why: ConnectFailure,
    message: String,
}

impl ExplainedFailure {
    /// Returns the failure of a sign-in that chose another company. The text names both: the person may see both.
    pub(crate) fn other_company(connected: &Company, chosen: &Company) -> Self {
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

    /// Returns the failure of a sign-in that chose a company of this country. The text names the company and the country.
    pub(crate) fn country(chosen: &Company, country: &str) -> Self {
        let message = format!(
            "\u{201c}{}\u{201d} is a QuickBooks company of the country {country}. RIVET posts to companies of the United States only. \
             Nothing was connected.",
            chosen.name
        );
        Self {
            why: ConnectFailure::CountryNotSupported,
            message,
        }
    }

    /// Returns the failure for the connection record.
    pub(crate) fn attempt(&self, user: &Id, at: Timestamp) -> FailedAttempt {
        FailedAttempt {
            at,
            user: user.clone(),
            code: self.why.code().into(),
            message: self.message.clone(),
        }
    }

    /// Returns the result for the browser.
    pub(crate) fn result(&self) -> CallbackResult {
        match self.why {
            ConnectFailure::Declined => CallbackResult::Denied,
            why => CallbackResult::Failed(why),
        }
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ExplainedFailure> for SignInError {
    fn from(failure: ExplainedFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<ConnectFailure> for SignInError {
    fn from(why: ConnectFailure) -> Self {
        Self::Failed(ExplainedFailure {
            why,
            message: why.message().into(),
        })
    }
}
