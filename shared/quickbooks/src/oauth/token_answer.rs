//! Answers of the token endpoint (RFC 6749 sections 5.1 and 5.2).
//!
//! A refresh token that an answer holds is never lost for the sake of another member. So each member is read alone, and a member
//! that is missing or unreadable has a default.

use bytes::Bytes;
use http::Response;
use oauth2::{AccessToken, RefreshToken};
use serde_json::Value;

/// The lifetime of an access token, in seconds, if the answer says none.
const ACCESS_LIFETIME: u64 = 3600;

/// The lifetime of an unused refresh token, in seconds, if the answer says none: 100 days.
const REFRESH_LIFETIME: u64 = 8_640_000;

/// New tokens, at least one. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// The token for calls to the accounting API.
    pub access_token: Option<AccessToken>,
    /// The token for the next refresh. It replaces the one that was used, which becomes invalid. `None` keeps the one that was used (RFC
    /// 6749 section 6).
    pub refresh_token: Option<RefreshToken>,
    /// The lifetime of the access token: an hour if the answer does not say.
    pub expires_in_seconds: u64,
    /// The lifetime of an unused refresh token: 100 days if the answer does not say.
    pub refresh_expires_in_seconds: u64,
    /// The lifetime of the permission, which no refresh extends, if the answer says it.
    pub hard_expires_in_seconds: Option<u64>,
}

impl TokenAnswer {
    /// Reads an answer of the token endpoint. Lifetimes may be numbers or text, and the content type does not matter.
    ///
    /// # Errors
    /// The reason why there are no new tokens.
    pub fn of(response: &Response<Bytes>) -> Result<Self, TokenFailure> {
        let body: Value = json::parse(response.body()).unwrap_or_default();
        let status = response.status();
        if let Some(code) = body.get("error").and_then(json::plain) {
            return Err(TokenFailure::of(status.as_u16(), code));
        }
        let answer = Self::in_body(&body);
        let has_token = answer.refresh_token.is_some()
            || (status.is_success() && answer.access_token.is_some());
        has_token.then_some(answer).ok_or(TokenFailure::Unavailable)
    }

    fn in_body(body: &Value) -> Self {
        let token = |name: &str| {
            let token = json::plain(body.get(name)?)?.trim();
            (!token.is_empty()).then(|| token.to_owned())
        };
        Self {
            access_token: token("access_token").map(AccessToken::new),
            refresh_token: token("refresh_token").map(RefreshToken::new),
            expires_in_seconds: lifetime(body, "expires_in").unwrap_or(ACCESS_LIFETIME),
            refresh_expires_in_seconds: lifetime(body, "x_refresh_token_expires_in")
                .unwrap_or(REFRESH_LIFETIME),
            hard_expires_in_seconds: lifetime(body, "x_refresh_token_hard_expires_in"),
        }
    }
}

/// Returns a lifetime in whole seconds. `None` unless the member holds a positive number.
fn lifetime(body: &Value, name: &str) -> Option<u64> {
    let text = json::plain(body.get(name)?)?.trim();
    let whole = text.split('.').next().unwrap_or_default();
    whole.parse().ok().filter(|seconds| *seconds > 0)
}

/// The reason why there are no new tokens. Each variant asks a caller for something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// `invalid_grant`: the code or refresh token was used, replaced, expired or revoked. Read the stored token once more.
    /// If it is still the same, a person must connect again.
    #[error("Intuit does not accept the grant any more")]
    Refused,
    /// `invalid_client`: the app's id or secret is wrong. An operator must act, and the connections stay valid.
    #[error("Intuit does not accept the app's keys")]
    ClientRejected,
    /// The answer is unusable: an outage, a page of HTML, no tokens. The grant may be used up and its replacement
    /// lost, so do not just repeat the request.
    #[error("the token endpoint gave no usable answer")]
    Unavailable,
    /// `invalid_request`, `unsupported_grant_type` and others: the request was wrong, and a repetition cannot help.
    #[error("the token request was wrong: {0}")]
    CallerBug(&'static str),
}

impl TokenFailure {
    /// Returns the failure for an error code of RFC 6749 section 5.2. Any other code, and any code with the status of an outage or of a
    /// limit, is that of an outage.
    fn of(status: u16, code: &str) -> Self {
        if !(400..500).contains(&status) || status == 429 {
            return Self::Unavailable;
        }
        match code {
            "invalid_grant" => Self::Refused,
            "invalid_client" => Self::ClientRejected,
            "invalid_request" => Self::CallerBug("invalid_request"),
            "invalid_scope" => Self::CallerBug("invalid_scope"),
            "unauthorized_client" => Self::CallerBug("unauthorized_client"),
            "unsupported_grant_type" => Self::CallerBug("unsupported_grant_type"),
            _ => Self::Unavailable,
        }
    }
}
