use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::desk::Desk;
use crate::{Commit, Company, Effect, Injection, Simulator};

mod order;
mod payloads;
mod rough;

const URL: &str = "http://127.0.0.1:3000/v1/quickbooks/events";

/// A connected company whose changes are told.
fn desk(subscription: Subscription) -> Desk {
    let mut desk = Desk::new();
    desk.simulator.subscribe(subscription);
    desk
}

fn subscription() -> Subscription {
    Subscription::new(URL, "verifier-1")
}

/// What is due now.
fn due(desk: &mut Desk) -> Vec<Delivery> {
    let now = desk.simulator.now();
    desk.simulator.deliveries(now)
}

/// The one delivery that is due now.
fn one(desk: &mut Desk) -> Delivery {
    let mut due = due(desk);
    assert_eq!(due.len(), 1);
    due.remove(0)
}

fn answer(desk: &mut Desk, id: u64, answer: Answer) {
    let now = desk.simulator.now();
    desk.simulator.delivered(id, answer, now);
}

fn after(desk: &mut Desk, seconds: i64) {
    desk.simulator.advance(SignedDuration::from_secs(seconds));
}

fn customer(desk: &mut Desk, name: &str) -> String {
    let (_, answer) = desk.post("customer", json!({ "DisplayName": name }));
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
    let mut desk = desk(subscription());
    let id = customer(&mut desk, "Turner Bay");
    assert_eq!(
        desk.simulator.next_delivery_at(),
        Some(desk.simulator.now())
    );
    let delivery = one(&mut desk);
    assert_eq!(delivery.url, URL);
    let events = events(&delivery);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["intuitentityid"], id);
    assert_eq!(events[0]["intuitaccountid"], desk.realm);
    answer(&mut desk, delivery.id, Answer::Status(200));
    assert_eq!(desk.simulator.next_delivery_at(), None);
    assert_eq!(due(&mut desk), []);
}

#[test]
fn a_payment_is_told_with_the_invoice_that_it_pays() {
    let mut desk = desk(subscription());
    let (customer, invoice) = desk.invoice("Turner Bay", 100);
    drain(&mut desk.simulator);
    desk.post(
        "payment",
        crate::bench::payment(&customer, "Invoice", &invoice, 40_00),
    );
    assert_eq!(
        told(&one(&mut desk)),
        ["payment created", "invoice updated"]
    );
}

#[test]
fn a_write_whose_answer_is_lost_is_told_all_the_same() {
    for (commit, told) in [(Commit::After, 1), (Commit::Before, 0)] {
        let mut desk = desk(subscription());
        desk.simulator
            .inject(Injection::new(Effect::Dropped(commit)));
        let request = desk.json_post("customer");
        let body = json!({"DisplayName": "Turner Bay"}).to_string();
        assert!(desk.reply(request, body.as_bytes()).answer().is_none());
        assert_eq!(drain(&mut desk.simulator).len(), told, "{commit:?}");
    }
}

#[test]
fn each_write_of_a_batch_is_told() {
    let mut desk = desk(subscription());
    let item =
        |id: &str| json!({"bId": id, "operation": "create", "Customer": {"DisplayName": id}});
    let (status, _) = desk.post(
        "batch",
        json!({"BatchItemRequest": [item("one"), item("two")]}),
    );
    assert_eq!(status, 200);
    assert_eq!(
        told(&one(&mut desk)),
        ["customer created", "customer created"]
    );
}

#[test]
fn what_quickbooks_does_by_itself_is_told_too() {
    let mut desk = Desk::with(Company::new("Harbor").auto_apply_credit(true));
    let (customer, _) = desk.invoice("Turner Bay", 100);
    let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 30});
    desk.simulator.subscribe(subscription());
    desk.post("payment", body);
    drain(&mut desk.simulator);
    let item = desk.simulator.find(&desk.realm, "Item", "Work").unwrap();
    let line = crate::bench::line(&item, 50_00);
    desk.post(
        "invoice",
        json!({"CustomerRef": {"value": customer}, "Line": [line]}),
    );
    let told = told(&one(&mut desk));
    assert_eq!(
        told,
        ["invoice created", "payment updated", "invoice updated"]
    );
}

#[test]
fn a_replayed_request_and_a_refused_one_are_no_changes() {
    let mut desk = desk(subscription());
    let body = json!({"DisplayName": "Turner Bay"});
    for _ in 0..2 {
        desk.post("customer?requestid=r1", body.clone());
    }
    assert_eq!(desk.post("customer?requestid=r2", body).0, 400);
    assert_eq!(told(&one(&mut desk)), ["customer created"]);
}

#[test]
fn what_happened_before_the_subscription_is_not_told() {
    let mut desk = Desk::new();
    customer(&mut desk, "Turner Bay");
    desk.simulator.subscribe(subscription());
    assert_eq!(desk.simulator.next_delivery_at(), None);
    customer(&mut desk, "Ashgrove");
    assert_eq!(events(&one(&mut desk)).len(), 1);
}

#[test]
fn a_company_is_silent_without_a_permission_that_stands() {
    let mut desk = desk(subscription());
    let realm = desk.simulator.add_company(Company::new("Stranger"));
    let act = |desk: &mut Desk, realm: &str, name: &str| {
        let mut person = desk.simulator.person(realm).unwrap();
        person
            .create("Customer", json!({ "DisplayName": name }))
            .unwrap();
    };
    act(&mut desk, &realm, "Before");
    assert_eq!(desk.simulator.next_delivery_at(), None);
    desk.simulator.grant(&realm).unwrap();
    act(&mut desk, &realm, "While");
    assert_eq!(events(&one(&mut desk)).len(), 1);
    desk.simulator.person(&realm).unwrap().disconnect_app();
    drain(&mut desk.simulator);
    act(&mut desk, &realm, "After");
    assert_eq!(desk.simulator.next_delivery_at(), None);
    desk.simulator.grant(&realm).unwrap();
    assert_eq!(desk.simulator.next_delivery_at(), None, "missed for good");
}

#[test]
fn a_permission_that_ran_out_is_none() {
    let mut desk = desk(subscription());
    desk.simulator.advance(SignedDuration::from_hours(102 * 24));
    let realm = desk.realm.clone();
    let mut person = desk.simulator.person(&realm).unwrap();
    person
        .create("Customer", json!({"DisplayName": "X"}))
        .unwrap();
    assert_eq!(desk.simulator.next_delivery_at(), None);
}

#[test]
fn only_what_was_asked_for_is_told() {
    let mut desk = desk(
        subscription()
            .entities(&["Invoice", "Payment"])
            .operations(&[Operation::Update, Operation::Delete]),
    );
    let (customer, invoice) = desk.invoice("Turner Bay", 100);
    assert_eq!(desk.simulator.next_delivery_at(), None);
    desk.post(
        "payment",
        crate::bench::payment(&customer, "Invoice", &invoice, 40_00),
    );
    assert_eq!(told(&one(&mut desk)), ["invoice updated"]);
}

#[test]
fn the_signature_is_of_the_body_and_the_present_token() {
    let mut desk = desk(subscription());
    customer(&mut desk, "Turner Bay");
    let first = one(&mut desk);
    let signature = |delivery: &Delivery| delivery.headers["intuit-signature"].clone();
    assert_eq!(
        signature(&first),
        signature::sign("verifier-1", &first.body).as_str()
    );
    answer(&mut desk, first.id, Answer::Status(403));
    desk.simulator.rotate_verifier_token("verifier-2");
    after(&mut desk, 10);
    let second = one(&mut desk);
    assert_eq!(second.body, first.body);
    assert_ne!(signature(&second), signature(&first));
    assert_eq!(
        signature(&second),
        signature::sign("verifier-2", &second.body).as_str()
    );
    let secrets = desk.simulator.issued_secrets();
    assert!(secrets.ends_with(&["verifier-1".to_owned(), "verifier-2".to_owned()]));
    assert!(!format!("{:?}", subscription()).contains("verifier"));
}

#[test]
fn a_new_subscription_starts_with_nothing_on_its_way() {
    let mut desk = desk(subscription());
    customer(&mut desk, "Turner Bay");
    let delivery = one(&mut desk);
    customer(&mut desk, "Ashgrove");
    desk.simulator
        .subscribe(Subscription::new("http://127.0.0.1:3001/", "verifier-2"));
    answer(&mut desk, delivery.id, Answer::NoAnswer);
    assert_eq!(desk.simulator.next_delivery_at(), None);
    desk.simulator.unsubscribe();
    customer(&mut desk, "Hillcrest");
    assert_eq!(due(&mut desk), []);
}
