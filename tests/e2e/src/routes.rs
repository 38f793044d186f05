//! The routes of the components, as a firm uses them from sign-in to disconnect.

use super::{
    Confirmation, assert_connect_outcome, connect_firm, disconnect, get, load_page, new_firm, send,
    start_deployment,
};
use http::Request;
use samples::story::{self, harbor_point};
use samples::tie_out::Company;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn harbor_point_webhooks_post_and_tie_out() {
    let deployment = start_deployment().await;
    for (method, id) in [("journal_entry", "firm_a"), ("invoice_line", "firm_b")] {
        let mut firm = new_firm(&deployment);
        firm.id = id.into();
        assert_connect_outcome(&firm, "connected").await;
        let accounts = firm
            .map_accounts(|settings| {
                settings["retainage_method"] = method.into();
                settings["class_tracking"]["mode"] = "auto_create".into();
            })
            .await
            .unwrap();
        let names = story::names().unwrap();
        for step in harbor_point().unwrap() {
            let body = step.body.replace("firm_harbor", id);
            let answer = firm.deliver(step.name, &body).await.unwrap();
            assert_eq!(
                (answer.status, &answer.body["outcome"]),
                (202, &json!("posted")),
                "{}",
                step.name
            );
            let simulator = deployment.simulator();
            let (realm, accounts, names) = (&firm.realm, &accounts, &names);
            let company = Company {
                simulator: &simulator,
                realm,
                accounts,
                names,
                tracks_classes: true,
            };
            let off = company.tie_out(&step.expected);
            assert!(
                off.iter().all(|row| row.difference().is_zero()),
                "{}: {off:#?}",
                step.name
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn second_pay_app_costs_one_call_six_writes() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let story = harbor_point().unwrap();
    for step in &story[..4] {
        firm.deliver(step.name, step.body).await.unwrap();
    }
    let before = deployment.counts();
    firm.deliver("evt_07", story[6].body).await.unwrap();
    let cost = deployment.counts() - before;
    assert_eq!((cost.outbound, cost.writes()), (1, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn status_shows_company_and_pending_documents() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    let status = load_page(&firm, "/v1/quickbooks/status").await;
    assert_eq!(
        (&status["status"], &status["reason"]["action"]),
        (&json!("disconnected"), &json!("connect"))
    );
    let held = firm
        .deliver("evt_03", harbor_point().unwrap()[2].body)
        .await
        .unwrap();
    assert_eq!(held.body["outcome"], "held");
    firm.connect().await.unwrap();
    let status = load_page(&firm, "/v1/quickbooks/status").await;
    assert_eq!(status["status"], "connected");
    assert_eq!(status["company"]["name"], "Harbor Electric LLC");
    assert_eq!(status["setup"]["complete"], false);
    assert_eq!(status["sync"]["pending"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_settings_let_next_run_post() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    firm.connect().await.unwrap();
    let held = firm
        .deliver("evt_03", harbor_point().unwrap()[2].body)
        .await
        .unwrap();
    assert_eq!(held.body["outcome"], "held");
    firm.map_accounts(|_| {}).await.unwrap();
    let run = get("/v1/scheduled/sync?key=scheduler-secret-of-the-demo");
    let report = send(&deployment, run, "").await;
    assert_eq!((report.status, &report.body["posted"]), (200, &json!(1)));
    let document = load_page(&firm, "/v1/quickbooks/documents/pay_app/pa_1042_1").await;
    assert_eq!(document["state"], "posted");
    assert_eq!(document["quickbooks"][0]["number"], "1042-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_mode_posts_on_sync_now() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    firm.connect().await.unwrap();
    firm.map_accounts(|settings| settings["sync"]["mode"] = "manual".into())
        .await
        .unwrap();
    let held = firm
        .deliver("evt_03", harbor_point().unwrap()[2].body)
        .await
        .unwrap();
    assert_eq!(held.body["outcome"], "held");
    let asked = json!({ "documents": [{ "kind": "pay_app", "id": "pa_1042_1" }] });
    let synced = firm
        .call(Request::post("/v1/quickbooks/sync"), Some(&asked))
        .await
        .unwrap();
    assert_eq!((synced.status, &synced.body["posted"]), (202, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn schedule_refreshes_expiring_token() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    firm.connect().await.unwrap();
    deployment.advance(Duration::from_secs(50 * 60));
    let run = || get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo");
    let report = send(&deployment, run(), "").await;
    assert_eq!(
        (&report.body["due"], &report.body["refreshed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(send(&deployment, run(), "").await.body["due"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn preview_matches_posted_plan_without_posting() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let body = harbor_point().unwrap()[2].body;
    let event = serde_json::from_str(body).unwrap();
    let preview = Request::post("/v1/quickbooks/preview");
    let preview = firm.call(preview, Some(&event)).await.unwrap();
    assert_eq!(preview.status, 200, "{}", preview.body);
    assert_eq!(
        deployment
            .simulator()
            .entities(&firm.realm, "Invoice")
            .count(),
        0
    );
    firm.deliver("evt_03", body).await.unwrap();
    let document = load_page(&firm, "/v1/quickbooks/documents/pay_app/pa_1042_1").await;
    assert_eq!(document["plan_hash"], preview.body["plan_hash"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn checkup_is_shown_to_each_role() {
    let deployment = start_deployment().await;
    let page = || get("/v1/quickbooks/checkup");
    assert_eq!(send(&deployment, page(), "").await.status, 401);
    let firm = new_firm(&deployment);
    let early = firm.call(page(), None).await.unwrap();
    assert_eq!(
        (early.status, &early.body["code"]),
        (409, &json!("not_connected"))
    );
    firm.connect().await.unwrap();
    firm.map_accounts(|_| {}).await.unwrap();
    let now = deployment.now().as_second();
    for role in ["owner", "manager", "staff", "viewer"] {
        let claims = json!({ "iss": "rivet", "aud": "rivet-books", "sub": "usr_1", "firm": firm.id,
            "role": role, "plan": "pro", "exp": now + 60 });
        let token = deployment.rivet.token(&claims.to_string());
        let request = page().header("authorization", format!("Bearer {token}"));
        let answer = send(&deployment, request, "").await;
        assert_eq!(answer.status, 200, "{role}: {}", answer.body);
        assert_eq!(answer.body["checks"][0]["code"], "country");
        assert_eq!(answer.body["checks"][0]["state"], "pass");
    }
    let wrong = Request::post("/v1/quickbooks/checkup");
    assert_eq!(send(&deployment, wrong, "").await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn description_is_served_once_per_version() {
    let deployment = start_deployment().await;
    let first = send(&deployment, get("/v1/openapi.json"), "").await;
    assert_eq!(
        (first.status, &first.body["openapi"]),
        (200, &json!("3.1.0"))
    );
    let tag = first.headers["etag"].clone();
    let again = get("/v1/openapi.json").header("if-none-match", tag);
    assert_eq!(send(&deployment, again, "").await.status, 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnect_requires_confirmation_and_keeps_history() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let unconfirmed = disconnect(&firm, Confirmation::Missing).await;
    assert_eq!(
        (unconfirmed.status, &unconfirmed.body["field"]),
        (422, &json!("confirm"))
    );
    let ended = disconnect(&firm, Confirmation::Given).await;
    assert_eq!(
        (ended.status, &ended.body["status"]),
        (200, &json!("disconnected"))
    );
    let held = firm
        .deliver("evt_03", harbor_point().unwrap()[2].body)
        .await
        .unwrap();
    assert_eq!(held.body["outcome"], "held");
    assert_connect_outcome(&firm, "quickbooks=reconnected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_answers_contain_no_secret() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let mut answers = String::new();
    for step in harbor_point().unwrap() {
        answers += &firm
            .deliver(step.name, step.body)
            .await
            .unwrap()
            .body
            .to_string();
    }
    for path in [
        "status",
        "settings",
        "activity",
        "tie-out",
        "retainage",
        "documents/pay_app/pa_1042_1",
    ] {
        let path = format!("/v1/quickbooks/{path}");
        answers += &load_page(&firm, &path).await.to_string();
    }
    let secrets = deployment.simulator().issued_secrets();
    assert!(secrets.len() >= 4 && !deployment.logs.lines().is_empty());
    for secret in secrets.iter().chain([&deployment.rivet.session_secret]) {
        assert!(!deployment.logs.contain(secret) && !answers.contains(secret.as_str()));
    }
}
