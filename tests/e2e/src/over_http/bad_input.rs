//! Forty bad inputs and a few odd good ones: each answers as it should, and nothing is left behind.

use super::{get, ready, send, start_deployment};
use host::demo::firm::{Answer, Firm};
use host::demo::story::harbor_point;
use http::Request;
use serde_json::{Value, json};

fn pay_app() -> Value {
    serde_json::from_str(harbor_point().unwrap()[2].body).unwrap()
}

/// The pay app of the story with one value replaced.
fn with(path: &str, value: Value) -> String {
    let mut event = pay_app();
    *event.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    event.to_string()
}

fn without(path: &str, field: &str) -> String {
    let mut event = pay_app();
    event
        .pointer_mut(path)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(field);
    event.to_string()
}

/// A body, the status that it is answered with, and the field that the answer names.
type Wrong = (String, u16, String);

/// One value of the pay app of the story is wrong, and the answer names it.
fn wrong(path: &str, value: Value) -> Wrong {
    (with(path, value), 422, named(path))
}

/// How an answer names what is at `/lines/0/retainage`: `lines[0].retainage`.
fn named(path: &str) -> String {
    let parts = path.split('/').skip(1);
    parts.fold(String::new(), |named, part| match part.parse::<usize>() {
        Ok(index) => format!("{named}[{index}]"),
        Err(_) if named.is_empty() => part.to_owned(),
        Err(_) => format!("{named}.{part}"),
    })
}

fn wrong_bodies() -> Vec<Wrong> {
    let at = |path: &str, value: Value| wrong(&format!("/data/pay_app{path}"), value);
    let body = |body: &str, status| (body.to_owned(), status, String::new());
    let missing = |field: &str| (without("/data", field), 422, format!("data.{field}"));
    vec![
        body("", 400),
        body("{", 400),
        body("type=pay_app.approved", 400),
        body("\u{feff}{}", 400),
        body("[]", 422),
        ("{}".into(), 422, "type".into()),
        missing("firm_id"),
        missing("pay_app"),
        wrong("/type", json!(7)),
        wrong("/timestamp", json!("yesterday")),
        wrong("/data/plan", json!("gold")),
        wrong("/data/firm_id", json!("")),
        wrong("/data/firm_id", json!("firm/../other")),
        wrong("/data/firm_id", json!("f".repeat(65))),
        at("/id", json!("pa 1")),
        at("/id", json!(17)),
        at("/revision", json!(0)),
        at("/revision", json!("1")),
        at("/number", json!(0)),
        at("/number", json!(-1)),
        at("/period_end", json!("2026-02-30")),
        at("/period_end", json!("31.03.2026")),
        at("/period_end", json!("2026-01-31")),
        at("/currency", json!("dollars")),
        at("/project/number", json!("")),
        at("/project/name", json!(null)),
        at("/customer/name", json!("   ")),
        at("/customer/name", json!("a\u{0}b")),
        at("/lines", json!([])),
        at("/lines", json!({})),
        at("/lines/0/work_completed", json!(8500)),
        at("/lines/1/work_completed", json!("1.005")),
        at("/lines/1/work_completed", json!("1e3")),
        at("/lines/1/work_completed", json!("NaN")),
        at("/lines/2/retainage", json!("")),
        at("/lines/2/retainage", json!("1,200.00")),
        at("/lines/1/sov_item_id", json!("sov_1")),
        at("/totals/billed", json!("48500.01")),
        at("/totals/retainage", json!("4849.99")),
        at("/totals/net", json!("43650.01")),
        at("/totals/net", json!("999999999999999999999.00")),
    ]
}

async fn deliver(firm: &Firm<'_>, body: &str) -> Answer {
    firm.deliver("evt_bad", body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_event_body_is_refused_naming_field() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let (before, calls) = (deployment.counts(), deployment.simulator().traffic().len());
    assert!(wrong_bodies().len() >= 40);
    for (body, status, field) in wrong_bodies() {
        let told = deliver(&firm, &body).await;
        assert_eq!(told.status, status, "{body}\n{}", told.body);
        assert_eq!(told.headers["content-type"], "application/problem+json");
        let named = told.body["field"].as_str().unwrap_or_default();
        assert!(
            named.starts_with(&field),
            "{field} but {named}: {}",
            told.body
        );
    }
    assert_eq!((deployment.counts() - before).writes(), 0);
    assert_eq!(deployment.simulator().traffic().len(), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn event_with_bad_signature_is_refused_unread() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let (body, before) = (pay_app().to_string(), deployment.counts());
    let signed = |at: i64| {
        let now = deployment.now() + jiff::SignedDuration::from_secs(at);
        deployment.rivet.signature_headers("evt_1", &body, now)
    };
    let altered = |name: &str, value: &str| {
        let mut headers = signed(0);
        headers
            .iter_mut()
            .filter(|(known, _)| *known == name)
            .for_each(|(_, v)| *v = value.into());
        headers
    };
    let wrong = [
        signed(-301),
        signed(301),
        altered("webhook-id", "evt_2"),
        altered("webhook-timestamp", "soon"),
        altered("webhook-signature", ""),
        altered("webhook-signature", "v1,AAAA"),
        altered("webhook-signature", "v2,x"),
    ];
    for headers in wrong {
        let request = headers.iter().fold(
            Request::post("/v1/webhooks/billing"),
            |request, (name, value)| request.header(*name, value),
        );
        let told = send(&deployment, request, body.clone()).await;
        assert_eq!(
            (told.status, &told.body["code"]),
            (401, &json!("invalid_signature"))
        );
    }
    assert_eq!((deployment.counts() - before).writes(), 0);
    assert_eq!(
        deployment
            .simulator()
            .entities(&firm.realm, "Invoice")
            .count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_special_characters_are_posted_once() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let mut event = pay_app();
    let app = &mut event["data"]["pay_app"];
    app["customer"] = json!({ "id": "gc_odd", "name": "O'Neil \"Bob\" & Sons: 100% 🏗️ \\ Ltd" });
    app["project"] = json!({ "id": "prj_odd", "number": "7:7", "name": "Köln's \"Süd\" ⚡ tower" });
    for _ in 0..2 {
        let told = deliver(&firm, &event.to_string()).await;
        assert_eq!(told.status, 202, "{}", told.body);
    }
    let simulator = deployment.simulator();
    assert_eq!(simulator.entities(&firm.realm, "Invoice").count(), 1);
    let customers: Vec<_> = simulator.entities(&firm.realm, "Customer").collect();
    let name = customers[0]["DisplayName"].as_str().unwrap();
    assert!(
        name.contains("O'Neil \"Bob\"") && !name.contains(':'),
        "{name}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_input_gets_the_contracted_answer() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let told = deliver(
        &firm,
        r#"{"type":"invoice.paid","timestamp":"2026-03-31T21:14:05Z","data":{}}"#,
    )
    .await;
    assert_eq!(
        (told.status, &told.body["outcome"]),
        (202, &json!("ignored"))
    );
    let mut event = pay_app();
    event["data"]["pay_app"]["later"] = json!({ "added": 1.5 });
    assert_eq!(
        deliver(&firm, &event.to_string()).await.body["outcome"],
        "posted"
    );
    assert_eq!(send(&deployment, get("/v1/unknown"), "").await.status, 404);
    let wrong = send(&deployment, Request::delete("/v1/quickbooks/settings"), "").await;
    assert_eq!(
        (wrong.status, &wrong.headers["allow"]),
        (405, &http::HeaderValue::from_static("GET, PUT"))
    );
    let large = send(
        &deployment,
        Request::post("/v1/webhooks/billing"),
        vec![b' '; 1024 * 1024 + 1],
    )
    .await;
    assert_eq!(large.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn session_requires_signature_claims_role_and_plan() {
    let deployment = start_deployment().await;
    let now = deployment.now().as_second();
    let claims = |role: &str, plan: &str, aud: &str, exp: i64| {
        json!({ "iss": "rivet", "aud": aud, "sub": "usr_1", "firm": "firm_harbor",
                "role": role, "plan": plan, "exp": exp })
    };
    let good = claims("owner", "pro", "rivet-books", now + 60);
    let token = |claims: &Value| deployment.rivet.token(&claims.to_string());
    let none = "eyJhbGciOiJub25lIn0.e30.";
    let cases = [
        (String::new(), 401, "unauthorized"),
        (none.into(), 401, "unauthorized"),
        (format!("{}x", token(&good)), 401, "unauthorized"),
        (
            token(&claims("owner", "pro", "rivet", now + 60)),
            401,
            "unauthorized",
        ),
        (
            token(&claims("owner", "pro", "rivet-books", now - 61)),
            401,
            "unauthorized",
        ),
        (
            token(&claims("staff", "pro", "rivet-books", now + 60)),
            403,
            "role_not_allowed",
        ),
        (
            token(&claims("viewer", "scale", "rivet-books", now + 60)),
            403,
            "role_not_allowed",
        ),
        (
            token(&claims("owner", "starter", "rivet-books", now + 60)),
            403,
            "plan_not_eligible",
        ),
    ];
    for (token, status, code) in cases {
        let request = Request::post("/v1/quickbooks/connect");
        let told = send(
            &deployment,
            request.header("authorization", format!("Bearer {token}")),
            "",
        )
        .await;
        assert_eq!(
            (told.status, &told.body["code"]),
            (status, &json!(code)),
            "{token}"
        );
    }
    for path in [
        "/v1/scheduled/sync",
        "/v1/scheduled/token-refresh?key=wrong",
    ] {
        assert_eq!(send(&deployment, get(path), "").await.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unsuitable_and_stale_settings_are_refused() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let shown = firm
        .call(get("/v1/quickbooks/settings"), None)
        .await
        .unwrap();
    let version = shown.headers["etag"].to_str().unwrap().to_owned();
    let put = || Request::put("/v1/quickbooks/settings");
    let with = |pointer: &str, value: Value| {
        let mut settings = shown.body.clone();
        *settings.pointer_mut(pointer).unwrap() = value;
        settings
    };
    let retainage = shown.body["accounts"]["retainage"].clone();
    let wrong = [
        (
            with("/accounts/contract_revenue", retainage),
            "accounts.contract_revenue",
        ),
        (
            with("/accounts/retainage", json!("99999")),
            "accounts.retainage",
        ),
        (with("/retainage_method", json!("both")), "retainage_method"),
        (
            with("/class_tracking/mode", json!(true)),
            "class_tracking.mode",
        ),
        (with("/sync/start_date", json!("soon")), "sync.start_date"),
    ];
    for (settings, field) in wrong {
        let told = firm
            .call(put().header("if-match", &version), Some(&settings))
            .await
            .unwrap();
        assert_eq!(
            (told.status, &told.body["field"]),
            (422, &json!(field)),
            "{}",
            told.body
        );
    }
    let stale = firm
        .call(put().header("if-match", "\"0\""), Some(&shown.body))
        .await
        .unwrap();
    assert_eq!(
        (stale.status, &stale.body["code"]),
        (412, &json!("settings_changed"))
    );
    assert_eq!(
        firm.call(put(), Some(&shown.body)).await.unwrap().status,
        428
    );
}
