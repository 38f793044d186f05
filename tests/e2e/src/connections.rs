//! Token refresh, notifications about connections and the end of connections, through the real components.

use super::{
    Confirmation, assert_connect_outcome, connect_firm, disconnect, get, load_page, new_firm, send,
    start_deployment,
};
use host::demo::firm::Answer;
use host::demo::local_deployment::LocalDeployment;
use host::demo::notification_receiver::Availability;
use http::Request;
use http::header::LOCATION;
use samples::story::harbor_point;
use serde_json::json;
use simulator::{Company, Effect, Injection};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// Calls the scheduled token refresh.
async fn refresh_tokens(deployment: &LocalDeployment) -> Answer {
    let run = get("/v1/scheduled/token-refresh?key=scheduler-secret-of-the-demo");
    send(deployment, run, "").await
}

/// Returns the types of the notifications that RIVET accepted.
fn notification_types(deployment: &LocalDeployment) -> Vec<String> {
    let notifications = deployment.notifications.accepted();
    let types = notifications
        .iter()
        .map(|notification| notification.body["type"].as_str().unwrap().to_owned());
    types.collect()
}

/// Returns the address of a redirect.
fn redirect_address(answer: &Answer) -> &str {
    answer.headers[LOCATION].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn lapse_and_repair_send_signed_notifications() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
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
        refresh_tokens(&deployment).await.body["needs_reauthorization"],
        1
    );
    assert!(notification_types(&deployment).is_empty());
    deployment.notifications.set_availability(Availability::Up);
    deployment.advance(HOUR);
    refresh_tokens(&deployment).await;
    assert_connect_outcome(&firm, "quickbooks=reconnected").await;
    refresh_tokens(&deployment).await;
    refresh_tokens(&deployment).await;
    assert_eq!(
        notification_types(&deployment),
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
    let firm = connect_firm(&deployment).await;
    let posted = harbor_point().unwrap()[2].body;
    firm.deliver("evt_03", posted).await.unwrap();
    refresh_tokens(&deployment).await;
    refresh_tokens(&deployment).await;
    let notifications = deployment.notifications.accepted();
    let ids: Vec<_> = notifications
        .iter()
        .map(|notification| notification.id.as_str())
        .collect();
    assert_eq!(ids, ["document_firm_harbor_0"]);
    assert_eq!(notifications[0].body["type"], "document.posted");
    let document = json!({ "kind": "pay_app", "id": "pa_1042_1" });
    assert_eq!(notifications[0].body["data"]["document"], document);
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnect_landing_page_verifies_with_intuit() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    let visit = || {
        get(&format!(
            "/v1/quickbooks/disconnected?realmId={}",
            firm.realm
        ))
    };
    let status = async || load_page(&firm, "/v1/quickbooks/status").await["status"].clone();
    let unconfirmed = send(&deployment, visit(), "").await;
    assert_eq!(
        (unconfirmed.status, status().await),
        (302, json!("connected"))
    );
    deployment
        .simulator()
        .person(&firm.realm)
        .unwrap()
        .disconnect_app();
    deployment.advance(Duration::from_hours(1));
    let ended = send(&deployment, visit(), "").await;
    assert_eq!(redirect_address(&ended), redirect_address(&unconfirmed));
    assert_eq!(status().await, "needs_reauthorization");
    let without_company = send(&deployment, get("/v1/quickbooks/disconnected"), "").await;
    assert!(redirect_address(&without_company).ends_with("/?quickbooks=disconnected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnect_landing_page_redirects_to_rivet() {
    let deployment = start_deployment().await;
    let visit = get("/v1/quickbooks/reconnect?realmId=310687");
    let answer = send(&deployment, visit, "").await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (302, &"no-store".parse().unwrap())
    );
    assert!(redirect_address(&answer).ends_with("/?quickbooks=reconnect"));
}

#[tokio::test(flavor = "multi_thread")]
async fn different_company_is_refused_naming_both() {
    let deployment = start_deployment().await;
    let mut firm = connect_firm(&deployment).await;
    firm.realm = deployment
        .simulator()
        .add_company(Company::new("Harbor Holdings Inc"));
    assert_connect_outcome(&firm, "quickbooks=failed&code=other_company").await;
    let status = load_page(&firm, "/v1/quickbooks/status").await;
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
    let firm = connect_firm(&deployment).await;
    let outage = Injection::new(Effect::Unavailable).path_containing("/tokens/revoke");
    deployment.simulator().inject(outage);
    let ended = disconnect(&firm, Confirmation::Given).await;
    assert_eq!(
        (ended.status, &ended.body["status"]),
        (200, &json!("disconnected"))
    );
    let mut other = new_firm(&deployment);
    (other.id, other.realm) = ("firm_other".into(), firm.realm.clone());
    assert_connect_outcome(&other, "code=company_taken").await;
    deployment.advance(Duration::from_secs(360));
    assert_eq!(refresh_tokens(&deployment).await.status, 200);
    assert_connect_outcome(&other, "connected").await;
}

/// The record is sealed with a key that is missing. Once the key is back, the record opens again.
#[tokio::test(flavor = "multi_thread")]
async fn missing_encryption_key_reports_store_unavailable() {
    let deployment = start_deployment().await;
    let firm = new_firm(&deployment);
    firm.connect().await.unwrap();
    let key = "rivet-books:connection:firm_harbor";
    let store = deployment.app.store("default");
    let record = String::from_utf8(store.get(key).unwrap().unwrap()).unwrap();
    store
        .set(key, record.replace("\"demo.", "\"gone.").as_bytes())
        .unwrap();
    let customers = || get("/v1/quickbooks/customers?q=Turner");
    let answer = firm.call(customers(), None).await.unwrap();
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (503, &json!("store_unavailable"))
    );
    store.set(key, record.as_bytes()).unwrap();
    assert_eq!(firm.call(customers(), None).await.unwrap().status, 200);
}

/// The second click finds what the first one did.
#[tokio::test(flavor = "multi_thread")]
async fn repeated_posts_do_no_harm() {
    let deployment = start_deployment().await;
    let firm = connect_firm(&deployment).await;
    firm.deliver("evt_03", harbor_point().unwrap()[2].body)
        .await
        .unwrap();
    let post = async |path: &str| firm.call(Request::post(path), None).await.unwrap();
    let link = async || post("/v1/quickbooks/connect").await;
    let (one, other) = (link().await, link().await);
    assert_eq!([one.status, other.status], [201, 201]);
    assert_ne!(one.body["connect_url"], other.body["connect_url"]);
    for _ in 0..2 {
        assert_eq!(post("/v1/quickbooks/sync").await.status, 202);
    }
    let invoices = deployment
        .simulator()
        .entities(&firm.realm, "Invoice")
        .count();
    assert_eq!(invoices, 1);
    for _ in 0..2 {
        let ended = disconnect(&firm, Confirmation::Given).await;
        let answer = (ended.status, &ended.body["status"]);
        assert_eq!(answer, (200, &json!("disconnected")));
    }
}
