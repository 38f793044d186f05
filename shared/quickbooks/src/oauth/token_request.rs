//! Token requests.

use super::app::App;
use super::token_answer::TokenResponse;
use crate::request::Unsendable;
use http::{HeaderValue, Request};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{AuthType, EndpointNotSet, EndpointSet, StandardRevocableToken, TokenUrl};

/// The `oauth2` crate's client, reading Intuit's own members of a token answer too. Only its token endpoint is set.
pub type Client = oauth2::Client<
    BasicErrorResponse,
    TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The client that exchanges a code (once: a second exchange may revoke what the first one was given) or a refresh token (never
/// two at a time for one connection, and whatever comes back replaces what was there).
///
/// # Errors
/// If the token endpoint is not a URL.
pub fn client(app: &App) -> Result<Client, Unsendable> {
    let endpoint = format!("{}/oauth2/v1/tokens/bearer", app.oauth_origin);
    let endpoint =
        TokenUrl::new(endpoint).map_err(|_| Unsendable("the token endpoint is not a URL"))?;
    Ok(oauth2::Client::new(app.client_id.clone())
        .set_client_secret(app.client_secret.clone())
        .set_auth_type(AuthType::BasicAuth)
        .set_token_uri(endpoint))
}

/// Asks for the hard expiry too; without this header the answer does not say when the permission ends for good, five years
/// after it was given.
pub fn with_hard_expiry<B>(mut request: Request<B>) -> Request<B> {
    request.headers_mut().insert(
        "x-include-refresh-token-hard-expires-in",
        HeaderValue::from_static("true"),
    );
    request
}
