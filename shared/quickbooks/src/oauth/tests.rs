use super::*;
use crate::request::Unsendable;
use crate::request_text::text_of;
use bytes::Bytes;
use http::header::AUTHORIZATION;

use oauth2::{ClientId, ClientSecret, CsrfToken, RefreshToken};

fn app() -> App {
    App {
        oauth_origin: "https://oauth.platform.intuit.com".to_owned(),
        client_id: ClientId::new("ABclient".to_owned()),
        client_secret: ClientSecret::new("s3cr3t".to_owned()),
    }
}

const REDIRECT: &str = "http://127.0.0.1:3000/v1/quickbooks/callback";
const REVOKE: &str = "https://developer.api.intuit.com";

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
    let request = code_request(&app(), "Q0 1/x", REDIRECT).unwrap();
    let request = text_of(&request);
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
    let token = RefreshToken::new("RT1-old".to_owned());
    let request = text_of(&refresh_request(&app(), &token).unwrap());
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
        code_request(&broken, "Q01", REDIRECT).unwrap_err(),
        Unsendable("the token endpoint is not a URL")
    );
}

fn answered(status: u16, body: &str) -> Result<TokenAnswer, TokenFailure> {
    let response = http::Response::builder().status(status);
    TokenAnswer::of(&response.body(Bytes::from(body.to_owned())).unwrap())
}

/// Returns the lifetimes of an answer: of the access token, the refresh token, the permission.
fn lifetimes(members: &str) -> [u64; 3] {
    let body = format!(r#"{{"access_token":"eyAT","refresh_token":"RT1-new"{members}}}"#);
    let answer = answered(200, &body).unwrap();
    assert_eq!(answer.refresh_token.unwrap().secret(), "RT1-new");
    [
        answer.expires_in_seconds,
        answer.refresh_expires_in_seconds,
        answer.hard_expires_in_seconds.unwrap_or_default(),
    ]
}

#[test]
fn token_answer_has_intuits_lifetimes() {
    let numbers = r#","token_type":"bearer","expires_in":3600,"x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":157680000,"later":1.5"#;
    let text = r#","expires_in":"3600","x_refresh_token_expires_in":"8726400","x_refresh_token_hard_expires_in":"157680000","idToken":null"#;
    for members in [numbers, text] {
        assert_eq!(lifetimes(members), [3600, 8_726_400, 157_680_000]);
    }
    assert_eq!(lifetimes(r#","expires_in":1800.0"#)[0], 1800);
}

/// No other member costs the refresh token.
#[test]
fn unreadable_lifetimes_have_short_defaults() {
    for members in [
        "",
        r#","token_type":"Bearer""#,
        r#","token_type":7,"expires_in":"soon","x_refresh_token_expires_in":{},"x_refresh_token_hard_expires_in":[]"#,
        r#","expires_in":null,"x_refresh_token_expires_in":true"#,
        r#","expires_in":-1,"x_refresh_token_expires_in":0,"x_refresh_token_hard_expires_in":"-5""#,
        r#","expires_in":99999999999999999999999"#,
        r#","expires_in":"""#,
    ] {
        assert_eq!(lifetimes(members), [3600, 8_640_000, 0], "{members}");
    }
}

#[test]
fn either_token_alone_is_taken() {
    let kept = answered(200, r#"{"access_token":"a","refresh_token":""}"#).unwrap();
    assert!(kept.refresh_token.is_none());
    assert_eq!(kept.access_token.unwrap().secret(), "a");
    for (status, body) in [
        (200, r#"{"refresh_token":"RT1-new","access_token":null}"#),
        (201, r#"{"refresh_token":"RT1-new","expires_in":"soon"}"#),
        (500, r#"{"refresh_token":"RT1-new"}"#),
    ] {
        let issued = answered(status, body).unwrap();
        assert_eq!(issued.refresh_token.unwrap().secret(), "RT1-new");
        assert!(issued.access_token.is_none(), "{body}");
    }
}

#[test]
fn invalid_grant_is_refused() {
    for body in [
        r#"{"error":"invalid_grant"}"#,
        r#"{"error_description":"Token invalid","error":"invalid_grant"}"#,
        r#"{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}"#,
    ] {
        for status in [400, 401, 403] {
            let refused = answered(status, body).unwrap_err();
            assert_eq!(refused, TokenFailure::Refused, "{body}");
        }
    }
}

#[test]
fn wrong_app_keys_are_client_rejected() {
    let refused = answered(401, r#"{"error":"invalid_client"}"#);
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
        let refused = answered(400, &format!(r#"{{"error":"{code}"}}"#));
        assert_eq!(refused.unwrap_err(), TokenFailure::CallerBug(code));
    }
}

#[test]
fn outage_is_unavailable() {
    let page = "<html><h1>503 Service Unavailable</h1></html>";
    for (status, body) in [
        (503, page),
        (403, page),
        (400, ""),
        (200, page),
        (502, ""),
        (200, "{}"),
        (200, r#"{"access_token":"","refresh_token":null}"#),
        (500, r#"{"access_token":"eyAT"}"#),
        (500, r#"{"error":"server_error"}"#),
        (500, r#"{"error":"invalid_grant"}"#),
        (503, r#"{"error":"invalid_client"}"#),
        (200, r#"{"error":"invalid_grant"}"#),
        (429, r#"{"error":"invalid_grant"}"#),
    ] {
        let failure = answered(status, body).unwrap_err();
        assert_eq!(failure, TokenFailure::Unavailable, "{status} {body}");
    }
}

#[test]
fn new_tokens_are_hidden_in_debug() {
    let answer = answered(200, r#"{"access_token":"eyAT","refresh_token":"RT1"}"#);
    let shown = format!("{:?}", answer.unwrap());
    assert!(!shown.contains("eyAT") && !shown.contains("RT1"), "{shown}");
    let request = refresh_request(&app(), &RefreshToken::new("RT1-old".to_owned())).unwrap();
    assert!(!format!("{:?}", request.headers()).contains("s3cr3t"));
}
