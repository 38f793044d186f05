//! Requests that revoke a token.

use super::app::App;
use crate::request::{Unsendable, escaped, json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use oauth2::RefreshToken;
use serde::Serialize;

/// Builds the request that revokes a refresh token, and with it the company's permission (RFC 7009, but with a JSON body as
/// Intuit wants it).
///
/// `origin` is `https://developer.api.intuit.com`, without a trailing slash. 200 means revoked. 400 means that the token was
/// invalid already, which is as good.
///
/// # Errors
/// [`Unsendable`] if the app's keys or the endpoint's address cannot be sent.
pub fn revoke_request(
    app: &App,
    origin: &str,
    token: &RefreshToken,
) -> Result<Request<Bytes>, Unsendable> {
    #[derive(Serialize)]
    struct Body<'a> {
        token: &'a str,
    }
    let token = token.secret();
    Request::post(format!("{origin}/v2/oauth2/tokens/revoke"))
        .header(AUTHORIZATION, basic(app)?)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .body(json(&Body { token })?)
        .map_err(|_| Unsendable("the revocation endpoint is not a URL"))
}

/// Returns the header of HTTP Basic authentication. RFC 6749 section 2.3.1: id and secret are form-encoded before they are
/// joined.
fn basic(app: &App) -> Result<HeaderValue, Unsendable> {
    let secret = escaped(app.client_secret.secret());
    let pair = format!("{}:{secret}", escaped(&app.client_id));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Unsendable("the app's keys are not a header"))?;
    value.set_sensitive(true);
    Ok(value)
}
