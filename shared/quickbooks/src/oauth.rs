//! OAuth 2.0 as Intuit does it: RFC 6749 with a confidential client. There is no PKCE, Intuit documents none.
//!
//! The requests are built here rather than by the client of the `oauth2` crate, which builds them only inside the future that
//! sends them; its types hold the secrets (their `Debug` shows nothing) and read the answers.

mod token;

pub use token::{Callback, IntuitFields, TokenAnswer, TokenFailure, callback, token_answer};

use crate::request::{Unsendable, escaped, json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::request::Builder;
use http::{HeaderValue, Request};
use oauth2::{AuthorizationCode, ClientId, ClientSecret, CsrfToken, RefreshToken};
use serde::Serialize;

/// The permission that is asked for: the accounting API, for which there is no read-only form.
pub const SCOPE: &str = "com.intuit.quickbooks.accounting";

/// The app as Intuit knows it, and where Intuit is.
#[derive(Debug, Clone)]
pub struct App {
    /// Where the browser is sent (`https://appcenter.intuit.com/connect/oauth2`).
    pub authorize_url: String,
    /// Where codes and tokens are exchanged (`https://oauth.platform.intuit.com`), no trailing slash.
    pub oauth_origin: String,
    /// Where tokens are revoked (`https://developer.api.intuit.com`), no trailing slash.
    pub revoke_origin: String,
    /// The app's id.
    pub client_id: ClientId,
    /// The app's secret.
    pub client_secret: ClientSecret,
    /// Where Intuit sends the browser back to; equal, to the letter, to one registered with Intuit.
    pub redirect_uri: String,
}

/// The page on which a person lets the app into a company. `state` comes back with the answer.
pub fn authorize_url(app: &App, state: &CsrfToken) -> String {
    format!(
        "{}?client_id={}&response_type=code&scope={}&redirect_uri={}&state={}",
        app.authorize_url,
        escaped(&app.client_id),
        escaped(SCOPE),
        escaped(&app.redirect_uri),
        escaped(state.secret()),
    )
}

/// Exchanges the code of a callback for the first tokens. Send it once: a second exchange of a code may revoke what the first
/// one was given.
///
/// # Errors
/// If the app's keys or address cannot be sent.
pub fn exchange(app: &App, code: &AuthorizationCode) -> Result<Request<Bytes>, Unsendable> {
    token_request(
        app,
        &[
            ("grant_type", "authorization_code"),
            ("code", code.secret()),
            ("redirect_uri", &app.redirect_uri),
        ],
    )
}

/// Exchanges a refresh token for new tokens. Never two at once for one connection, and whatever comes back replaces what was
/// there: Intuit changes the refresh token about once a day.
///
/// # Errors
/// If the app's keys or address cannot be sent.
pub fn refresh(app: &App, token: &RefreshToken) -> Result<Request<Bytes>, Unsendable> {
    token_request(
        app,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", token.secret()),
        ],
    )
}

/// Gives the permission back: revoking a refresh token ends it for the company. 200 is done; 400 means that the token was
/// dead already, which is as good.
///
/// # Errors
/// If the app's keys or address cannot be sent.
pub fn revoke_request(app: &App, token: &RefreshToken) -> Result<Request<Bytes>, Unsendable> {
    #[derive(Serialize)]
    struct Body<'a> {
        token: &'a str,
    }
    let body = json(&Body {
        token: token.secret(),
    })?;
    let url = format!("{}/v2/oauth2/tokens/revoke", app.revoke_origin);
    finished(
        authenticated(app, url)?.header(CONTENT_TYPE, "application/json"),
        body,
    )
}

fn token_request(app: &App, grant: &[(&str, &str)]) -> Result<Request<Bytes>, Unsendable> {
    let pairs: Vec<String> = grant
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    let url = format!("{}/oauth2/v1/tokens/bearer", app.oauth_origin);
    let request = authenticated(app, url)?
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        // Without it the answer does not say when the permission ends for good, five years after it was given.
        .header("x-include-refresh-token-hard-expires-in", "true");
    finished(request, Bytes::from(pairs.join("&")))
}

/// RFC 6749 §2.3.1 wants both parts form-encoded before they are joined.
fn authenticated(app: &App, url: String) -> Result<Builder, Unsendable> {
    let secret = escaped(app.client_secret.secret());
    let pair = format!("{}:{secret}", escaped(&app.client_id));
    let mut basic = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Unsendable("the app's keys are not a header"))?;
    basic.set_sensitive(true);
    Ok(Request::post(url)
        .header(AUTHORIZATION, basic)
        .header(ACCEPT, "application/json"))
}

fn finished(request: Builder, body: Bytes) -> Result<Request<Bytes>, Unsendable> {
    request
        .body(body)
        .map_err(|_| Unsendable("its address is not a URL"))
}
