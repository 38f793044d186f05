//! Requests of strangers to every route: they write nothing, so nobody can fill the store.

use super::Row;
use crate::{connect_firm, send, start_deployment};
use host::demo::local_deployment::LocalDeployment;
use http::Request;
use http::request::Builder;

/// The addition of a stranger to a request.
type Disguise = fn(Builder) -> Builder;

/// The text behind the path.
struct Attempt {
    query: &'static str,
    disguise: Disguise,
    body: &'static str,
}

/// Disguises of a stranger, each of which is tried on every route with every method.
pub const ROWS: &[Row<Disguise, u64>] = &[
    Row {
        rule: "ASVS 15.2.2",
        attempt: "a request without any proof",
        action: |request| request,
        expected: 0,
    },
    Row {
        rule: "ASVS 15.2.2",
        attempt: "an invented bearer token",
        action: |request| request.header("authorization", "Bearer e30.e30.AAAA"),
        expected: 0,
    },
    Row {
        rule: "ASVS 15.2.2",
        attempt: "invented signatures of RIVET and Intuit",
        action: |request| {
            request
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", "1774991649")
                .header("webhook-signature", "v1,AAAA")
                .header("intuit-signature", "AAAA")
        },
        expected: 0,
    },
    Row {
        rule: "ASVS 15.2.2",
        attempt: "cookies of an invented sign-in",
        action: |request| request.header("cookie", "__Host-rivet-books-a=b; __Host-x=y"),
        expected: 0,
    },
];

/// Returns the routes of the manifest, with values for their parameters.
fn paths() -> Vec<String> {
    let manifest = include_str!("../../../../spin.toml");
    let routes = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("route = \""));
    let path = |route: &str| {
        let route = route.trim_end_matches('"');
        let filled = route
            .replace(":kind", "pay_app")
            .replace("/...", "/elsewhere");
        filled
            .replace(":id", "pa_1")
            .replace(":firm", "firm_harbor")
    };
    routes.map(path).collect()
}

/// Sends an attempt to every route with every method. Returns how many writes that took.
async fn writes_of(deployment: &LocalDeployment, attempt: &Attempt) -> u64 {
    let before = deployment.counts();
    for path in paths() {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let request = Request::builder()
                .method(method)
                .uri(format!("{path}{}", attempt.query));
            let answer = send(deployment, (attempt.disguise)(request), attempt.body).await;
            assert!(answer.status < 600, "{method} {path}");
        }
    }
    (deployment.counts() - before).writes()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_requests_write_nothing() {
    let deployment = start_deployment().await;
    connect_firm(&deployment).await;
    let store = deployment.app.store("default");
    let before = store.keys().unwrap();
    let queries = [
        "",
        "?key=wrong&ticket=a.b&state=a.b&code=c&realmId=310687&confirmation=a.b",
        "?ticket=%00&state=%2e%2e%2f&error=access_denied&realmId=%20",
    ];
    for row in ROWS {
        for query in queries {
            for body in ["", "{}", r#"{"confirm":true,"confirmation":"a.b"}"#] {
                let attempt = Attempt {
                    query,
                    disguise: row.action,
                    body,
                };
                let writes = writes_of(&deployment, &attempt).await;
                assert_eq!(
                    writes, row.expected,
                    "{}: {} {query} {body}",
                    row.rule, row.attempt
                );
            }
        }
    }
    assert_eq!(store.keys().unwrap(), before);
}

/// A claim about a connected company is written down, once an hour and in the place of the one before.
#[tokio::test(flavor = "multi_thread")]
async fn claims_about_a_company_add_no_record() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let path = format!("/v1/quickbooks/disconnected?realmId={}", firm.realm);
    send(&deployment, Request::get(&path), "").await;
    let store = deployment.app.store("default");
    let before = store.keys().unwrap();
    for _ in 0..50 {
        send(&deployment, Request::get(&path), "").await;
    }
    assert_eq!(store.keys().unwrap(), before);
}
