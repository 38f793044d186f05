//! Claims of session tokens, the secret of the scheduler, and the replacement of RIVET's keys.

use super::Row;
use super::sign_in::CONNECT;
use super::token_factory::{HS256, TokenFactory, status_request};
use super::token_signatures::Attempt;
use crate::{get, send, start_deployment, start_deployment_with};
use http::Request;
use http::header::AUTHORIZATION;
use serde_json::json;

pub const ROWS: &[Row<Attempt, u16>] = &[
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that expired 61 seconds ago",
        action: |factory| status_request(&factory.with_claim("exp", json!(factory.now() - 61))),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a token that expired 30 seconds ago, which the leeway allows",
        action: |factory| status_request(&factory.with_claim("exp", json!(factory.now() - 30))),
        expected: 200,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that becomes valid in two minutes",
        action: |factory| status_request(&factory.with_claim("nbf", json!(factory.now() + 120))),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token without an expiry",
        action: |factory| status_request(&factory.without_claim("exp")),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that is valid for two days",
        action: |factory| {
            status_request(&factory.with_claim("exp", json!(factory.now() + 2 * 86_400)))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that is valid until the next day, to the second",
        action: |factory| status_request(&factory.with_claim("exp", json!(factory.now() + 86_400))),
        expected: 200,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "an expiry that is a text",
        action: |factory| status_request(&factory.with_claim("exp", json!("9999999999"))),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "an expiry beyond the calendar",
        action: |factory| status_request(&factory.with_claim("exp", json!(i64::MAX))),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a token of another issuer",
        action: |factory| status_request(&factory.with_claim("iss", json!("rivet.example"))),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for another of RIVET's services",
        action: |factory| status_request(&factory.with_claim("aud", json!("rivet-web"))),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for two other services",
        action: |factory| {
            status_request(&factory.with_claim("aud", json!(["rivet-web", "rivet-books-staging"])))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.4",
        attempt: "a token without an audience",
        action: |factory| status_request(&factory.without_claim("aud")),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for two services, this one among them",
        action: |factory| {
            status_request(&factory.with_claim("aud", json!(["rivet-web", "rivet-books"])))
        },
        expected: 200,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a token without a firm",
        action: |factory| status_request(&factory.without_claim("firm")),
        expected: 401,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a firm id with a path to another firm's records",
        action: |factory| status_request(&factory.with_claim("firm", json!("firm_b/../firm_a"))),
        expected: 401,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "two firms in one token",
        action: |factory| status_request(&factory.with_claim("firm", json!(["firm_a", "firm_b"]))),
        expected: 401,
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "an unknown role",
        action: |factory| status_request(&factory.with_claim("role", json!("admin"))),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "claims that are no object",
        action: |factory| status_request(&factory.0.rivet.token_with_header(HS256, "[]")),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a token type that the contract does not name, which is ignored",
        action: |factory| {
            status_request(&factory.with_header(r#"{"alg":"HS256","typ":"other+jwt"}"#))
        },
        expected: 200,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the scheduler's secret in place of a session",
        action: |_| status_request("scheduler-secret-of-the-demo"),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the scheduler's secret in the address of a page for people",
        action: |_| get("/v1/quickbooks/status?key=scheduler-secret-of-the-demo"),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the scheduler's secret in a request for a link",
        action: |_| Request::post(format!("{CONNECT}?key=scheduler-secret-of-the-demo")),
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "an owner's session in place of the scheduler's secret",
        action: |factory| {
            get("/v1/scheduled/token-refresh")
                .header(AUTHORIZATION, format!("Bearer {}", factory.valid_token()))
        },
        expected: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "an owner's session in the address of a scheduled run",
        action: |factory| get(&format!("/v1/scheduled/sync?key={}", factory.valid_token())),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a scheduled run without a secret",
        action: |_| get("/v1/scheduled/token-refresh"),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "an empty secret",
        action: |_| get("/v1/scheduled/token-refresh?key="),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the secret without its last letter",
        action: |_| get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-dem"),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the secret in capitals",
        action: |_| get("/v1/scheduled/sync?key=SCHEDULER-SECRET-OF-THE-DEMO"),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a wrong secret before the right one",
        action: |_| get("/v1/scheduled/sync?key=wrong&key=scheduler-secret-of-the-demo"),
        expected: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the right secret by a method that no scheduler uses",
        action: |_| Request::delete("/v1/scheduled/sync?key=scheduler-secret-of-the-demo"),
        expected: 405,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn session_token_claims_are_enforced() {
    let deployment = start_deployment().await;
    for row in ROWS {
        let answer = send(&deployment, (row.action)(&TokenFactory(&deployment)), "").await;
        assert_eq!(answer.status, row.expected, "{}: {}", row.rule, row.attempt);
    }
    assert!(!deployment.logs.contain("scheduler-secret"));
}

/// The key that the simulated RIVET signs with.
const OLD: &str = "session-secret-of-the-demo-0123456789";
const NEW: &str = "the-key-after-it-of-the-demo-0123456789";

/// Sets of configured keys, and the statuses for a token of the old key and of the new one.
pub const KEY_ROTATION: &[Row<&[&str], [u16; 2]>] = &[
    Row {
        rule: "contract 1",
        attempt: "before the replacement, a token of the new key is refused",
        action: &[OLD],
        expected: [200, 401],
    },
    Row {
        rule: "contract 1",
        attempt: "during the replacement, both keys work",
        action: &[NEW, OLD],
        expected: [200, 200],
    },
    Row {
        rule: "contract 1",
        attempt: "after the replacement, a token of the old key is refused",
        action: &[NEW],
        expected: [401, 200],
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn removed_session_key_is_refused() {
    for row in KEY_ROTATION {
        let deployment =
            start_deployment_with(&[("rivet_session_secret", &row.action.join(" "))]).await;
        let factory = TokenFactory(&deployment);
        let tokens = [OLD, NEW].map(|key| {
            factory.token_signed_with::<hmac::Hmac<sha2::Sha256>>(HS256, key.as_bytes())
        });
        let mut statuses = [0; 2];
        for (status, token) in statuses.iter_mut().zip(&tokens) {
            *status = send(&deployment, status_request(token), "").await.status;
        }
        assert_eq!(statuses, row.expected, "{}: {}", row.rule, row.attempt);
    }
}
