//! Calls Intuit's OAuth endpoints. The `oauth2` crate makes the token calls over the [`Http`] port.

// Top first: a module uses only modules below it.
mod generation;
mod revocation;

mod error;

pub use crate::token_endpoint::error::TokenError;
pub use crate::token_endpoint::revocation::revoke;

use crate::services::AuthServices;
use crate::token_endpoint::error::unsendable;
use crate::token_endpoint::generation::{complete, first_generation, next_generation};
use bytes::Bytes;
use jiff::Timestamp;
use oauth2::{HttpRequest, HttpResponse, RedirectUrl, RefreshToken};
use ports::http::{Http, HttpError};
use quickbooks::oauth;
use std::borrow::Cow;
use store::connection::grant::{Grant, Secret};

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

async fn send<H: Http>(http: &H, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let request = oauth::with_hard_expiry(request).map(Bytes::from);
    Ok(http.send(request).await?.map(|body| body.to_vec()))
}
