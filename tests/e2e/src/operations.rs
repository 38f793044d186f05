//! The operator's routes and monitoring, over HTTP.

use crate::{connect_firm, get, send, start_deployment, start_deployment_with};
use host::demo::firm::Answer;
use host::demo::local_deployment::{LocalDeployment, OPERATOR_SECRET};
use http::Request;
use http::request::Builder;
use samples::story::harbor_point;
use serde_json::{Value, json};
use std::time::Duration;

const SCHEDULER: &str = "scheduler-secret-of-the-demo";

/// The routes of the operator, with their methods.
const ROUTES: [(&str, &str); 8] = [
    ("GET", "/v1/operations/dead-letters"),
    ("POST", "/v1/operations/dead-letters/abcdefgh/replay"),
    ("GET", "/v1/operations/uncertain"),
    ("GET", "/v1/operations/keys"),
    ("POST", "/v1/operations/keys/rotate"),
    ("GET", "/v1/operations/firms/firm_harbor"),
    ("GET", "/v1/operations/firms/firm_harbor/export"),
    ("POST", "/v1/operations/firms/firm_harbor/erase"),
];

fn with_bearer(request: Builder, secret: &str) -> Builder {
    request.header("authorization", format!("Bearer {secret}"))
}

async fn operate(deployment: &LocalDeployment, request: Builder, body: Value) -> Answer {
    send(
        deployment,
        with_bearer(request, OPERATOR_SECRET),
        body.to_string(),
    )
    .await
}

async fn erase(deployment: &LocalDeployment) -> Answer {
    let order = Request::post("/v1/operations/firms/firm_harbor/erase");
    operate(deployment, order, json!({ "confirm": "firm_harbor" })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn operator_routes_need_the_secret() {
    let deployment = start_deployment().await;
    let off = start_deployment_with(&[("operator_secret", "")]).await;
    for (method, path) in ROUTES {
        let request = || Request::builder().method(method).uri(path);
        let wrong = send(&deployment, with_bearer(request(), SCHEDULER), "{}").await;
        assert_eq!(wrong.status, 401, "{path}");
        let without = send(&deployment, request(), "{}").await;
        assert_eq!(without.body["code"], "unauthorized", "{path}");
        let missing = operate(&off, request(), json!({})).await;
        assert_eq!(missing.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scheduler_reads_readiness_and_metrics() {
    let deployment = start_deployment().await;
    connect_firm(&deployment).await;
    let ready = send(&deployment, with_bearer(get("/v1/ready"), SCHEDULER), "").await;
    assert_eq!(
        (ready.status, &ready.body["status"]),
        (200, &json!("ready"))
    );
    let request = with_bearer(get("/v1/metrics"), SCHEDULER);
    let answer = deployment
        .send(request.body("".into()).unwrap())
        .await
        .unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"));
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(
        text.contains("rivet_books_firms 1\n") && text.ends_with("# EOF\n"),
        "{text}"
    );
    for path in ["/v1/ready", "/v1/metrics"] {
        assert_eq!(send(&deployment, get(path), "").await.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn firm_is_exported_and_erased_over_http() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let story = harbor_point().unwrap();
    for step in &story[..6] {
        assert_eq!(
            firm.deliver(step.name, step.body).await.unwrap().status,
            202
        );
    }
    let path = "/v1/operations/firms/firm_harbor";
    let overview = operate(&deployment, get(path), json!({})).await.body;
    assert_eq!(
        (&overview["status"], &overview["records"]["connection"]),
        (&json!("connected"), &json!(1))
    );
    let export = operate(&deployment, get(&format!("{path}/export")), json!({})).await;
    assert_eq!(export.headers["cache-control"], "no-store");
    assert_eq!(
        export.body["records"]["connection"]["firm_harbor"]["company"]["realm_id"],
        firm.realm.as_str()
    );
    let wrong = operate(
        &deployment,
        Request::post(format!("{path}/erase")),
        json!({ "confirm": "firm" }),
    )
    .await;
    assert_eq!(
        (wrong.status, &wrong.body["field"]),
        (422, &json!("confirm"))
    );
    let first = erase(&deployment).await;
    assert_eq!(
        (first.status, &first.body["state"]),
        (202, &json!("closing"))
    );
    assert_eq!(
        first.headers["retry-after"],
        first.body["retry_after"].to_string().as_str()
    );
    let refused = firm
        .call(Request::post("/v1/quickbooks/sync"), None)
        .await
        .unwrap();
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (410, &json!("firm_erased"))
    );
    let late = firm.deliver(story[6].name, story[6].body).await.unwrap();
    assert_eq!(late.body["outcome"], "ignored");
    deployment.advance(Duration::from_secs(91));
    let last = erase(&deployment).await;
    assert_eq!((last.status, &last.body["state"]), (200, &json!("erased")));
    let store = deployment.app.store("default");
    for key in store.keys().unwrap() {
        let value = store.get(&key).unwrap().unwrap_or_default();
        let text = format!("{key} {}", String::from_utf8_lossy(&value));
        for name in ["firm_harbor", "Harbor", &firm.realm] {
            assert!(!text.contains(name), "{text}");
        }
    }
    assert!(
        deployment
            .logs
            .contain("\"act\":\"firm_erased\",\"by\":\"operator\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_have_trace_and_counts() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traceparent = format!("00-{trace}-00f067aa0ba902b7-01");
    let customers = get("/v1/quickbooks/customers?q=Turner").header("traceparent", traceparent);
    assert_eq!(firm.call(customers, None).await.unwrap().status, 200);
    let lines = deployment.logs.lines();
    let line = lines.iter().find(|line| line.text.contains(trace)).unwrap();
    let line: Value = serde_json::from_str(line.text.trim()).unwrap();
    assert_eq!(line["trace_id"], trace);
    for count in [
        "quickbooks_calls",
        "quickbooks_reads",
        "store_reads",
        "store_writes",
    ] {
        assert!(line[count].as_u64() > Some(0), "{count}: {line}");
    }
    assert!(
        deployment
            .logs
            .contain("\"act\":\"settings_replaced\",\"by\":\"usr_17\"")
    );
}
