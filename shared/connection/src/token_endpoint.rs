//! Calls Intuit's OAuth endpoints. The `oauth2` crate makes the token calls over our [`Http`] port.

use crate::services::AuthServices;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::BasicErrorResponse;
use oauth2::{HttpRequest, HttpResponse, RedirectUrl, RefreshToken, RequestTokenError};
use ports::http::{Http, HttpError};
use ports::time::after;
use quickbooks::Unsendable;
use quickbooks::oauth::{self, TokenAnswer, TokenFailure, TokenResponse};
use std::borrow::Cow;
use store::connection::grant::{Grant, Secret};

/// Why a call to an OAuth endpoint brought no result.
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
    /// Intuit refused the keys or the request of our app. The person can do nothing about that.
    #[error("Intuit refused our app: {0}")]
    Misconfigured(String),
}

/// Exchanges an authorization code for the first generation of a grant.
///
/// The call must never be repeated: a second exchange of a code may revoke the tokens of the first
/// (RFC 6749 section 4.1.2).
///
/// # Errors
/// See [`TokenError`].
pub async fn exchange<H: Http, R>(
    auth: &AuthServices<'_, H, R>,
    code: &str,
    redirect_uri: &str,
    now: Timestamp,
) -> Result<Grant, TokenError> {
    let client = oauth::token_client(auth.app).map_err(|error| unsendable(&error))?;
    let send = |request| send(auth.http, request);
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| TokenError::Misconfigured("the redirect URI is not a URL".into()))?;
    let exchange = client.exchange_code(oauth2::AuthorizationCode::new(code.to_owned()));
    let answer = exchange
        .set_redirect_uri(Cow::Owned(redirect))
        .request_async(&send)
        .await;
    Ok(first_generation(&complete(answer)?, now))
}

/// Uses a refresh token of a grant for its next generation.
///
/// # Errors
/// See [`TokenError`].
pub async fn refresh<H: Http, R>(
    auth: &AuthServices<'_, H, R>,
    grant: &Grant,
    token: &Secret,
    now: Timestamp,
) -> Result<Grant, TokenError> {
    let client = oauth::token_client(auth.app).map_err(|error| unsendable(&error))?;
    let refresh_token = RefreshToken::new(token.0.clone());
    let send = |request| send(auth.http, request);
    let answer = client
        .exchange_refresh_token(&refresh_token)
        .request_async(&send)
        .await;
    let first = first_generation(&complete(answer)?, now);
    Ok(next_generation(grant, token, first))
}

/// Revokes a token at Intuit, which ends its grant. Status 400 also counts: the grant has ended already.
///
/// # Errors
/// See [`TokenError`].
pub async fn revoke<H: Http, R>(
    auth: &AuthServices<'_, H, R>,
    origin: &str,
    token: &Secret,
) -> Result<(), TokenError> {
    let token = RefreshToken::new(token.0.clone());
    let request =
        oauth::revoke_request(auth.app, origin, &token).map_err(|error| unsendable(&error))?;
    let answer = auth.http.send(request).await.map_err(unanswered)?;
    match answer.status().as_u16() {
        200..=299 | 400 => Ok(()),
        status @ 401..=403 => Err(TokenError::Misconfigured(format!("status {status}"))),
        status => Err(TokenError::Unusable(format!("status {status}"))),
    }
}

async fn send<H: Http>(http: &H, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let request = oauth::with_hard_expiry(request).map(Bytes::from);
    Ok(http.send(request).await?.map(|body| body.to_vec()))
}

/// Returns the tokens of an answer. An answer that lacks a token is unusable, so that no grant is overwritten with half of one.
fn complete(
    answer: Result<TokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>,
) -> Result<TokenAnswer, TokenError> {
    let response = answer.map_err(|error| refused(TokenFailure::from(error)))?;
    let incomplete = || TokenError::Unusable("the answer lacks a token".into());
    TokenAnswer::from_response(&response).ok_or_else(incomplete)
}

fn refused(failure: TokenFailure<HttpError>) -> TokenError {
    match failure {
        TokenFailure::Refused => TokenError::Refused,
        TokenFailure::NoAnswer(error) => unanswered(error),
        TokenFailure::Unavailable => TokenError::Unusable(failure.to_string()),
        TokenFailure::ClientRejected | TokenFailure::CallerBug(_) => {
            TokenError::Misconfigured(failure.to_string())
        }
    }
}

fn unanswered(error: HttpError) -> TokenError {
    match error {
        HttpError::NotSent(why) => TokenError::NotSent(why),
        HttpError::Unknown(why) => TokenError::NoAnswer(why),
    }
}

fn unsendable(error: &Unsendable) -> TokenError {
    TokenError::Misconfigured(error.to_string())
}

fn first_generation(answer: &TokenAnswer, now: Timestamp) -> Grant {
    let in_seconds = |seconds: u64| {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        after(now, SignedDuration::from_secs(seconds))
    };
    Grant {
        generation: 1,
        access_token: Secret(answer.access_token.secret().clone()),
        access_expires_at: in_seconds(answer.expires_in_seconds),
        refresh_token: Secret(answer.refresh_token.secret().clone()),
        previous_refresh_token: None,
        refresh_expires_at: in_seconds(answer.refresh_expires_in_seconds),
        hard_expires_at: answer.hard_expires_in_seconds.map(in_seconds),
        warned: None,
    }
}

/// Returns the generation after `old`, of which `token` was used.
fn next_generation(old: &Grant, token: &Secret, answered: Grant) -> Grant {
    let hard_expires_at = answered.hard_expires_at.or(old.hard_expires_at);
    Grant {
        generation: old.generation + 1,
        previous_refresh_token: Some(token.clone()),
        hard_expires_at,
        // Each refresh moves a rolling end on, and so its warnings start again.
        warned: old.warned.filter(|_| hard_expires_at.is_some()),
        ..answered
    }
}
