use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::desk::Desk;
use crate::{Company, Simulator};

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
