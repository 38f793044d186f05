//! Session tokens that RIVET signed for somebody else, for another time or for nobody, and its keys while
//! they are replaced.

use super::Row;
use super::mint::{HS256, Mint, bearer};
use super::signatures::How;
use super::way::CONNECT;
use crate::over_http::{get, send, start_deployment, start_deployment_with};
use http::Request;
use http::header::AUTHORIZATION;
use serde_json::json;

pub const ROWS: &[Row<How, u16>] = &[
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that ended a minute and a second ago",
        how: |m| bearer(&m.with("exp", json!(m.now() - 61))),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a clock that is half a minute ahead: the token has just ended",
        how: |m| bearer(&m.with("exp", json!(m.now() - 30))),
        expect: 200,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token that begins in two minutes",
        how: |m| bearer(&m.with("nbf", json!(m.now() + 120))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "a token without an end",
        how: |m| bearer(&m.without("exp")),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "an end that is a text",
        how: |m| bearer(&m.with("exp", json!("9999999999"))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.1",
        attempt: "an end beyond the calendar",
        how: |m| bearer(&m.with("exp", json!(i64::MAX))),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a token of another issuer",
        how: |m| bearer(&m.with("iss", json!("rivet.example"))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for another of RIVET's services",
        how: |m| bearer(&m.with("aud", json!("rivet-web"))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for many services, not for this one",
        how: |m| bearer(&m.with("aud", json!(["rivet-web", "rivet-books-staging"]))),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.4",
        attempt: "a token for nobody, from the same key",
        how: |m| bearer(&m.without("aud")),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.3",
        attempt: "a token for two services, this one among them",
        how: |m| bearer(&m.with("aud", json!(["rivet-web", "rivet-books"]))),
        expect: 200,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a token of no firm",
        how: |m| bearer(&m.without("firm")),
        expect: 401,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "a firm whose name leads to another's records",
        how: |m| bearer(&m.with("firm", json!("firm_b/../firm_a"))),
        expect: 401,
    },
    Row {
        rule: "ASVS 8.4.1",
        attempt: "two firms in one token",
        how: |m| bearer(&m.with("firm", json!(["firm_a", "firm_b"]))),
        expect: 401,
    },
    Row {
        rule: "ASVS 8.2.1",
        attempt: "a role that nobody has",
        how: |m| bearer(&m.with("role", json!("admin"))),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "claims that are no object",
        how: |m| bearer(&m.0.rivet.token_with_header(HS256, "[]")),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a type that the contract does not name: neither believed nor refused",
        how: |m| bearer(&m.under(r#"{"alg":"HS256","typ":"other+jwt"}"#)),
        expect: 200,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the scheduler's secret in place of a session",
        how: |_| bearer("scheduler-secret-of-the-demo"),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the scheduler's secret in the address of a page for people",
        how: |_| get("/v1/quickbooks/status?key=scheduler-secret-of-the-demo"),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the same, to have a link",
        how: |_| Request::post(format!("{CONNECT}?key=scheduler-secret-of-the-demo")),
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "an owner's session in place of the scheduler's secret",
        how: |m| {
            get("/v1/scheduled/token-refresh")
                .header(AUTHORIZATION, format!("Bearer {}", m.sound()))
        },
        expect: 401,
    },
    Row {
        rule: "ASVS 9.2.2",
        attempt: "the same in the address",
        how: |m| get(&format!("/v1/scheduled/sync?key={}", m.sound())),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a scheduled run for anybody who asks",
        how: |_| get("/v1/scheduled/token-refresh"),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "an empty secret",
        how: |_| get("/v1/scheduled/token-refresh?key="),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the secret but for its last letter",
        how: |_| get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-dem"),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the secret in capitals",
        how: |_| get("/v1/scheduled/sync?key=SCHEDULER-SECRET-OF-THE-DEMO"),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "a wrong secret in front of the right one",
        how: |_| get("/v1/scheduled/sync?key=wrong&key=scheduler-secret-of-the-demo"),
        expect: 401,
    },
    Row {
        rule: "contract 2",
        attempt: "the right secret by a method that no scheduler uses",
        how: |_| Request::delete("/v1/scheduled/sync?key=scheduler-secret-of-the-demo"),
        expect: 405,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn session_token_claims_are_enforced() {
    let deployment = start_deployment().await;
    for row in ROWS {
        let told = send(&deployment, (row.how)(&Mint(&deployment)), "").await;
        assert_eq!(told.status, row.expect, "{}: {}", row.rule, row.attempt);
    }
    assert!(!deployment.logs.contain("scheduler-secret"));
}

/// The key that the stage's RIVET signs with.
const OLD: &str = "session-secret-of-the-demo-0123456789";
const NEW: &str = "the-key-after-it-of-the-demo-0123456789";

/// The keys that are set, and what tokens of the old and of the new one are answered.
pub const KEYS: &[Row<&[&str], [u16; 2]>] = &[
    Row {
        rule: "contract 1",
        attempt: "before the key is replaced, somebody signs with the next one",
        how: &[OLD],
        expect: [200, 401],
    },
    Row {
        rule: "contract 1",
        attempt: "while the key is replaced",
        how: &[NEW, OLD],
        expect: [200, 200],
    },
    Row {
        rule: "contract 1",
        attempt: "after the key was replaced, somebody signs with the old one",
        how: &[NEW],
        expect: [401, 200],
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn removed_session_key_is_refused() {
    for row in KEYS {
        let deployment =
            start_deployment_with(&[("rivet_session_secret", &row.how.join(" "))]).await;
        let mint = Mint(&deployment);
        let tokens =
            [OLD, NEW].map(|key| mint.signed::<hmac::Hmac<sha2::Sha256>>(HS256, key.as_bytes()));
        let mut answers = [0; 2];
        for (answer, token) in answers.iter_mut().zip(&tokens) {
            *answer = send(&deployment, bearer(token), "").await.status;
        }
        assert_eq!(answers, row.expect, "{}: {}", row.rule, row.attempt);
    }
}
