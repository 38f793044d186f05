//! Calls Intuit's OAuth endpoints.

// Top first: a module uses only modules below it.
mod generation;
mod revocation;

mod error;

pub use crate::token_endpoint::error::TokenError;
pub use crate::token_endpoint::revocation::revoke;

use crate::services::AuthServices;
use crate::token_endpoint::error::{refused, unanswered, unsendable};
use crate::token_endpoint::generation::{first_generation, next_generation};
use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use oauth2::RefreshToken;
use ports::http::Http;
use quickbooks::Unsendable;
use quickbooks::oauth::{self, TokenAnswer};
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
    let answer = send(auth, oauth::code_request(auth.app, code, redirect_uri)).await?;
    first_generation(&answer, now)
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
    let refresh_token = RefreshToken::new(token.0.clone());
    let answer = send(auth, oauth::refresh_request(auth.app, &refresh_token)).await?;
    Ok(next_generation(grant, token, &answer, now))
}

async fn send<H: Http, R>(
    auth: &AuthServices<'_, H, R>,
    request: Result<Request<Bytes>, Unsendable>,
) -> Result<TokenAnswer, TokenError> {
    let request = request.map_err(|error| unsendable(&error))?;
    let response = auth.http.send(request).await.map_err(unanswered)?;
    TokenAnswer::of(&response).map_err(|failure| refused(&failure))
}
