//! How connections are kept, told of and ended, through the real components.

use super::{assert_lands_at, disconnect, firm, get, ready, send, shown, stage};
use host::demo::firm::Told;
use host::demo::stage::Stage;
use host::demo::story::harbor_point;
use http::header::LOCATION;
use serde_json::json;
use simulator::{Company, Effect, Injection};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

async fn look_after(stage: &Stage) -> Told {
    let run = get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo");
    send(stage, run, "").await
}

fn told(stage: &Stage) -> Vec<String> {
    let told = stage.inbox.told();
    let kinds = told
        .iter()
        .map(|told| told.body["type"].as_str().unwrap().to_owned());
    kinds.collect()
}

fn lands_at(told: &Told) -> &str {
    told.headers[LOCATION].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn lapse_and_repair_send_signed_notifications() {
    let stage = stage().await;
    let firm = ready(&stage).await;
    stage
        .simulator()
        .person(&firm.realm)
        .unwrap()
        .disconnect_app();
    stage.inbox.set_down(true);
    stage.advance(HOUR);
    assert_eq!(look_after(&stage).await.body["needs_reauthorization"], 1);
    assert!(told(&stage).is_empty());
    stage.inbox.set_down(false);
    stage.advance(HOUR);
    look_after(&stage).await;
    assert_lands_at(&firm, "quickbooks=reconnected").await;
    look_after(&stage).await;
    look_after(&stage).await;
    assert_eq!(
        told(&stage),
        ["connection.needs_reauthorization", "connection.restored"]
    );
    assert_eq!(
        stage.inbox.told()[0].body["data"]["reason"]["action"],
        "reconnect"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn next_run_notifies_about_posted_document() {
    let stage = stage().await;
    let firm = ready(&stage).await;
    let posted = harbor_point().unwrap()[2].body;
    firm.deliver("evt_03", posted).await.unwrap();
    look_after(&stage).await;
    look_after(&stage).await;
    let told = stage.inbox.told();
    let ids: Vec<_> = told.iter().map(|told| told.id.as_str()).collect();
    assert_eq!(ids, ["document_firm_harbor_0"]);
    assert_eq!(told[0].body["type"], "document.posted");
    let document = json!({ "kind": "pay_app", "id": "pa_1042_1" });
    assert_eq!(told[0].body["data"]["document"], document);
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnect_landing_page_verifies_with_intuit() {
    let stage = stage().await;
    let firm = ready(&stage).await;
    let visit = || {
        get(&format!(
            "/v1/quickbooks/disconnected?realmId={}",
            firm.realm
        ))
    };
    let status = async || shown(&firm, "/v1/quickbooks/status").await["status"].clone();
    let merely_said = send(&stage, visit(), "").await;
    assert_eq!(
        (merely_said.status, status().await),
        (302, json!("connected"))
    );
    stage
        .simulator()
        .person(&firm.realm)
        .unwrap()
        .disconnect_app();
    stage.advance(Duration::from_secs(60));
    let ended = send(&stage, visit(), "").await;
    assert_eq!(lands_at(&ended), lands_at(&merely_said));
    assert_eq!(status().await, "needs_reauthorization");
    let nobody = send(&stage, get("/v1/quickbooks/disconnected"), "").await;
    assert!(lands_at(&nobody).ends_with("/?quickbooks=disconnected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnect_landing_page_redirects_to_rivet() {
    let stage = stage().await;
    let visit = get("/v1/quickbooks/reconnect?realmId=310687");
    let told = send(&stage, visit, "").await;
    assert_eq!(
        (told.status, &told.headers["cache-control"]),
        (302, &"no-store".parse().unwrap())
    );
    assert!(lands_at(&told).ends_with("/?quickbooks=reconnect"));
}

#[tokio::test(flavor = "multi_thread")]
async fn different_company_is_refused_naming_both() {
    let stage = stage().await;
    let mut firm = ready(&stage).await;
    firm.realm = stage
        .simulator()
        .add_company(Company::new("Harbor Holdings Inc"));
    assert_lands_at(&firm, "quickbooks=failed&code=other_company").await;
    let status = shown(&firm, "/v1/quickbooks/status").await;
    assert_eq!(
        (&status["status"], &status["company"]["name"]),
        (&json!("connected"), &json!("Harbor Electric LLC"))
    );
    let message = status["last_attempt"]["message"].as_str().unwrap();
    assert!(message.contains("Harbor Electric LLC") && message.contains("Harbor Holdings Inc"));
    let accounts = get("/v1/quickbooks/accounts?for=retainage");
    assert_eq!(firm.call(accounts, None).await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn schedule_finishes_disconnect_after_intuit_outage() {
    let stage = stage().await;
    let firm = ready(&stage).await;
    let away = Injection::new(Effect::Unavailable).path("/tokens/revoke");
    stage.simulator().inject(away);
    let ended = disconnect(&firm, true).await;
    assert_eq!(
        (ended.status, &ended.body["status"]),
        (200, &json!("disconnected"))
    );
    let mut other = super::firm(&stage);
    (other.id, other.realm) = ("firm_other".into(), firm.realm.clone());
    assert_lands_at(&other, "code=company_taken").await;
    stage.advance(Duration::from_secs(360));
    assert_eq!(look_after(&stage).await.status, 200);
    assert_lands_at(&other, "quickbooks=connected").await;
}

/// The grant was given with a key that is taken away: nothing is lost, the records open again with it.
#[tokio::test(flavor = "multi_thread")]
async fn missing_encryption_key_reports_store_unavailable() {
    let stage = stage().await;
    let firm = firm(&stage);
    firm.connect().await.unwrap();
    let key = "rivet-books/connection/firm_harbor";
    let store = stage.app.store("default");
    let record = String::from_utf8(store.get(key).unwrap().unwrap()).unwrap();
    store
        .set(key, record.replace("\"demo.", "\"gone.").as_bytes())
        .unwrap();
    let told = firm.call(get("/v1/quickbooks/status"), None).await.unwrap();
    assert_eq!(
        (told.status, &told.body["code"]),
        (503, &json!("store_unavailable"))
    );
    store.set(key, record.as_bytes()).unwrap();
    let told = firm.call(get("/v1/quickbooks/status"), None).await.unwrap();
    assert_eq!(told.body["status"], "connected");
}
