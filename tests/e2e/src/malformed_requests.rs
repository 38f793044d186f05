//! Malformed requests, and a few unusual valid ones. A refused request neither writes to the store nor calls Intuit.

use super::{connect_firm, get, send, start_deployment};
use host::demo::firm::{Answer, Firm};
use http::Request;
use samples::story::harbor_point;
use serde_json::{Value, json};

/// Returns the first pay app of the sample project.
fn pay_app() -> Value {
    serde_json::from_str(harbor_point().unwrap()[2].body).unwrap()
}

/// Returns the sample pay app with one value replaced.
fn with(path: &str, value: Value) -> String {
    let mut event = pay_app();
    *event.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    event.to_string()
}

/// Returns the sample pay app without a field.
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

/// A body that is refused.
struct InvalidBody {
    body: String,
    /// The status of the answer.
    status: u16,
    /// The start of the field that the answer names.
    field: String,
}

/// Returns the sample pay app with one invalid value, which the answer names.
fn wrong(path: &str, value: Value) -> InvalidBody {
    InvalidBody {
        body: with(path, value),
        status: 422,
        field: field_name(path),
    }
}

/// Returns the name that an answer has for the value at a JSON pointer: `lines[0].retainage` for `/lines/0/retainage`.
fn field_name(path: &str) -> String {
    let parts = path.split('/').skip(1);
    parts.fold(String::new(), |named, part| match part.parse::<usize>() {
        Ok(index) => format!("{named}[{index}]"),
        Err(_) if named.is_empty() => part.to_owned(),
        Err(_) => format!("{named}.{part}"),
    })
}

fn invalid_bodies() -> Vec<InvalidBody> {
    let at = |path: &str, value: Value| wrong(&format!("/data/pay_app{path}"), value);
    let unreadable = |body: &str, status| InvalidBody {
        body: body.to_owned(),
        status,
        field: String::new(),
    };
    let missing = |field: &str| InvalidBody {
        body: without("/data", field),
        status: 422,
        field: format!("data.{field}"),
    };
    vec![
        unreadable("", 400),
        unreadable("{", 400),
        unreadable("type=pay_app.approved", 400),
        unreadable("\u{feff}{}", 400),
        unreadable("[]", 422),
        InvalidBody {
            body: "{}".into(),
            status: 422,
            field: "type".into(),
        },
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
    let firm = connect_firm(&deployment).await;
    let (before, calls) = (deployment.counts(), deployment.simulator().traffic().len());
    assert!(invalid_bodies().len() >= 40);
    for InvalidBody {
        body,
        status,
        field,
    } in invalid_bodies()
    {
        let answer = deliver(&firm, &body).await;
        assert_eq!(answer.status, status, "{body}\n{}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        let named = answer.body["field"].as_str().unwrap_or_default();
        assert!(
            named.starts_with(&field),
            "{field} but {named}: {}",
            answer.body
        );
    }
    assert_eq!((deployment.counts() - before).writes(), 0);
    assert_eq!(deployment.simulator().traffic().len(), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn event_with_bad_signature_is_refused_unread() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
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
        let answer = send(&deployment, request, body.clone()).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
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
    let firm = connect_firm(&deployment).await;
    let mut event = pay_app();
    let app = &mut event["data"]["pay_app"];
    app["customer"] = json!({ "id": "gc_odd", "name": "O'Neil \"Bob\" & Sons: 100% 🏗️ \\ Ltd" });
    app["project"] = json!({ "id": "prj_odd", "number": "7:7", "name": "Köln's \"Süd\" ⚡ tower" });
    for _ in 0..2 {
        let answer = deliver(&firm, &event.to_string()).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
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
    let firm = connect_firm(&deployment).await;
    let answer = deliver(
        &firm,
        r#"{"type":"invoice.paid","timestamp":"2026-03-31T21:14:05Z","data":{}}"#,
    )
    .await;
    assert_eq!(
        (answer.status, &answer.body["outcome"]),
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
        let answer = send(
            &deployment,
            request.header("authorization", format!("Bearer {token}")),
            "",
        )
        .await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
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
    let firm = connect_firm(&deployment).await;
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
            with("/retainage_opening", json!({ "prj_1042": "-1.00" })),
            "retainage_opening.prj_1042",
        ),
        (
            with("/class_tracking/mode", json!(true)),
            "class_tracking.mode",
        ),
        (with("/sync/start_date", json!("soon")), "sync.start_date"),
    ];
    for (settings, field) in wrong {
        let answer = firm
            .call(put().header("if-match", &version), Some(&settings))
            .await
            .unwrap();
        assert_eq!(
            (answer.status, &answer.body["field"]),
            (422, &json!(field)),
            "{}",
            answer.body
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
