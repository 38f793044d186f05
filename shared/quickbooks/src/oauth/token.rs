//! What comes back: from the browser with a code, and from the token endpoint with tokens.

use crate::answer::tid;
use bytes::Bytes;
use http::Response;
use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, AuthorizationCode, CsrfToken, ExtraTokenFields, RefreshToken,
    StandardTokenResponse, TokenResponse,
};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// What the browser brings back from Intuit.
#[derive(Debug, Clone)]
pub enum Callback {
    /// The person let the app in.
    Granted {
        /// To be exchanged once, within minutes.
        code: AuthorizationCode,
        /// What the authorize request carried.
        state: CsrfToken,
        /// The company; named here and nowhere else.
        realm_id: String,
    },
    /// The person did not, or Intuit refused.
    Denied {
        /// `access_denied` if the person declined.
        error: String,
        /// What the authorize request carried, if it came back.
        state: Option<CsrfToken>,
    },
}

/// Reads the query of a callback (without the `?`); `None` if it is neither a grant nor a denial.
pub fn callback(query: &str) -> Option<Callback> {
    let value = |name: &str| {
        let found = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)?
            .1;
        let spaced = found.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
        (!decoded.is_empty()).then(|| decoded.into_owned())
    };
    let state = value("state").map(CsrfToken::new);
    if let Some(error) = value("error") {
        return Some(Callback::Denied { error, state });
    }
    Some(Callback::Granted {
        code: AuthorizationCode::new(value("code")?),
        state: state?,
        realm_id: value("realmId")?,
    })
}

/// Intuit's own members of a token answer. Lifetimes are seconds from the answer on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IntuitFields {
    /// How long the refresh token lives if it is not used (about 100 days; each refresh starts it anew).
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
    /// How long the access token lives (3600).
    pub expires_in: u64,
    /// How long the refresh token lives if it is not used.
    pub refresh_expires_in: Option<u64>,
    /// How long the permission lives whatever is done.
    pub hard_expires_in: Option<u64>,
    /// Intuit's id of the exchange.
    pub tid: Option<String>,
}

/// Why there are no new tokens, by what a caller does about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFailure {
    /// `invalid_grant`: the code or refresh token is used up, replaced, expired or revoked. Read the stored token again once;
    /// if it is still this one, a person has to connect again.
    #[error("Intuit does not accept the grant any more")]
    Refused {
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// `invalid_client`: the app's id or secret is wrong. An operator has to act; the connections are not at fault.
    #[error("Intuit does not accept the app's keys")]
    ClientRejected {
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// No usable answer. The grant may have been used up and its replacement lost: not to be repeated blindly.
    #[error("the token endpoint gave no usable answer ({status})")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
    /// The request was wrong (`invalid_request`, `unsupported_grant_type` …); sending it again cannot help.
    #[error("the token request was wrong: {error}")]
    CallerBug {
        /// The error code of RFC 6749 §5.2.
        error: String,
        /// Intuit's id of the exchange.
        tid: Option<String>,
    },
}

/// Reads the answer of the token endpoint.
///
/// # Errors
/// See [`TokenFailure`]. An answer with 200 that lacks a token or a lifetime is none.
pub fn token_answer(response: &Response<Bytes>) -> Result<TokenAnswer, TokenFailure> {
    let tid = tid(response);
    if response.status().is_success() {
        return complete(response.body(), tid.clone()).ok_or(TokenFailure::Unavailable {
            status: response.status().as_u16(),
            tid,
        });
    }
    Err(refusal(response, tid))
}

fn complete(body: &[u8], tid: Option<String>) -> Option<TokenAnswer> {
    type Answer = StandardTokenResponse<IntuitFields, BasicTokenType>;
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let extra = answer.extra_fields();
    let refresh_token = answer
        .refresh_token()
        .filter(|token| !token.secret().is_empty())?;
    Some(TokenAnswer {
        access_token: answer.access_token().clone(),
        refresh_token: refresh_token.clone(),
        expires_in: answer.expires_in()?.as_secs(),
        refresh_expires_in: extra.x_refresh_token_expires_in,
        hard_expires_in: extra.x_refresh_token_hard_expires_in,
        tid,
    })
}

fn refusal(response: &Response<Bytes>, tid: Option<String>) -> TokenFailure {
    let status = response.status();
    let unavailable = status.is_server_error() || status.as_u16() == 429;
    match serde_json::from_slice::<BasicErrorResponse>(response.body()) {
        Ok(answer) if !unavailable => match answer.error() {
            BasicErrorResponseType::InvalidGrant => TokenFailure::Refused { tid },
            BasicErrorResponseType::InvalidClient => TokenFailure::ClientRejected { tid },
            error => TokenFailure::CallerBug {
                error: error.as_ref().to_owned(),
                tid,
            },
        },
        _ => TokenFailure::Unavailable {
            status: status.as_u16(),
            tid,
        },
    }
}
