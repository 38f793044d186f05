//! Requests to the token endpoint.

use super::app::App;
use super::token_answer::TokenResponse;
use crate::request::Unsendable;
use http::{HeaderValue, Request};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{AuthType, EndpointNotSet, EndpointSet, StandardRevocableToken, TokenUrl};

/// The `oauth2` crate's client, which also reads Intuit's own members of a token answer. Only its token endpoint is set.
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

/// Builds the client that exchanges codes and refresh tokens.
///
/// Exchange a code once: Intuit may revoke the tokens of the first exchange at the second. Exchange at most one refresh token
/// of a connection at a time, and store the one that comes back in its place.
///
/// # Errors
/// [`Unsendable`] if the token endpoint is not a URL.
pub fn token_client(app: &App) -> Result<Client, Unsendable> {
    let endpoint = format!("{}/oauth2/v1/tokens/bearer", app.oauth_origin);
    let endpoint =
        TokenUrl::new(endpoint).map_err(|_| Unsendable("the token endpoint is not a URL"))?;
    Ok(oauth2::Client::new(app.client_id.clone())
        .set_client_secret(app.client_secret.clone())
        .set_auth_type(AuthType::BasicAuth)
        .set_token_uri(endpoint))
}

/// Adds the header that asks for the hard expiry. Only then does the answer say when the permission ends for good, five years
/// after it was given.
pub fn with_hard_expiry<B>(mut request: Request<B>) -> Request<B> {
    request.headers_mut().insert(
        "x-include-refresh-token-hard-expires-in",
        HeaderValue::from_static("true"),
    );
    request
}
