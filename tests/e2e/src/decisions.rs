//! Decisions of people about documents, over HTTP.

use super::{connect_firm, get, load_page, new_firm, send, start_deployment};
use host::demo::firm::{Answer, Firm};
use http::Request;
use samples::story::harbor_point;
use serde_json::{Value, json};

const DOCUMENT: &str = "/v1/quickbooks/documents/pay_app/pa_1057_1";
const RUN: &str = "/v1/scheduled/sync?key=scheduler-secret-of-the-demo";

/// Sends a decision as the firm's owner.
async fn decide(firm: &Firm<'_>, body: &Value) -> Answer {
    let request = Request::post(format!("{DOCUMENT}/resolve"));
    firm.call(request, Some(body)).await.unwrap()
}

/// Posts a pay app, edits its invoice in QuickBooks and revises it in RIVET.
async fn create_conflict(firm: &Firm<'_>) {
    let story = harbor_point().unwrap();
    firm.deliver("evt_04", story[3].body).await.unwrap();
    {
        let mut simulator = firm.deployment.simulator();
        let invoice = simulator.entities(&firm.realm, "Invoice").next().unwrap();
        let id = invoice["Id"].as_str().unwrap().to_owned();
        let mut person = simulator.person(&firm.realm).unwrap();
        person
            .edit("Invoice", &id, json!({ "PrivateNote": "see Bob" }))
            .unwrap();
    }
    let held = firm.deliver("evt_06", story[5].body).await.unwrap();
    assert_eq!(held.body["outcome"], "held");
}

#[tokio::test(flavor = "multi_thread")]
async fn next_run_carries_out_conflict_decision() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    create_conflict(&firm).await;
    let conflict = load_page(&firm, DOCUMENT).await;
    let sides = &conflict["conflict"]["objects"][0];
    assert_eq!(sides["rivet"]["total"], "7789.99");
    assert_eq!(sides["quickbooks"]["private_note"], "see Bob");
    let keep = json!({ "keep": "rivet", "seen_at": conflict["conflict"]["seen_at"] });
    let answer = decide(&firm, &keep).await;
    assert_eq!(
        (answer.status, &answer.body["state"]),
        (202, &json!("pending"))
    );
    assert_eq!(answer.body["decision"]["by"], "usr_17");
    let run = send(&deployment, get(RUN), "").await;
    assert_eq!(run.body["posted"], 1);
    let resolved = load_page(&firm, DOCUMENT).await;
    assert_eq!(
        (&resolved["state"], resolved.get("conflict")),
        (&json!("posted"), None)
    );
    assert_eq!(resolved["decision"]["carried_out"], true);
    assert_eq!(decide(&firm, &json!({ "keep": "rivet" })).await.status, 202);
    let activity = firm
        .call(get("/v1/quickbooks/activity"), None)
        .await
        .unwrap();
    assert_eq!(activity.body["activity"][0]["by"], "usr_17");
    let total = deployment
        .simulator()
        .entities(&firm.realm, "Invoice")
        .next()
        .unwrap()["TotalAmt"]
        .clone();
    assert_eq!(total.to_string(), "7789.99");
}

#[tokio::test(flavor = "multi_thread")]
async fn ignored_failed_document_is_shown_as_skipped() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    firm.deliver("evt_04", harbor_point().unwrap()[3].body)
        .await
        .unwrap();
    assert_eq!(decide(&firm, &json!({ "ignore": true })).await.status, 202);
    send(&deployment, get(RUN), "").await;
    let skipped = load_page(&firm, DOCUMENT).await;
    assert_eq!(
        (&skipped["state"], &skipped["reason"]["code"]),
        (&json!("skipped"), &json!("ignored_by_user"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unsuitable_decision_is_refused() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    create_conflict(&firm).await;
    let stale = json!({ "keep": "rivet", "seen_at": "2026-01-01T00:00:00Z" });
    let posted = json!({ "posted": { "type": "Invoice", "id": "130" } });
    let answer = decide(&firm, &stale).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (409, &json!("conflict_changed"))
    );
    assert_eq!(
        decide(&firm, &json!({ "keep": "quickbooks" })).await.status,
        202
    );
    let answer = decide(&firm, &posted).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (409, &json!("not_decidable"))
    );
    send(&deployment, get(RUN), "").await;
    let answer = decide(&firm, &json!({ "keep": "rivet" })).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (409, &json!("not_in_conflict"))
    );
    for (path, code) in [
        ("pay_app/pa_none", "document_not_found"),
        ("pay_app/pa%20x", "document_not_found"),
        ("bill/b_1", "not_found"),
    ] {
        let request = Request::post(format!("/v1/quickbooks/documents/{path}/resolve"));
        let answer = firm
            .call(request, Some(&json!({ "ignore": true })))
            .await
            .unwrap();
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (404, &json!(code)),
            "{path}"
        );
    }
    let read = send(&deployment, get(&format!("{DOCUMENT}/resolve")), "").await;
    assert_eq!(
        (read.status, &read.headers["allow"]),
        (405, &http::HeaderValue::from_static("POST"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_decision_body_is_refused_naming_field() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    create_conflict(&firm).await;
    let invoice = json!({ "type": "Invoice", "id": "130" });
    let wrong = [
        (json!({}), "keep"),
        (json!([]), "body"),
        (json!({ "keep": "mine" }), "keep"),
        (json!({ "keep": 1 }), "keep"),
        (json!({ "keep": "rivet", "ignore": true }), "keep"),
        (json!({ "ignore": false }), "ignore"),
        (json!({ "ignore": "yes" }), "ignore"),
        (json!({ "post": "now" }), "post"),
        (json!({ "post": true }), "post"),
        (json!({ "post": "anyway", "ignore": true }), "keep"),
        (json!({ "keep": "rivet", "seen_at": "today" }), "seen_at"),
        (json!({ "posted": {} }), "posted.type"),
        (json!({ "posted": [] }), "posted"),
        (json!({ "posted": "130" }), "posted"),
        (
            json!({ "posted": { "type": "Bill", "id": "1" } }),
            "posted.type",
        ),
        (
            json!({ "posted": { "type": "Invoice", "id": "1 or 2" } }),
            "posted.id",
        ),
        (
            json!({ "posted": [{ "type": "Invoice", "id": 130 }] }),
            "posted[0].id",
        ),
        (json!({ "posted": [invoice, invoice] }), "posted.type"),
    ];
    let before = deployment.counts();
    for (body, field) in wrong {
        let answer = decide(&firm, &body).await;
        assert_eq!(
            (answer.status, &answer.body["field"]),
            (422, &json!(field)),
            "{body}: {}",
            answer.body
        );
    }
    assert_eq!((deployment.counts() - before).writes(), 0);
    assert_eq!(load_page(&firm, DOCUMENT).await["state"], "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn decision_requires_role_and_eligible_plan() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    create_conflict(&firm).await;
    let now = deployment.now().as_second();
    for (role, plan, status, code) in [
        ("staff", "pro", 403, "role_not_allowed"),
        ("viewer", "scale", 403, "role_not_allowed"),
        ("owner", "starter", 403, "plan_not_eligible"),
    ] {
        let claims = json!({ "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": firm.id,
            "role": role, "plan": plan, "exp": now + 60 });
        let token = deployment.rivet.token(&claims.to_string());
        let request = Request::post(format!("{DOCUMENT}/resolve"));
        let request = request.header("authorization", format!("Bearer {token}"));
        let answer = send(&deployment, request, r#"{"ignore":true}"#).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (status, &json!(code))
        );
    }
    let without_session = send(
        &deployment,
        Request::post(format!("{DOCUMENT}/resolve")),
        "{}",
    )
    .await;
    assert_eq!(without_session.status, 401);
}
