//! A token endpoint with malformed or late answers: nothing is stored, the code is sent once, and the app's secret is
//! sent to no other host.

use super::Row;
use super::fake_server::FakeServer;
use super::sign_in::{SignIn, count_token_calls, load_status, new_firm};
use crate::{start_deployment, start_deployment_with};
use jiff::SignedDuration;
use simulator::{Effect, Injection, RequestKind};

/// An answer of the token endpoint.
pub struct TokenAnswer {
    status: &'static str,
    media_type: &'static str,
    body: &'static str,
}

const fn token_answer(
    status: &'static str,
    media_type: &'static str,
    body: &'static str,
) -> TokenAnswer {
    TokenAnswer {
        status,
        media_type,
        body,
    }
}

/// Malformed and refusing answers, with the outcome of the callback.
pub const ROWS: &[Row<TokenAnswer>] = &[
    Row {
        rule: "contract 3",
        attempt: "an HTML page",
        action: token_answer("200 OK", "text/html", "<html>Down for maintenance</html>"),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "truncated JSON",
        action: token_answer(
            "200 OK",
            "application/json",
            r#"{"access_token":"a","refresh_"#,
        ),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "an empty body",
        action: token_answer("200 OK", "application/json", ""),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "an access token without a refresh token",
        action: token_answer(
            "200 OK",
            "application/json",
            r#"{"access_token":"a","token_type":"bearer","expires_in":3600}"#,
        ),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "a refresh token without an access token",
        action: token_answer(
            "200 OK",
            "application/json",
            r#"{"refresh_token":"r","token_type":"bearer","expires_in":3600}"#,
        ),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "the code is refused",
        action: token_answer(
            "400 Bad Request",
            "application/json",
            r#"{"error":"invalid_grant"}"#,
        ),
        expected: "code_refused",
    },
    Row {
        rule: "contract 3",
        attempt: "the app's secret is refused",
        action: token_answer(
            "401 Unauthorized",
            "application/json",
            r#"{"error":"invalid_client"}"#,
        ),
        expected: "app_misconfigured",
    },
    Row {
        rule: "contract 3",
        attempt: "the app may not exchange codes",
        action: token_answer(
            "400 Bad Request",
            "application/json",
            r#"{"error":"unauthorized_client"}"#,
        ),
        expected: "app_misconfigured",
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "a temporary redirect to another host, which would receive the code and the app's secret",
        action: token_answer("307 Temporary Redirect", "text/html", ""),
        expected: "intuit_unavailable",
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "a permanent redirect to another host",
        action: token_answer("308 Permanent Redirect", "application/json", "{}"),
        expected: "intuit_unavailable",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn incomplete_token_response_connects_nothing() {
    let token_endpoint = FakeServer::new();
    let deployment =
        start_deployment_with(&[("quickbooks_oauth_origin", &token_endpoint.origin)]).await;
    let firm = new_firm(&deployment, "firm_a");
    for row in ROWS {
        let TokenAnswer {
            status,
            media_type,
            body,
        } = row.action;
        token_endpoint.set_answer(status, media_type, body);
        let (sign_in, before, sent) = (
            SignIn::start(&firm).await,
            load_status(&firm).await,
            deployment.counts().outbound,
        );
        let outcome = sign_in.callback().complete(&deployment).await;
        assert_eq!(outcome, row.expected, "{}: {}", row.rule, row.attempt);
        assert_eq!(load_status(&firm).await, before, "{}", row.attempt);
        assert_eq!(deployment.counts().outbound - sent, 1, "{}", row.attempt);
        let [request] = token_endpoint.take_requests().try_into().unwrap();
        assert_credentials(&request, &sign_in.code);
    }
}

/// Asserts that the secret is sent as Basic credentials and the code in the body (RFC 6749 sections 2.3.1 and 4.1.3).
fn assert_credentials(request: &str, code: &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /oauth2/v1/tokens/bearer HTTP/1.1\r\n"));
    assert!(
        head.to_ascii_lowercase()
            .contains("\r\nauthorization: basic ")
    );
    assert!(!head.contains(code) && body.contains(&format!("code={code}")));
    assert!(!body.contains("client_secret") && !request.contains("secret-of-the-demo-app"));
}

/// Answers after this many seconds.
pub const SLOW_ANSWERS: &[Row<i64>] = &[
    Row {
        rule: "contract 3",
        attempt: "an answer after one second",
        action: 1,
        expected: "connected, 1 code sent",
    },
    Row {
        rule: "contract 3",
        attempt: "an answer after the longest wait",
        action: 12,
        expected: "intuit_unavailable, 1 code sent",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn slow_token_exchange_is_awaited_within_limit() {
    let deployment = start_deployment().await;
    for row in SLOW_ANSWERS {
        let firm = new_firm(&deployment, &format!("firm_{}", row.action));
        let (callback, before) = (
            SignIn::start(&firm).await.callback(),
            count_token_calls(&deployment),
        );
        let slow = Injection::new(Effect::Slow(SignedDuration::from_secs(row.action)));
        deployment.simulator().inject(slow.kind(RequestKind::Token));
        let outcome = callback.complete(&deployment).await;
        let result = format!(
            "{outcome}, {} code sent",
            count_token_calls(&deployment) - before
        );
        assert_eq!(result, row.expected, "{}: {}", row.rule, row.attempt);
        let connected = load_status(&firm).await["status"] == "connected";
        assert_eq!(connected, outcome == "connected", "{}", row.attempt);
    }
}
