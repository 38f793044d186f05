//! A token endpoint that answers nonsense, or not in time: nothing is stored, the code is sent once, and the
//! app's secret goes nowhere else.

use super::Row;
use super::impostor::Impostor;
use super::way::{Way, exchanges, office, standing};
use crate::over_http::{start_deployment, start_deployment_with};
use jiff::SignedDuration;
use simulator::{Effect, Injection, RequestKind};

/// Status, media type and body of the answer; where the browser lands.
pub const ROWS: &[Row<(&str, &str, &str)>] = &[
    Row {
        rule: "contract 3",
        attempt: "a token endpoint that answers with a page",
        how: ("200 OK", "text/html", "<html>Down for maintenance</html>"),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "JSON that breaks off",
        how: (
            "200 OK",
            "application/json",
            r#"{"access_token":"a","refresh_"#,
        ),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "nothing at all",
        how: ("200 OK", "application/json", ""),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "an access token without a refresh token",
        how: (
            "200 OK",
            "application/json",
            r#"{"access_token":"a","token_type":"bearer","expires_in":3600}"#,
        ),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "a refresh token without an access token",
        how: (
            "200 OK",
            "application/json",
            r#"{"refresh_token":"r","token_type":"bearer","expires_in":3600}"#,
        ),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "contract 3",
        attempt: "a code that was refused",
        how: (
            "400 Bad Request",
            "application/json",
            r#"{"error":"invalid_grant"}"#,
        ),
        expect: "code_refused",
    },
    Row {
        rule: "contract 3",
        attempt: "an app whose secret was replaced at Intuit",
        how: (
            "401 Unauthorized",
            "application/json",
            r#"{"error":"invalid_client"}"#,
        ),
        expect: "app_misconfigured",
    },
    Row {
        rule: "contract 3",
        attempt: "an app that may not exchange codes",
        how: (
            "400 Bad Request",
            "application/json",
            r#"{"error":"unauthorized_client"}"#,
        ),
        expect: "app_misconfigured",
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "a redirect that would carry the code and the app's secret to another host",
        how: ("307 Temporary Redirect", "text/html", ""),
        expect: "intuit_unavailable",
    },
    Row {
        rule: "RFC 9700 4.12",
        attempt: "the same, for good",
        how: ("308 Permanent Redirect", "application/json", "{}"),
        expect: "intuit_unavailable",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn incomplete_token_response_connects_nothing() {
    let impostor = Impostor::new();
    let deployment = start_deployment_with(&[("quickbooks_oauth_origin", &impostor.origin)]).await;
    let firm = office(&deployment, "firm_a");
    for row in ROWS {
        let (status, media_type, body) = row.how;
        impostor.answers(status, media_type, body);
        let (way, before, sent) = (
            Way::of(&firm).await,
            standing(&firm).await,
            deployment.counts().outbound,
        );
        let landed = way.answer().land(&deployment).await;
        assert_eq!(landed, row.expect, "{}: {}", row.rule, row.attempt);
        assert_eq!(standing(&firm).await, before, "{}", row.attempt);
        assert_eq!(deployment.counts().outbound - sent, 1, "{}", row.attempt);
        let [asked] = impostor.asked().try_into().unwrap();
        sent_as_it_should_be(&asked, &way.code);
    }
}

/// The secret only as Basic credentials, the code only in the body (RFC 6749 sections 2.3.1 and 4.1.3).
fn sent_as_it_should_be(request: &str, code: &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /oauth2/v1/tokens/bearer HTTP/1.1\r\n"));
    assert!(
        head.to_ascii_lowercase()
            .contains("\r\nauthorization: basic ")
    );
    assert!(!head.contains(code) && body.contains(&format!("code={code}")));
    assert!(!body.contains("client_secret") && !request.contains("secret-of-the-demo-app"));
}

/// The seconds that the token endpoint takes.
pub const SLOW: &[Row<i64>] = &[
    Row {
        rule: "contract 3",
        attempt: "a token endpoint that takes a second",
        how: 1,
        expect: "connected, 1 code sent",
    },
    Row {
        rule: "contract 3",
        attempt: "a token endpoint that takes longer than anybody waits",
        how: 12,
        expect: "intuit_unavailable, 1 code sent",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn slow_token_exchange_is_awaited_within_limit() {
    let deployment = start_deployment().await;
    for row in SLOW {
        let firm = office(&deployment, &format!("firm_{}", row.how));
        let (answer, before) = (Way::of(&firm).await.answer(), exchanges(&deployment));
        let slow = Injection::new(Effect::Slow(SignedDuration::from_secs(row.how)));
        deployment.simulator().inject(slow.kind(RequestKind::Token));
        let landed = answer.land(&deployment).await;
        let told = format!("{landed}, {} code sent", exchanges(&deployment) - before);
        assert_eq!(told, row.expect, "{}: {}", row.rule, row.attempt);
        let connected = standing(&firm).await["status"] == "connected";
        assert_eq!(connected, landed == "connected", "{}", row.attempt);
    }
}
