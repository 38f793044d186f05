//! The errors of calls to an OAuth endpoint.

use ports::http::HttpError;
use quickbooks::Unsendable;
use quickbooks::oauth::TokenFailure;

/// The error of a call to an OAuth endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Intuit does not honour the code or token, and never will again.
    #[error("Intuit refused the grant")]
    Refused,
    /// The request was not sent. The code or token is unused.
    #[error("Intuit was not reached: {0}")]
    NotSent(String),
    /// No answer came. Intuit may have carried the call out, or may do so later.
    #[error("Intuit did not answer: {0}")]
    NoAnswer(String),
    /// The answer was an error or unreadable. Intuit may have carried the call out, but will not do so later.
    #[error("Intuit's answer could not be used: {0}")]
    Unusable(String),
    /// Intuit refused the keys or the request of RIVET's app. The person cannot correct this.
    #[error("Intuit refused our app: {0}")]
    Misconfigured(String),
}

/// Returns the error of a token call whose answer has no tokens.
pub(super) fn refused(failure: &TokenFailure) -> TokenError {
    match failure {
        TokenFailure::Refused => TokenError::Refused,
        TokenFailure::Unavailable => TokenError::Unusable(failure.to_string()),
        TokenFailure::ClientRejected | TokenFailure::CallerBug(_) => {
            TokenError::Misconfigured(failure.to_string())
        }
    }
}

/// Returns the error of a request without an answer.
pub(super) fn unanswered(error: HttpError) -> TokenError {
    match error {
        HttpError::NotSent(why) => TokenError::NotSent(why),
        HttpError::Unknown(why) => TokenError::NoAnswer(why),
    }
}

/// Returns the error of a request that could not be built.
pub(super) fn unsendable(error: &Unsendable) -> TokenError {
    TokenError::Misconfigured(error.to_string())
}
