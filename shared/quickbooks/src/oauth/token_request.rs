//! Requests to the token endpoint. The `oauth2` crate builds them; the answers are read here, see [`TokenAnswer`](super::TokenAnswer).

use super::app::App;
use crate::request::Unsendable;
use bytes::Bytes;
use http::{HeaderValue, Request};
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AuthType, AuthorizationCode, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    RedirectUrl, RefreshToken, RequestTokenError, TokenUrl,
};
use std::borrow::Cow;
use std::fmt;

/// Builds the request that exchanges an authorization code (RFC 6749 section 4.1.3).
///
/// Exchange a code once: Intuit may revoke the tokens of the first exchange at the second.
///
/// # Errors
/// [`Unsendable`] if the token endpoint or the redirect URI is not a URL.
pub fn code_request(
    app: &App,
    code: &str,
    redirect_uri: &str,
) -> Result<Request<Bytes>, Unsendable> {
    let redirect_uri = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| Unsendable("the redirect URI is not a URL"))?;
    let client = client(app)?;
    let exchange = client.exchange_code(AuthorizationCode::new(code.to_owned()));
    let exchange = exchange.set_redirect_uri(Cow::Owned(redirect_uri));
    captured(exchange.request(&capture))
}

/// Builds the request that uses a refresh token (RFC 6749 section 6).
///
/// Use at most one refresh token of a connection at a time, and store the one that comes back in its place.
///
/// # Errors
/// [`Unsendable`] if the token endpoint is not a URL.
pub fn refresh_request(app: &App, token: &RefreshToken) -> Result<Request<Bytes>, Unsendable> {
    captured(client(app)?.exchange_refresh_token(token).request(&capture))
}

type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn client(app: &App) -> Result<Client, Unsendable> {
    let endpoint = format!("{}/oauth2/v1/tokens/bearer", app.oauth_origin);
    let endpoint =
        TokenUrl::new(endpoint).map_err(|_| Unsendable("the token endpoint is not a URL"))?;
    Ok(BasicClient::new(app.client_id.clone())
        .set_client_secret(app.client_secret.clone())
        .set_auth_type(AuthType::BasicAuth)
        .set_token_uri(endpoint))
}

/// A request that the `oauth2` crate built. The crate hands it to its transport, whose error brings it back.
struct Captured(Box<HttpRequest>);

/// Hides the request, which holds the app's keys and a token.
impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Captured(…)")
    }
}

impl fmt::Display for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a captured request")
    }
}

impl std::error::Error for Captured {}

fn capture(request: HttpRequest) -> Result<HttpResponse, Captured> {
    Err(Captured(Box::new(request)))
}

/// Returns the captured request, with the header that asks for the hard expiry. Only then does the answer say when the permission ends
/// for good, five years after it was given.
fn captured(
    outcome: Result<BasicTokenResponse, RequestTokenError<Captured, BasicErrorResponse>>,
) -> Result<Request<Bytes>, Unsendable> {
    let Err(RequestTokenError::Request(Captured(request))) = outcome else {
        return Err(Unsendable("the token request cannot be built"));
    };
    let mut request = request.map(Bytes::from);
    request.headers_mut().insert(
        "x-include-refresh-token-hard-expires-in",
        HeaderValue::from_static("true"),
    );
    Ok(request)
}
