//! OAuth 2.0 as Intuit does it: RFC 6749 with a confidential client. There is no PKCE, Intuit documents none.
//!
//! Codes and refresh tokens are exchanged by the `oauth2` crate's own client, over whatever transport the caller has:
//! [`client`], then `exchange_code` or `exchange_refresh_token`, each request through [`with_hard_expiry`], the result through
//! [`TokenAnswer::from_response`] or [`TokenFailure::from`].

mod callback;
mod token;

pub use callback::{Callback, callback};
pub use token::{IntuitFields, TokenAnswer, TokenFailure, TokenResponse};

use crate::request::{Unsendable, escaped, json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, RefreshToken,
    StandardRevocableToken, TokenUrl,
};
use serde::Serialize;

/// The permission that is asked for: the accounting API, for which there is no read-only form.
pub const SCOPE: &str = "com.intuit.quickbooks.accounting";

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

/// Where a browser is sent to let the app into a company.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Intuit's page (`https://appcenter.intuit.com/connect/oauth2`).
    pub authorize_url: String,
    /// The app's id.
    pub client_id: ClientId,
    /// Where Intuit sends the browser back to; equal, to the letter, to one registered with Intuit.
    pub redirect_uri: String,
}

/// The app as Intuit's token endpoint knows it.
#[derive(Debug, Clone)]
pub struct App {
    /// Where codes and tokens are exchanged (`https://oauth.platform.intuit.com`), no trailing slash.
    pub oauth_origin: String,
    /// The app's id.
    pub client_id: ClientId,
    /// The app's secret.
    pub client_secret: ClientSecret,
}

/// The page on which a person lets the app into a company. `state` comes back with the answer.
pub fn authorize_url(page: &SignIn, state: &CsrfToken) -> String {
    format!(
        "{}?client_id={}&response_type=code&scope={}&redirect_uri={}&state={}",
        page.authorize_url,
        escaped(&page.client_id),
        escaped(SCOPE),
        escaped(&page.redirect_uri),
        escaped(state.secret()),
    )
}

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

/// Gives the permission back at `origin` (`https://developer.api.intuit.com`, no trailing slash): revoking a refresh token ends it
/// for the company. 200 is done; 400 means that the token was
/// dead already, which is as good. Intuit wants JSON here, where RFC 7009 has a form.
///
/// # Errors
/// If the app's keys or the revocation endpoint cannot be sent.
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

/// RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
fn basic(app: &App) -> Result<HeaderValue, Unsendable> {
    let secret = escaped(app.client_secret.secret());
    let pair = format!("{}:{secret}", escaped(&app.client_id));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Unsendable("the app's keys are not a header"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::tests::shown;
    use oauth2::{AuthorizationCode, RedirectUrl};
    use std::borrow::Cow;
    use std::cell::RefCell;

    pub(super) fn app() -> App {
        App {
            oauth_origin: "https://oauth.platform.intuit.com".to_owned(),
            client_id: ClientId::new("ABclient".to_owned()),
            client_secret: ClientSecret::new("s3cr3t".to_owned()),
        }
    }

    const REDIRECT: &str = "http://127.0.0.1:3000/v1/quickbooks/callback";
    const REVOKE: &str = "https://developer.api.intuit.com";

    /// What `exchange` hands to its transport.
    fn sent(exchange: impl FnOnce(&dyn Fn(oauth2::HttpRequest) -> oauth2::HttpResponse)) -> String {
        let kept = RefCell::new(String::new());
        exchange(&|request| {
            *kept.borrow_mut() = shown(&with_hard_expiry(request).map(Bytes::from));
            http::Response::new(Vec::new())
        });
        kept.into_inner()
    }

    type Heard = Result<oauth2::HttpResponse, std::convert::Infallible>;

    #[test]
    fn the_browser_is_sent_to_intuit_with_everything_escaped() {
        let page = SignIn {
            authorize_url: "https://appcenter.intuit.com/connect/oauth2".to_owned(),
            client_id: ClientId::new("ABclient".to_owned()),
            redirect_uri: REDIRECT.to_owned(),
        };
        let url = authorize_url(&page, &CsrfToken::new("a b&c=d".to_owned()));
        insta::assert_snapshot!(url, @"https://appcenter.intuit.com/connect/oauth2?client_id=ABclient&response_type=code&scope=com.intuit.quickbooks.accounting&redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fv1%2Fquickbooks%2Fcallback&state=a%20b%26c%3Dd");
    }

    #[test]
    fn a_code_is_exchanged_so() {
        let request = sent(|transport| {
            let send = |request| -> Heard { Ok(transport(request)) };
            let code = AuthorizationCode::new("Q0 1/x".to_owned());
            client(&app())
                .unwrap()
                .exchange_code(code)
                .set_redirect_uri(Cow::Owned(RedirectUrl::new(REDIRECT.to_owned()).unwrap()))
                .request(&send)
                .unwrap_err();
        });
        insta::assert_snapshot!(request, @"
        POST https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer
        accept: application/json
        authorization: Basic QUJjbGllbnQ6czNjcjN0
        content-type: application/x-www-form-urlencoded
        x-include-refresh-token-hard-expires-in: true

        grant_type=authorization_code&code=Q0+1%2Fx&redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fv1%2Fquickbooks%2Fcallback
        ");
    }

    #[test]
    fn a_refresh_token_is_exchanged_so() {
        let request = sent(|transport| {
            let send = |request| -> Heard { Ok(transport(request)) };
            let token = RefreshToken::new("RT1-old".to_owned());
            let client = client(&app()).unwrap();
            client
                .exchange_refresh_token(&token)
                .request(&send)
                .unwrap_err();
        });
        insta::assert_snapshot!(request, @"
        POST https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer
        accept: application/json
        authorization: Basic QUJjbGllbnQ6czNjcjN0
        content-type: application/x-www-form-urlencoded
        x-include-refresh-token-hard-expires-in: true

        grant_type=refresh_token&refresh_token=RT1-old
        ");
    }

    #[test]
    fn a_token_is_revoked_so() {
        let token = RefreshToken::new("RT1-old".to_owned());
        insta::assert_snapshot!(shown(&revoke_request(&app(), REVOKE, &token).unwrap()), @r#"
        POST https://developer.api.intuit.com/v2/oauth2/tokens/revoke
        accept: application/json
        authorization: Basic QUJjbGllbnQ6czNjcjN0
        content-type: application/json

        {"token":"RT1-old"}
        "#);
    }

    #[test]
    fn the_keys_and_tokens_of_a_request_do_not_show_in_debug() {
        let token = RefreshToken::new("RT1-old".to_owned());
        let request = revoke_request(&app(), REVOKE, &token).unwrap();
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        assert!(!format!("{:?}", app()).contains("s3cr3t"));
    }

    #[test]
    fn a_token_endpoint_that_is_no_url_is_refused_before_anything_is_sent() {
        let broken = App {
            oauth_origin: "not a url".to_owned(),
            ..app()
        };
        assert_eq!(
            client(&broken).unwrap_err(),
            Unsendable("the token endpoint is not a URL")
        );
    }
}
