//! Answers of the token endpoint (RFC 6749 sections 5.1 and 5.2).

use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, ExtraTokenFields, RefreshToken, RequestTokenError, StandardTokenResponse,
    TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// A token answer as the `oauth2` crate reads it.
pub type TokenResponse = StandardTokenResponse<IntuitFields, BasicTokenType>;

/// Intuit's own members of a token answer. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IntuitFields {
    /// The lifetime of an unused refresh token. Each refresh starts it anew.
    #[serde(default)]
    pub x_refresh_token_expires_in: Option<u64>,
    /// The lifetime of the permission, which no refresh extends: five years from the first authorization.
    #[serde(default)]
    pub x_refresh_token_hard_expires_in: Option<u64>,
}

impl ExtraTokenFields for IntuitFields {}

/// A complete set of new tokens. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// The token for calls to the accounting API.
    pub access_token: AccessToken,
    /// The token for the next refresh. It replaces the one that was used, which becomes invalid.
    pub refresh_token: RefreshToken,
    /// The lifetime of the access token: an hour if the answer does not say.
    pub expires_in_seconds: u64,
    /// The lifetime of an unused refresh token: 100 days if the answer does not say.
    pub refresh_expires_in_seconds: u64,
    /// The lifetime of the permission, if the answer says it.
    pub hard_expires_in_seconds: Option<u64>,
}

impl TokenAnswer {
    /// Takes the tokens out of an answer. `None` if a token is missing or empty, because a connection needs both.
    pub fn from_response(response: &TokenResponse) -> Option<Self> {
        let refresh_token = response.refresh_token()?;
        let extra = response.extra_fields();
        let complete = ![response.access_token().secret(), refresh_token.secret()]
            .iter()
            .any(|secret| secret.is_empty());
        complete.then(|| Self {
            access_token: response.access_token().clone(),
            refresh_token: refresh_token.clone(),
            expires_in_seconds: response.expires_in().map_or(3600, |time| time.as_secs()),
            refresh_expires_in_seconds: extra.x_refresh_token_expires_in.unwrap_or(8_640_000),
            hard_expires_in_seconds: extra.x_refresh_token_hard_expires_in,
        })
    }
}

/// The reason why there are no new tokens. Each variant asks a caller for something else. `E` is the transport's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure<E> {
    /// `invalid_grant`: the code or refresh token was used, replaced, expired or revoked. Read the stored token once more.
    /// If it is still the same, a person must connect again.
    #[error("Intuit does not accept the grant any more")]
    Refused,
    /// `invalid_client`: the app's id or secret is wrong. An operator must act, and the connections stay valid.
    #[error("Intuit does not accept the app's keys")]
    ClientRejected,
    /// The answer is unusable: an outage, a page of HTML, unreadable tokens. The grant may be used up and its replacement
    /// lost, so do not just repeat the request.
    #[error("the token endpoint gave no usable answer")]
    Unavailable,
    /// `invalid_request`, `unsupported_grant_type` and others: the request was wrong, and a repetition cannot help.
    #[error("the token request was wrong: {0}")]
    CallerBug(&'static str),
    /// The call had no answer. The transport knows whether the request was sent.
    #[error(transparent)]
    NoAnswer(E),
}

/// Keeps only the meaning of the error. The crate's error holds the body, which may contain tokens.
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
    /// Returns the failure for an error code of RFC 6749 section 5.2. Any other code is that of an outage.
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
