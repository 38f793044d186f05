//! How connections are kept, told of and ended, through the real components.

use super::{assert_lands_at, disconnect, firm, get, ready, send, shown, start_deployment};
use host::demo::firm::Answer;
use host::demo::local_deployment::LocalDeployment;
use host::demo::notification_receiver::Availability;
use host::demo::story::harbor_point;
use http::header::LOCATION;
use serde_json::json;
use simulator::{Company, Effect, Injection};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

async fn look_after(deployment: &LocalDeployment) -> Answer {
    let run = get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo");
    send(deployment, run, "").await
}

fn told(deployment: &LocalDeployment) -> Vec<String> {
    let told = deployment.notifications.accepted();
    let kinds = told
        .iter()
        .map(|told| told.body["type"].as_str().unwrap().to_owned());
    kinds.collect()
}

fn lands_at(told: &Answer) -> &str {
    told.headers[LOCATION].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn lapse_and_repair_send_signed_notifications() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    deployment
        .simulator()
        .person(&firm.realm)
        .unwrap()
        .disconnect_app();
    deployment
        .notifications
        .set_availability(Availability::Down);
    deployment.advance(HOUR);
    assert_eq!(
        look_after(&deployment).await.body["needs_reauthorization"],
        1
    );
    assert!(told(&deployment).is_empty());
    deployment.notifications.set_availability(Availability::Up);
    deployment.advance(HOUR);
    look_after(&deployment).await;
    assert_lands_at(&firm, "quickbooks=reconnected").await;
    look_after(&deployment).await;
    look_after(&deployment).await;
    assert_eq!(
        told(&deployment),
        ["connection.needs_reauthorization", "connection.restored"]
    );
    assert_eq!(
        deployment.notifications.accepted()[0].body["data"]["reason"]["action"],
        "reconnect"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn next_run_notifies_about_posted_document() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let posted = harbor_point().unwrap()[2].body;
    firm.deliver("evt_03", posted).await.unwrap();
    look_after(&deployment).await;
    look_after(&deployment).await;
    let told = deployment.notifications.accepted();
    let ids: Vec<_> = told.iter().map(|told| told.id.as_str()).collect();
    assert_eq!(ids, ["document_firm_harbor_0"]);
    assert_eq!(told[0].body["type"], "document.posted");
    let document = json!({ "kind": "pay_app", "id": "pa_1042_1" });
    assert_eq!(told[0].body["data"]["document"], document);
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnect_landing_page_verifies_with_intuit() {
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let visit = || {
        get(&format!(
            "/v1/quickbooks/disconnected?realmId={}",
            firm.realm
        ))
    };
    let status = async || shown(&firm, "/v1/quickbooks/status").await["status"].clone();
    let merely_said = send(&deployment, visit(), "").await;
    assert_eq!(
        (merely_said.status, status().await),
        (302, json!("connected"))
    );
    deployment
        .simulator()
        .person(&firm.realm)
        .unwrap()
        .disconnect_app();
    deployment.advance(Duration::from_secs(60));
    let ended = send(&deployment, visit(), "").await;
    assert_eq!(lands_at(&ended), lands_at(&merely_said));
    assert_eq!(status().await, "needs_reauthorization");
    let nobody = send(&deployment, get("/v1/quickbooks/disconnected"), "").await;
    assert!(lands_at(&nobody).ends_with("/?quickbooks=disconnected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnect_landing_page_redirects_to_rivet() {
    let deployment = start_deployment().await;
    let visit = get("/v1/quickbooks/reconnect?realmId=310687");
    let told = send(&deployment, visit, "").await;
    assert_eq!(
        (told.status, &told.headers["cache-control"]),
        (302, &"no-store".parse().unwrap())
    );
    assert!(lands_at(&told).ends_with("/?quickbooks=reconnect"));
}

#[tokio::test(flavor = "multi_thread")]
async fn different_company_is_refused_naming_both() {
    let deployment = start_deployment().await;
    let mut firm = ready(&deployment).await;
    firm.realm = deployment
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
    let deployment = start_deployment().await;
    let firm = ready(&deployment).await;
    let away = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    deployment.simulator().inject(away);
    let ended = disconnect(&firm, true).await;
    assert_eq!(
        (ended.status, &ended.body["status"]),
        (200, &json!("disconnected"))
    );
    let mut other = super::firm(&deployment);
    (other.id, other.realm) = ("firm_other".into(), firm.realm.clone());
    assert_lands_at(&other, "code=company_taken").await;
    deployment.advance(Duration::from_secs(360));
    assert_eq!(look_after(&deployment).await.status, 200);
    assert_lands_at(&other, "quickbooks=connected").await;
}

/// The grant was given with a key that is taken away: nothing is lost, the records open again with it.
#[tokio::test(flavor = "multi_thread")]
async fn missing_encryption_key_reports_store_unavailable() {
    let deployment = start_deployment().await;
    let firm = firm(&deployment);
    firm.connect().await.unwrap();
    let key = "rivet-books/connection/firm_harbor";
    let store = deployment.app.store("default");
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
