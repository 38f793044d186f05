use bytes::Bytes;
use http::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use super::grant::{ACCESS_LIFE, InvalidGrant, Tokens};
use super::{AuthorizationCode, Oauth, Secrets, TokenRules, is_client};
use crate::call::Call;
use crate::{TokenLifetimes, gateway};

/// The request header that adds the seconds to the hard expiry of the grant to the answer.
const HARD_EXPIRY: &str = "x-include-refresh-token-hard-expires-in";

/// Answers the token endpoint: the authorization code grant and the refresh grant, always in JSON.
pub(crate) fn answer_token(
    oauth: &mut Oauth,
    rules: &TokenRules<'_>,
    secrets: &mut Secrets,
    call: &Call,
) -> Response<Bytes> {
    if call.method != Method::POST {
        return gateway::method_not_allowed("POST");
    }
    if !is_client(rules.config, call) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client", None);
    }
    let Some(form) = call.form() else {
        return error(StatusCode::BAD_REQUEST, "invalid_request", None);
    };
    let field = |name: &str| {
        let mut values = form.iter().filter(|(key, _)| key == name);
        values.next().map(|(_, value)| value.as_str())
    };
    let outcome = match (field("grant_type"), field("code"), field("refresh_token")) {
        (Some("authorization_code"), Some(code), _) => {
            let redirect_uri = field("redirect_uri").unwrap_or_default();
            oauth.exchange(&AuthorizationCode { code, redirect_uri }, rules, secrets)
        }
        (Some("refresh_token"), _, Some(token)) => oauth.refresh(token, rules, secrets),
        (Some("authorization_code" | "refresh_token") | None, ..) => {
            return error(StatusCode::BAD_REQUEST, "invalid_request", None);
        }
        (Some(_), ..) => return error(StatusCode::BAD_REQUEST, "unsupported_grant_type", None),
    };
    match outcome {
        Ok(tokens) => granted(&tokens, rules, call.header(HARD_EXPIRY) == Some("true")),
        Err(InvalidGrant) => {
            let description = field("refresh_token").map(|_| "Incorrect or invalid refresh token");
            error(StatusCode::BAD_REQUEST, "invalid_grant", description)
        }
    }
}

fn granted(tokens: &Tokens, rules: &TokenRules<'_>, with_hard_expiry: bool) -> Response<Bytes> {
    let mut body = json!({
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "token_type": "bearer",
    });
    let hard_expiry = ("x_refresh_token_hard_expires_in", tokens.hard_expires_in);
    let lifetimes = [
        ("expires_in", ACCESS_LIFE.as_secs()),
        ("x_refresh_token_expires_in", tokens.refresh_expires_in),
    ];
    for (name, seconds) in lifetimes
        .into_iter()
        .chain(with_hard_expiry.then_some(hard_expiry))
    {
        if let Some(spelled) = rules.switches.token_lifetimes.spell(seconds) {
            body[name] = spelled;
        }
    }
    if rules.switches.should_add_token_members {
        body["id_token"] = json!("eyJhbGciOiJub25lIn0.e30.");
        body["scope"] = json!(["com.intuit.quickbooks.accounting"]);
        body["realm"] = json!({"id": null, "issued": 1.5});
    }
    answer(StatusCode::OK, &body)
}

impl TokenLifetimes {
    fn spell(self, seconds: i64) -> Option<Value> {
        match self {
            Self::Number => Some(json!(seconds)),
            Self::Text => Some(json!(seconds.to_string())),
            Self::Unreadable => Some(json!("soon")),
            Self::Missing => None,
        }
    }
}

fn error(status: StatusCode, code: &str, description: Option<&str>) -> Response<Bytes> {
    let mut body = json!({ "error": code });
    if let Some(description) = description {
        body["error_description"] = json!(description);
    }
    answer(status, &body)
}

fn answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut answer = gateway::answer(status, "application/json;charset=UTF-8", body.to_string());
    for (name, value) in [
        (header::CACHE_CONTROL, "no-cache, no-store"),
        (header::PRAGMA, "no-cache"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=15552000"),
    ] {
        let value = header::HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use crate::TokenLifetimes;
    use crate::test_client::TestClient;
    use serde_json::{Value, json};

    #[test]
    fn code_exchange_answers_tokens() {
        let mut client = TestClient::unconnected();
        let code = client.code();
        let (status, answer) = client.exchange(&code);
        assert_eq!(status, 200);
        assert_eq!(answer["token_type"], "bearer");
        assert_eq!(answer["expires_in"], 3600);
        assert_eq!(answer["x_refresh_token_expires_in"], 8_726_400);
        assert_eq!(answer.get("x_refresh_token_hard_expires_in"), None);
        assert_eq!(answer.get("realmId"), None);
    }

    #[test]
    fn lifetimes_are_spelled_by_switch() {
        for (lifetimes, expected) in [
            (TokenLifetimes::Number, json!(3600)),
            (TokenLifetimes::Text, json!("3600")),
            (TokenLifetimes::Unreadable, json!("soon")),
            (TokenLifetimes::Missing, Value::Null),
        ] {
            let mut client = TestClient::unconnected();
            client.simulator.switches_mut().token_lifetimes = lifetimes;
            let code = client.code();
            let (status, answer) = client.exchange(&code);
            assert_eq!((status, &answer["expires_in"]), (200, &expected));
            assert!(answer["refresh_token"].is_string());
        }
    }

    #[test]
    fn unknown_members_are_added_by_switch() {
        let mut client = TestClient::unconnected();
        client.simulator.switches_mut().should_add_token_members = true;
        let code = client.code();
        let (_, answer) = client.exchange(&code);
        assert_eq!(answer["expires_in"], 3600);
        assert!(answer["scope"].is_array());
    }

    #[test]
    fn hard_expiry_is_answered_on_request() {
        let mut client = TestClient::unconnected();
        let code = client.code();
        let (_, tokens) = client.exchange(&code);
        let request = client
            .token_request()
            .header("x-include-refresh-token-hard-expires-in", "true");
        let token = tokens["refresh_token"].as_str().unwrap();
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        let (status, body) = client.send_raw(request, &form);
        assert_eq!(status, 200);
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["x_refresh_token_hard_expires_in"], 157_680_000);
    }

    #[test]
    fn refusals_answer_their_error_codes() {
        let mut client = TestClient::unconnected();
        for (form, status, error) in [
            (
                "grant_type=refresh_token&refresh_token=made-up",
                400,
                "invalid_grant",
            ),
            (
                "grant_type=authorization_code&code=made-up",
                400,
                "invalid_grant",
            ),
            ("grant_type=refresh_token", 400, "invalid_request"),
            (
                "grant_type=password&username=x",
                400,
                "unsupported_grant_type",
            ),
            ("", 400, "invalid_request"),
        ] {
            let request = client.token_request();
            let (got, body) = client.send_raw(request, form);
            assert_eq!(got, status, "{form}");
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["error"], error, "{form}");
        }
    }

    #[test]
    fn unauthenticated_client_is_refused() {
        let mut client = TestClient::unconnected();
        let code = client.code();
        client.config.client_secret = "wrong".to_owned();
        let (status, answer) = client.exchange(&code);
        assert_eq!(status, 401);
        assert_eq!(answer, json!({"error": "invalid_client"}));
        let bare = http::Request::builder()
            .method("POST")
            .uri("/oauth2/v1/tokens/bearer");
        assert_eq!(client.send_raw(bare, "grant_type=refresh_token").0, 401);
        let get = http::Request::builder().uri("/oauth2/v1/tokens/bearer");
        assert_eq!(client.send_raw(get, "").0, 405);
    }
}
