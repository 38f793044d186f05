use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::test_client::TestClient;
use crate::{Commit, Company, Effect, Injection, Simulator};

mod order;
mod payloads;
mod rough;

const URL: &str = "http://127.0.0.1:3000/v1/quickbooks/events";

/// A connected company whose changes are told.
fn client(subscription: Subscription) -> TestClient {
    let mut client = TestClient::new();
    client.simulator.subscribe(subscription);
    client
}

fn subscription() -> Subscription {
    Subscription::new(URL, "verifier-1")
}

/// What is due now.
fn due(client: &mut TestClient) -> Vec<Delivery> {
    let now = client.simulator.now();
    client.simulator.deliveries(now)
}

/// The one delivery that is due now.
fn one(client: &mut TestClient) -> Delivery {
    let mut due = due(client);
    assert_eq!(due.len(), 1);
    due.remove(0)
}

fn answer(client: &mut TestClient, id: u64, answer: Answer) {
    let now = client.simulator.now();
    client.simulator.delivered(id, answer, now);
}

fn after(client: &mut TestClient, seconds: i64) {
    client.simulator.advance(SignedDuration::from_secs(seconds));
}

fn customer(client: &mut TestClient, name: &str) -> String {
    let (_, answer) = client.post("customer", json!({ "DisplayName": name }));
    answer["Customer"]["Id"].as_str().unwrap().to_owned()
}

fn events(delivery: &Delivery) -> Vec<Value> {
    serde_json::from_slice(&delivery.body).unwrap()
}

/// `invoice created`, `payment voided` and so on.
fn told(delivery: &Delivery) -> Vec<String> {
    let word = |event: &Value| {
        let parts: Vec<&str> = event["type"].as_str().unwrap().split('.').collect();
        format!("{} {}", parts[1], parts[2])
    };
    events(delivery).iter().map(word).collect()
}

/// Accepts everything until nothing is left, and gives every delivery with its time.
fn drain(simulator: &mut Simulator) -> Vec<(Timestamp, Delivery)> {
    let mut all = Vec::new();
    while let Some(at) = simulator.next_delivery_at() {
        for delivery in simulator.deliveries(at) {
            simulator.delivered(delivery.id, Answer::Status(200), at);
            all.push((at, delivery));
        }
    }
    all
}

#[test]
fn a_write_of_the_app_comes_back_to_it_at_once_and_once() {
    let mut client = client(subscription());
    let id = customer(&mut client, "Turner Bay");
    assert_eq!(
        client.simulator.next_delivery_at(),
        Some(client.simulator.now())
    );
    let delivery = one(&mut client);
    assert_eq!(delivery.url, URL);
    let events = events(&delivery);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["intuitentityid"], id);
    assert_eq!(events[0]["intuitaccountid"], client.realm);
    answer(&mut client, delivery.id, Answer::Status(200));
    assert_eq!(client.simulator.next_delivery_at(), None);
    assert_eq!(due(&mut client), []);
}

#[test]
fn a_payment_is_told_with_the_invoice_that_it_pays() {
    let mut client = client(subscription());
    let (customer, invoice) = client.invoice("Turner Bay", 100);
    drain(&mut client.simulator);
    client.post(
        "payment",
        crate::test_company::payment(&customer, "Invoice", &invoice, 40_00),
    );
    assert_eq!(
        told(&one(&mut client)),
        ["payment created", "invoice updated"]
    );
}

#[test]
fn a_write_whose_answer_is_lost_is_told_all_the_same() {
    for (commit, told) in [(Commit::After, 1), (Commit::Before, 0)] {
        let mut client = client(subscription());
        client
            .simulator
            .inject(Injection::new(Effect::Dropped(commit)));
        let request = client.json_post("customer");
        let body = json!({"DisplayName": "Turner Bay"}).to_string();
        assert!(client.reply(request, body.as_bytes()).answer().is_none());
        assert_eq!(drain(&mut client.simulator).len(), told, "{commit:?}");
    }
}

#[test]
fn each_write_of_a_batch_is_told() {
    let mut client = client(subscription());
    let item =
        |id: &str| json!({"bId": id, "operation": "create", "Customer": {"DisplayName": id}});
    let (status, _) = client.post(
        "batch",
        json!({"BatchItemRequest": [item("one"), item("two")]}),
    );
    assert_eq!(status, 200);
    assert_eq!(
        told(&one(&mut client)),
        ["customer created", "customer created"]
    );
}

#[test]
fn what_quickbooks_does_by_itself_is_told_too() {
    let mut client = TestClient::with(Company::new("Harbor").auto_apply_credit(true));
    let (customer, _) = client.invoice("Turner Bay", 100);
    let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 30});
    client.simulator.subscribe(subscription());
    client.post("payment", body);
    drain(&mut client.simulator);
    let item = client
        .simulator
        .find(&client.realm, "Item", "Work")
        .unwrap();
    let line = crate::test_company::line(&item, 50_00);
    client.post(
        "invoice",
        json!({"CustomerRef": {"value": customer}, "Line": [line]}),
    );
    let told = told(&one(&mut client));
    assert_eq!(
        told,
        ["invoice created", "payment updated", "invoice updated"]
    );
}

#[test]
fn a_replayed_request_and_a_refused_one_are_no_changes() {
    let mut client = client(subscription());
    let body = json!({"DisplayName": "Turner Bay"});
    for _ in 0..2 {
        client.post("customer?requestid=r1", body.clone());
    }
    assert_eq!(client.post("customer?requestid=r2", body).0, 400);
    assert_eq!(told(&one(&mut client)), ["customer created"]);
}

#[test]
fn what_happened_before_the_subscription_is_not_told() {
    let mut client = TestClient::new();
    customer(&mut client, "Turner Bay");
    client.simulator.subscribe(subscription());
    assert_eq!(client.simulator.next_delivery_at(), None);
    customer(&mut client, "Ashgrove");
    assert_eq!(events(&one(&mut client)).len(), 1);
}

#[test]
fn a_company_is_silent_without_a_permission_that_stands() {
    let mut client = client(subscription());
    let realm = client.simulator.add_company(Company::new("Stranger"));
    let act = |client: &mut TestClient, realm: &str, name: &str| {
        let mut person = client.simulator.person(realm).unwrap();
        person
            .create("Customer", json!({ "DisplayName": name }))
            .unwrap();
    };
    act(&mut client, &realm, "Before");
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.grant(&realm).unwrap();
    act(&mut client, &realm, "While");
    assert_eq!(events(&one(&mut client)).len(), 1);
    client.simulator.person(&realm).unwrap().disconnect_app();
    drain(&mut client.simulator);
    act(&mut client, &realm, "After");
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.grant(&realm).unwrap();
    assert_eq!(client.simulator.next_delivery_at(), None, "missed for good");
}

#[test]
fn a_permission_that_ran_out_is_none() {
    let mut client = client(subscription());
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
fn only_what_was_asked_for_is_told() {
    let mut client = client(
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
    assert_eq!(told(&one(&mut client)), ["invoice updated"]);
}

#[test]
fn the_signature_is_of_the_body_and_the_present_token() {
    let mut client = client(subscription());
    customer(&mut client, "Turner Bay");
    let first = one(&mut client);
    let signature = |delivery: &Delivery| delivery.headers["intuit-signature"].clone();
    assert_eq!(
        signature(&first),
        signature::sign("verifier-1", &first.body).as_str()
    );
    answer(&mut client, first.id, Answer::Status(403));
    client.simulator.rotate_verifier_token("verifier-2");
    after(&mut client, 10);
    let second = one(&mut client);
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
fn a_new_subscription_starts_with_nothing_on_its_way() {
    let mut client = client(subscription());
    customer(&mut client, "Turner Bay");
    let delivery = one(&mut client);
    customer(&mut client, "Ashgrove");
    client
        .simulator
        .subscribe(Subscription::new("http://127.0.0.1:3001/", "verifier-2"));
    answer(&mut client, delivery.id, Answer::NoAnswer);
    assert_eq!(client.simulator.next_delivery_at(), None);
    client.simulator.unsubscribe();
    customer(&mut client, "Hillcrest");
    assert_eq!(due(&mut client), []);
}
