//! What the token endpoint answers.

use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, ExtraTokenFields, RefreshToken, RequestTokenError, StandardTokenResponse,
    TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// The token answer as the `oauth2` crate reads it.
pub type TokenResponse = StandardTokenResponse<IntuitFields, BasicTokenType>;

/// Intuit's own members of a token answer. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IntuitFields {
    /// How long the refresh token lives if it is not used; each refresh starts it anew.
    #[serde(default)]
    pub x_refresh_token_expires_in: Option<u64>,
    /// How long the permission lives whatever is done (5 years from the first authorization).
    #[serde(default)]
    pub x_refresh_token_hard_expires_in: Option<u64>,
}

impl ExtraTokenFields for IntuitFields {}

/// New tokens; complete, or there is no such value. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// Opens the company's books.
    pub access_token: AccessToken,
    /// Replaces the one that was used, which is dead as soon as this one exists.
    pub refresh_token: RefreshToken,
    /// How long the access token lives; an hour if the answer does not say.
    pub expires_in: u64,
    /// How long the refresh token lives if it is not used; 100 days if the answer does not say.
    pub refresh_expires_in: u64,
    /// How long the permission lives whatever is done.
    pub hard_expires_in: Option<u64>,
}

impl TokenAnswer {
    /// Takes what matters out of an answer; `None` if it has no refresh token, since a connection cannot live on it.
    pub fn from_response(response: &TokenResponse) -> Option<Self> {
        let refresh_token = response.refresh_token()?;
        let extra = response.extra_fields();
        let complete = ![response.access_token().secret(), refresh_token.secret()]
            .iter()
            .any(|secret| secret.is_empty());
        complete.then(|| Self {
            access_token: response.access_token().clone(),
            refresh_token: refresh_token.clone(),
            expires_in: response.expires_in().map_or(3600, |time| time.as_secs()),
            refresh_expires_in: extra.x_refresh_token_expires_in.unwrap_or(8_640_000),
            hard_expires_in: extra.x_refresh_token_hard_expires_in,
        })
    }
}

/// Why there are no new tokens, by what a caller does about it. `E` is the transport's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure<E> {
    /// `invalid_grant`: the code or refresh token is used up, replaced, expired or revoked. Read the stored token again once;
    /// if it is still this one, a person has to connect again.
    #[error("Intuit does not accept the grant any more")]
    Refused,
    /// `invalid_client`: the app's id or secret is wrong. An operator has to act; the connections are not at fault.
    #[error("Intuit does not accept the app's keys")]
    ClientRejected,
    /// An answer, but none to use: an outage, a page of HTML, tokens that cannot be read. The grant may have been used up and
    /// its replacement lost, so it is not to be repeated blindly.
    #[error("the token endpoint gave no usable answer")]
    Unavailable,
    /// The request was wrong (`invalid_request`, `unsupported_grant_type` …); sending it again cannot help.
    #[error("the token request was wrong: {0}")]
    CallerBug(&'static str),
    /// There was no answer; the transport knows whether the request was sent.
    #[error(transparent)]
    NoAnswer(E),
}

/// Drops everything of the answer but its meaning: the crate's error keeps the body, which may hold tokens.
impl<E: Error + 'static> From<RequestTokenError<E, BasicErrorResponse>> for TokenFailure<E> {
    fn from(error: RequestTokenError<E, BasicErrorResponse>) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => Self::refusal(answer.error()),
            RequestTokenError::Request(error) => Self::NoAnswer(error),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Self::Unavailable,
        }
    }
}

impl<E> TokenFailure<E> {
    /// The error codes of RFC 6749 §5.2. A code from elsewhere is what an outage says.
    fn refusal(code: &BasicErrorResponseType) -> Self {
        match code {
            BasicErrorResponseType::InvalidGrant => Self::Refused,
            BasicErrorResponseType::InvalidClient => Self::ClientRejected,
            BasicErrorResponseType::InvalidRequest => Self::CallerBug("invalid_request"),
            BasicErrorResponseType::InvalidScope => Self::CallerBug("invalid_scope"),
            BasicErrorResponseType::UnauthorizedClient => Self::CallerBug("unauthorized_client"),
            BasicErrorResponseType::UnsupportedGrantType => {
                Self::CallerBug("unsupported_grant_type")
            }
            BasicErrorResponseType::Extension(_) => Self::Unavailable,
        }
    }
}
