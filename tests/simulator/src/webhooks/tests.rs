use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::test_client::TestClient;
use crate::{Commit, Company, Effect, Injection, Simulator};

mod attempts;
mod payloads;
mod unreliable_delivery;

const URL: &str = "http://127.0.0.1:3000/v1/quickbooks/events";

/// Returns a connected company whose changes send webhooks.
fn subscribed(subscription: Subscription) -> TestClient {
    let mut client = TestClient::new();
    client.simulator.subscribe(subscription);
    client
}

fn subscription() -> Subscription {
    Subscription::new(URL, "verifier-1")
}

/// Returns the deliveries that are due now.
fn due(client: &mut TestClient) -> Vec<Delivery> {
    let now = client.simulator.now();
    client.simulator.start_due_deliveries(now)
}

/// Returns the only delivery that is due now.
fn only_delivery(client: &mut TestClient) -> Delivery {
    let mut due = due(client);
    assert_eq!(due.len(), 1);
    due.remove(0)
}

fn report(client: &mut TestClient, id: u64, answer: Answer) {
    let now = client.simulator.now();
    client.simulator.report_delivery(id, answer, now);
}

fn advance(client: &mut TestClient, seconds: i64) {
    client.simulator.advance(SignedDuration::from_secs(seconds));
}

fn add_customer(client: &mut TestClient, name: &str) -> String {
    let (_, answer) = client.post("customer", json!({ "DisplayName": name }));
    answer["Customer"]["Id"].as_str().unwrap().to_owned()
}

fn events(delivery: &Delivery) -> Vec<Value> {
    serde_json::from_slice(&delivery.body).unwrap()
}

/// Returns events as words, such as `invoice created`.
fn event_names(delivery: &Delivery) -> Vec<String> {
    let word = |event: &Value| {
        let parts: Vec<&str> = event["type"].as_str().unwrap().split('.').collect();
        format!("{} {}", parts[1], parts[2])
    };
    events(delivery).iter().map(word).collect()
}

/// Accepts every delivery until none is left, and returns each with its time.
fn accept_all(simulator: &mut Simulator) -> Vec<(Timestamp, Delivery)> {
    let mut all = Vec::new();
    while let Some(at) = simulator.next_delivery_at() {
        for delivery in simulator.start_due_deliveries(at) {
            simulator.report_delivery(delivery.id, Answer::Status(200), at);
            all.push((at, delivery));
        }
    }
    all
}

#[test]
fn write_of_app_sends_one_event_at_once() {
    let mut client = subscribed(subscription());
    let id = add_customer(&mut client, "Turner Bay");
    assert_eq!(
        client.simulator.next_delivery_at(),
        Some(client.simulator.now())
    );
    let delivery = only_delivery(&mut client);
    assert_eq!(delivery.url, URL);
    let events = events(&delivery);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["intuitentityid"], id);
    assert_eq!(events[0]["intuitaccountid"], client.realm);
    report(&mut client, delivery.id, Answer::Status(200));
    assert_eq!(client.simulator.next_delivery_at(), None);
    assert_eq!(due(&mut client), []);
}

#[test]
fn payment_sends_its_own_and_invoice_event() {
    let mut client = subscribed(subscription());
    let (customer, invoice) = client.invoice("Turner Bay", 100);
    accept_all(&mut client.simulator);
    client.post(
        "payment",
        crate::test_company::payment(&customer, "Invoice", &invoice, 40_00),
    );
    assert_eq!(
        event_names(&only_delivery(&mut client)),
        ["payment created", "invoice updated"]
    );
}

#[test]
fn committed_write_without_answer_sends_event() {
    for (commit, count) in [(Commit::After, 1), (Commit::Before, 0)] {
        let mut client = subscribed(subscription());
        client
            .simulator
            .inject(Injection::new(Effect::Dropped(commit)));
        let request = client.json_post("customer");
        let body = json!({"DisplayName": "Turner Bay"}).to_string();
        assert!(client.reply(request, body.as_bytes()).answer().is_none());
        assert_eq!(accept_all(&mut client.simulator).len(), count, "{commit:?}");
    }
}

#[test]
fn each_write_of_batch_sends_event() {
    let mut client = subscribed(subscription());
    let item =
        |id: &str| json!({"bId": id, "operation": "create", "Customer": {"DisplayName": id}});
    let (status, _) = client.post(
        "batch",
        json!({"BatchItemRequest": [item("one"), item("two")]}),
    );
    assert_eq!(status, 200);
    assert_eq!(
        event_names(&only_delivery(&mut client)),
        ["customer created", "customer created"]
    );
}

#[test]
fn automatic_credit_application_sends_events() {
    let mut client = TestClient::with(Company::new("Harbor").auto_apply_credit(true));
    let (customer, _) = client.invoice("Turner Bay", 100);
    let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 30});
    client.simulator.subscribe(subscription());
    client.post("payment", body);
    accept_all(&mut client.simulator);
    let item = client
        .simulator
        .find(&client.realm, "Item", "Work")
        .unwrap();
    let line = crate::test_company::line(&item, 50_00);
    client.post(
        "invoice",
        json!({"CustomerRef": {"value": customer}, "Line": [line]}),
    );
    let names = event_names(&only_delivery(&mut client));
    assert_eq!(
        names,
        ["invoice created", "payment updated", "invoice updated"]
    );
}

#[test]
fn replayed_and_refused_requests_send_no_event() {
    let mut client = subscribed(subscription());
    let body = json!({"DisplayName": "Turner Bay"});
    for _ in 0..2 {
        client.post("customer?requestid=r1", body.clone());
    }
    assert_eq!(client.post("customer?requestid=r2", body).0, 400);
    assert_eq!(
        event_names(&only_delivery(&mut client)),
        ["customer created"]
    );
}

#[test]
fn change_before_subscription_sends_no_event() {
    let mut client = TestClient::new();
    add_customer(&mut client, "Turner Bay");
    client.simulator.subscribe(subscription());
    assert_eq!(client.simulator.next_delivery_at(), None);
    add_customer(&mut client, "Ashgrove");
    assert_eq!(events(&only_delivery(&mut client)).len(), 1);
}

#[test]
fn company_without_permission_sends_no_event() {
    let mut client = subscribed(subscription());
    let realm = client.simulator.add_company(Company::new("Stranger"));
    let act = |client: &mut TestClient, realm: &str, name: &str| {
        let mut person = client.simulator.person(realm).unwrap();
        person
            .create("Customer", json!({ "DisplayName": name }))
            .unwrap();
    };
    act(&mut client, &realm, "Before");
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.connect(&realm).unwrap();
    act(&mut client, &realm, "While");
    assert_eq!(events(&only_delivery(&mut client)).len(), 1);
    client.simulator.person(&realm).unwrap().disconnect_app();
    accept_all(&mut client.simulator);
    act(&mut client, &realm, "After");
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.connect(&realm).unwrap();
    assert_eq!(client.simulator.next_delivery_at(), None, "missed for good");
}

#[test]
fn expired_permission_sends_no_event() {
    let mut client = subscribed(subscription());
    client
        .simulator
        .advance(SignedDuration::from_hours(102 * 24));
    let realm = client.realm.clone();
    let mut person = client.simulator.person(&realm).unwrap();
    person
        .create("Customer", json!({"DisplayName": "X"}))
        .unwrap();
    assert_eq!(client.simulator.next_delivery_at(), None);
}

#[test]
fn subscription_limits_entities_and_operations() {
    let mut client = subscribed(
        subscription()
            .entities(&["Invoice", "Payment"])
            .operations(&[Operation::Update, Operation::Delete]),
    );
    let (customer, invoice) = client.invoice("Turner Bay", 100);
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.post(
        "payment",
        crate::test_company::payment(&customer, "Invoice", &invoice, 40_00),
    );
    assert_eq!(
        event_names(&only_delivery(&mut client)),
        ["invoice updated"]
    );
}

#[test]
fn signature_covers_body_with_present_token() {
    let mut client = subscribed(subscription());
    add_customer(&mut client, "Turner Bay");
    let first = only_delivery(&mut client);
    let signature = |delivery: &Delivery| delivery.headers["intuit-signature"].clone();
    assert_eq!(
        signature(&first),
        signature::sign("verifier-1", &first.body).as_str()
    );
    report(&mut client, first.id, Answer::Status(403));
    client.simulator.rotate_verifier_token("verifier-2");
    advance(&mut client, 10);
    let second = only_delivery(&mut client);
    assert_eq!(second.body, first.body);
    assert_ne!(signature(&second), signature(&first));
    assert_eq!(
        signature(&second),
        signature::sign("verifier-2", &second.body).as_str()
    );
    let secrets = client.simulator.issued_secrets();
    assert!(secrets.ends_with(&["verifier-1".to_owned(), "verifier-2".to_owned()]));
    assert!(!format!("{:?}", subscription()).contains("verifier"));
}

#[test]
fn new_subscription_starts_without_deliveries() {
    let mut client = subscribed(subscription());
    add_customer(&mut client, "Turner Bay");
    let delivery = only_delivery(&mut client);
    add_customer(&mut client, "Ashgrove");
    client
        .simulator
        .subscribe(Subscription::new("http://127.0.0.1:3001/", "verifier-2"));
    report(&mut client, delivery.id, Answer::NoAnswer);
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.unsubscribe();
    add_customer(&mut client, "Hillcrest");
    assert_eq!(due(&mut client), []);
}
