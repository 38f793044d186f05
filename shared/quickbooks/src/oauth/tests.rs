use super::*;
use crate::request::Unsendable;
use crate::request_text::text_of;
use bytes::Bytes;
use http::header::AUTHORIZATION;

use oauth2::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpResponse, RedirectUrl, RefreshToken,
};
use std::borrow::Cow;
use std::cell::RefCell;

fn app() -> App {
    App {
        oauth_origin: "https://oauth.platform.intuit.com".to_owned(),
        client_id: ClientId::new("ABclient".to_owned()),
        client_secret: ClientSecret::new("s3cr3t".to_owned()),
    }
}

const REDIRECT: &str = "http://127.0.0.1:3000/v1/quickbooks/callback";
const REVOKE: &str = "https://developer.api.intuit.com";

/// Returns the request that `exchange` hands to its transport.
fn capture(exchange: impl FnOnce(&dyn Fn(oauth2::HttpRequest) -> HttpResponse)) -> String {
    let request_text = RefCell::new(String::new());
    exchange(&|request| {
        *request_text.borrow_mut() = text_of(&with_hard_expiry(request).map(Bytes::from));
        http::Response::new(Vec::new())
    });
    request_text.into_inner()
}

type Answered = Result<HttpResponse, std::convert::Infallible>;

#[test]
fn authorize_url_escapes_its_parameters() {
    let page = AuthorizePage {
        authorize_url: "https://appcenter.intuit.com/connect/oauth2".to_owned(),
        client_id: ClientId::new("ABclient".to_owned()),
        redirect_uri: REDIRECT.to_owned(),
    };
    let url = authorize_url(&page, &CsrfToken::new("a b&c=d".to_owned()));
    insta::assert_snapshot!(url, @"https://appcenter.intuit.com/connect/oauth2?client_id=ABclient&response_type=code&scope=com.intuit.quickbooks.accounting&redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fv1%2Fquickbooks%2Fcallback&state=a%20b%26c%3Dd");
}

#[test]
fn code_request_has_code_and_redirect_uri() {
    let request = capture(|transport| {
        let send = |request| -> Answered { Ok(transport(request)) };
        let code = AuthorizationCode::new("Q0 1/x".to_owned());
        token_client(&app())
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
fn refresh_request_has_the_token_as_form() {
    let request = capture(|transport| {
        let send = |request| -> Answered { Ok(transport(request)) };
        let token = RefreshToken::new("RT1-old".to_owned());
        let client = token_client(&app()).unwrap();
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
fn revocation_request_has_the_token_as_json() {
    let token = RefreshToken::new("RT1-old".to_owned());
    insta::assert_snapshot!(text_of(&revoke_request(&app(), REVOKE, &token).unwrap()), @r#"
    POST https://developer.api.intuit.com/v2/oauth2/tokens/revoke
    accept: application/json
    authorization: Basic QUJjbGllbnQ6czNjcjN0
    content-type: application/json

    {"token":"RT1-old"}
    "#);
}

#[test]
fn app_keys_are_hidden_in_debug() {
    let token = RefreshToken::new("RT1-old".to_owned());
    let request = revoke_request(&app(), REVOKE, &token).unwrap();
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    assert!(!format!("{:?}", app()).contains("s3cr3t"));
}

#[test]
fn malformed_token_endpoint_is_refused() {
    let broken = App {
        oauth_origin: "not a url".to_owned(),
        ..app()
    };
    assert_eq!(
        token_client(&broken).unwrap_err(),
        Unsendable("the token endpoint is not a URL")
    );
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("connection refused")]
struct Refused;

type Outcome = Result<Option<TokenAnswer>, TokenFailure<Refused>>;

fn refresh(answer: &Result<HttpResponse, Refused>) -> Outcome {
    let token = RefreshToken::new("RT1-old".to_owned());
    let client = token_client(&app()).unwrap();
    let answer = client
        .exchange_refresh_token(&token)
        .request(&|_| answer.clone())?;
    Ok(TokenAnswer::from_response(&answer))
}

fn refresh_with(status: u16, content_type: &str, body: &str) -> Outcome {
    refresh(&Ok(http::Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body.as_bytes().to_vec())
        .unwrap()))
}

fn json(status: u16, body: &str) -> Outcome {
    refresh_with(status, "application/json;charset=UTF-8", body)
}

#[test]
fn token_answer_has_intuits_lifetimes() {
    let answer = json(
        200,
        r#"{"access_token":"eyAT","refresh_token":"RT1-new","token_type":"bearer","expires_in":3600,
            "x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":157680000,"later":1.5}"#,
    );
    let answer = answer.unwrap().unwrap();
    assert_eq!(answer.access_token.secret(), "eyAT");
    assert_eq!(answer.refresh_token.secret(), "RT1-new");
    assert_eq!(answer.expires_in_seconds, 3600);
    assert_eq!(answer.refresh_expires_in_seconds, 8_726_400);
    assert_eq!(answer.hard_expires_in_seconds, Some(157_680_000));
}

#[test]
fn missing_lifetimes_have_short_defaults() {
    let answer = json(
        200,
        r#"{"access_token":"a","refresh_token":"r","token_type":"Bearer"}"#,
    );
    let answer = answer.unwrap().unwrap();
    assert_eq!(
        (answer.expires_in_seconds, answer.refresh_expires_in_seconds),
        (3600, 8_640_000)
    );
    assert_eq!(answer.hard_expires_in_seconds, None);
}

#[test]
fn answer_without_both_tokens_is_none() {
    for body in [
        r#"{"access_token":"a","token_type":"bearer","expires_in":3600}"#,
        r#"{"access_token":"a","refresh_token":"","token_type":"bearer","expires_in":3600}"#,
        r#"{"access_token":"","refresh_token":"r","token_type":"bearer","expires_in":3600}"#,
    ] {
        assert!(json(200, body).unwrap().is_none(), "{body}");
    }
}

#[test]
fn invalid_grant_is_refused() {
    for body in [
        r#"{"error":"invalid_grant"}"#,
        r#"{"error_description":"Token invalid","error":"invalid_grant"}"#,
        r#"{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}"#,
    ] {
        assert_eq!(
            json(400, body).unwrap_err(),
            TokenFailure::Refused,
            "{body}"
        );
    }
}

#[test]
fn wrong_app_keys_are_client_rejected() {
    let refused = json(401, r#"{"error":"invalid_client"}"#);
    assert_eq!(refused.unwrap_err(), TokenFailure::ClientRejected);
}

#[test]
fn wrong_request_is_a_caller_bug() {
    for code in [
        "invalid_request",
        "unsupported_grant_type",
        "unauthorized_client",
        "invalid_scope",
    ] {
        let refused = json(400, &format!(r#"{{"error":"{code}"}}"#));
        assert_eq!(refused.unwrap_err(), TokenFailure::CallerBug(code));
    }
}

#[test]
fn outage_is_unavailable() {
    let page = "<html><h1>503 Service Unavailable</h1></html>";
    assert_eq!(
        refresh_with(503, "text/html", page).unwrap_err(),
        TokenFailure::Unavailable
    );
    assert_eq!(
        json(500, r#"{"error":"server_error"}"#).unwrap_err(),
        TokenFailure::Unavailable
    );
    assert_eq!(json(502, "").unwrap_err(), TokenFailure::Unavailable);
    assert_eq!(
        refresh_with(200, "text/html", page).unwrap_err(),
        TokenFailure::Unavailable
    );
}

#[test]
fn unreadable_tokens_are_hidden_in_the_error() {
    let failure = json(200, r#"{"access_token":"eyAT","expires_in":"soon"}"#).unwrap_err();
    assert_eq!(failure, TokenFailure::Unavailable);
    assert!(!format!("{failure:?} {failure}").contains("eyAT"));
}

#[test]
fn missing_answer_has_the_transports_error() {
    assert_eq!(
        refresh(&Err(Refused)).unwrap_err(),
        TokenFailure::NoAnswer(Refused)
    );
}

#[test]
fn new_tokens_are_hidden_in_debug() {
    let answer = json(
        200,
        r#"{"access_token":"eyAT","refresh_token":"RT1","token_type":"bearer"}"#,
    );
    let shown = format!("{:?}", answer.unwrap().unwrap());
    assert!(!shown.contains("eyAT") && !shown.contains("RT1"), "{shown}");
}
