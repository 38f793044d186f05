//! Calls to Intuit's token endpoint, made by the `oauth2` crate over our [`Http`] port.

use crate::services::AuthServices;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::BasicErrorResponse;
use oauth2::{
    AuthorizationCode, HttpRequest, HttpResponse, RedirectUrl, RefreshToken, RequestTokenError,
};
use ports::http::{Http, HttpError};
use ports::time::after;
use quickbooks::Unsendable;
use quickbooks::oauth::{self, TokenAnswer, TokenFailure, TokenResponse};
use std::borrow::Cow;
use store::connection::grant::{Grant, Secret};

/// Why there are no new tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The code or refresh token is not honoured. Nothing will change that.
    #[error("Intuit refused the grant")]
    Refused,
    /// It certainly was not spent.
    #[error("Intuit was not reached: {0}")]
    NotSent(String),
    /// It may have been spent, or may yet be: there was no answer.
    #[error("Intuit's answer was lost: {0}")]
    Unknown(String),
    /// It may have been spent, but the call is over: the answer was an error or could not be read.
    #[error("Intuit's answer said nothing: {0}")]
    Unclear(String),
    /// Our own keys or request are wrong; the person can do nothing about it.
    #[error("Intuit refused our app: {0}")]
    Misconfigured(String),
}

/// Spends an authorization code. Never repeated: a second exchange of a code may revoke the tokens of
/// the first (RFC 6749 section 4.1.2).
pub async fn exchange<H: Http, R>(
    grants: &AuthServices<'_, H, R>,
    (code, redirect_uri): (String, &str),
    now: Timestamp,
) -> Result<Grant, TokenError> {
    let client = oauth::token_client(grants.app).map_err(|error| unsendable(&error))?;
    let send = |request| carry(grants.http, request);
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| TokenError::Misconfigured("the redirect URI is not a URL".into()))?;
    let exchange = client.exchange_code(AuthorizationCode::new(code));
    let answer = exchange
        .set_redirect_uri(Cow::Owned(redirect))
        .request_async(&send)
        .await;
    Ok(grant(&complete(answer)?, None, now))
}

/// Spends a refresh token for the next generation of a grant.
pub async fn refresh<H: Http, R>(
    grants: &AuthServices<'_, H, R>,
    (old, spent): (&Grant, &Secret),
    now: Timestamp,
) -> Result<Grant, TokenError> {
    let client = oauth::token_client(grants.app).map_err(|error| unsendable(&error))?;
    let token = RefreshToken::new(spent.0.clone());
    let send = |request| carry(grants.http, request);
    let answer = client
        .exchange_refresh_token(&token)
        .request_async(&send)
        .await;
    Ok(grant(&complete(answer)?, Some((old, spent)), now))
}

/// Ends a grant at Intuit. One that is dead already (400) is as good as ended.
pub async fn revoke<H: Http, R>(
    grants: &AuthServices<'_, H, R>,
    origin: &str,
    token: &Secret,
) -> Result<(), TokenError> {
    let token = RefreshToken::new(token.0.clone());
    let request =
        oauth::revoke_request(grants.app, origin, &token).map_err(|error| unsendable(&error))?;
    let answer = grants.http.send(request).await.map_err(unanswered)?;
    match answer.status().as_u16() {
        200..=299 | 400 => Ok(()),
        status @ 401..=403 => Err(TokenError::Misconfigured(format!("status {status}"))),
        status => Err(TokenError::Unclear(format!("status {status}"))),
    }
}

async fn carry<H: Http>(http: &H, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let request = oauth::with_hard_expiry(request).map(Bytes::from);
    Ok(http.send(request).await?.map(|body| body.to_vec()))
}

type Answer = Result<TokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>;

/// An answer that lacks a token is as good as lost: nothing is ever overwritten with half of one.
fn complete(answer: Answer) -> Result<TokenAnswer, TokenError> {
    let response = answer.map_err(|error| refused(TokenFailure::from(error)))?;
    let incomplete = || TokenError::Unclear("the answer lacks a token".into());
    TokenAnswer::from_response(&response).ok_or_else(incomplete)
}

fn refused(failure: TokenFailure<HttpError>) -> TokenError {
    match failure {
        TokenFailure::Refused => TokenError::Refused,
        TokenFailure::NoAnswer(error) => unanswered(error),
        TokenFailure::Unavailable => TokenError::Unclear(failure.to_string()),
        TokenFailure::ClientRejected | TokenFailure::CallerBug(_) => {
            TokenError::Misconfigured(failure.to_string())
        }
    }
}

fn unanswered(error: HttpError) -> TokenError {
    match error {
        HttpError::NotSent(why) => TokenError::NotSent(why),
        HttpError::Unknown(why) => TokenError::Unknown(why),
    }
}

fn unsendable(error: &Unsendable) -> TokenError {
    TokenError::Misconfigured(error.to_string())
}

/// The next generation of a grant of which a token was spent, or a first one.
fn grant(answer: &TokenAnswer, before: Option<(&Grant, &Secret)>, now: Timestamp) -> Grant {
    let in_seconds = |seconds: u64| {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        after(now, SignedDuration::from_secs(seconds))
    };
    let old = before.map(|(old, _)| old);
    let refresh_expires_at = in_seconds(answer.refresh_expires_in_seconds);
    let hard_expires_at = answer
        .hard_expires_in_seconds
        .map(in_seconds)
        .or_else(|| old.and_then(|old| old.hard_expires_at));
    Grant {
        generation: old.map_or(1, |old| old.generation + 1),
        access_token: Secret(answer.access_token.secret().clone()),
        access_expires_at: in_seconds(answer.expires_in_seconds),
        refresh_token: Secret(answer.refresh_token.secret().clone()),
        previous_refresh_token: before.map(|(_, spent)| spent.clone()),
        refresh_expires_at,
        hard_expires_at,
        // A rolling end moves on with each refresh, and its warnings with it.
        warned: old
            .and_then(|old| old.warned)
            .filter(|_| hard_expires_at.is_some()),
    }
}
