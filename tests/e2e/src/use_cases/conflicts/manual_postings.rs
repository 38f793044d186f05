//! What a bookkeeper posted by hand, and what is said of it in QuickBooks.

use super::{FIRST, NOTHING, PAY_APP, SECOND, assert_books, revised, view, voided};
use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::SyncMode;
use quickbooks::entity::TxnType;
use serde_json::{Value, json};
use store::document::decision::{Decision, DecisionKind};

const ASHGROVE: &str = "Ashgrove Builders, Inc.";

/// A bookkeeper posts the pay app by hand while it waits: gives the ids of the invoice and the entry.
fn by_hand(world: &World, customer: &str, net: &str, retainage: &str) -> Vec<(TxnType, String)> {
    let accounts = world.accounts();
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let known = world.simulator().find(&world.realm, "Customer", customer);
    let customer =
        known.unwrap_or_else(|| world.enter("Customer", json!({ "DisplayName": customer })));
    let item = json!({ "Name": format!("Work {net}"), "Type": "Service", "IncomeAccountRef": { "value": accounts.revenue } });
    let item = world.enter("Item", item);
    let invoice = json!({ "CustomerRef": { "value": customer }, "TxnDate": "2026-03-31", "Line": [
        { "Amount": number(net), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": { "ItemRef": { "value": item } } }] });
    let line = |account: &str, side: &str| {
        json!({ "Amount": number(retainage), "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": {
            "PostingType": side, "AccountRef": { "value": account },
            "Entity": { "Type": "Customer", "EntityRef": { "value": customer } } } })
    };
    let entry = json!({ "TxnDate": "2026-03-31", "Line": [line(&accounts.retainage, "Debit"), line(&accounts.revenue, "Credit")] });
    vec![
        (TxnType::Invoice, world.enter("Invoice", invoice)),
        (TxnType::JournalEntry, world.enter("JournalEntry", entry)),
    ]
}

fn waiting_for_a_person() -> World {
    let world = World::usual();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(body("04")), Outcome::Held);
    world
}

fn mark(world: &World, objects: Vec<(TxnType, String)>) -> Value {
    let decision = Decision {
        objects,
        ..world.decision(DecisionKind::Posted)
    };
    world.settle(PAY_APP, &decision).unwrap();
    world.next_run();
    view(world)
}

impl World {
    /// By the next morning everything that changed was looked at.
    fn a_quiet_night(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.next_run();
    }
}

#[test]
fn verified_manual_posting_supports_revision_and_void() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    world.simulator().clear_traffic();
    let marked = mark(&world, objects);
    assert_eq!(marked["state"], "posted", "{marked}");
    assert_books(&world, FIRST, "marked");
    assert_eq!(marked["quickbooks"].as_array().unwrap().len(), 2);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(body("06")), Outcome::Posted);
    assert_books(&world, SECOND, "revised");
    voided(&world, 2);
    assert_books(&world, NOTHING, "voided");
}

#[test]
fn differing_manual_posting_is_refused_naming_difference() {
    let cases: [(&str, &str, &str, usize, &str); 4] = [
        (
            ASHGROVE,
            "8106.66",
            "426.67",
            2,
            "comes to 8106.66, and the document to 8106.65",
        ),
        (
            ASHGROVE,
            "8106.65",
            "426.66",
            2,
            "comes to 426.66, and the document to 426.67",
        ),
        (ASHGROVE, "8106.65", "426.67", 1, "Journal Entry is missing"),
        (
            "Turner Bay Constructors",
            "8106.65",
            "426.67",
            2,
            "is of another customer (Turner Bay Constructors)",
        ),
    ];
    for (customer, net, retainage, named, difference) in cases {
        let world = waiting_for_a_person();
        by_hand(&world, ASHGROVE, "1.00", "1.00");
        let objects = by_hand(&world, customer, net, retainage);
        let told = mark(&world, objects[..named].to_vec());
        assert_eq!(
            (&told["state"], &told["reason"]["code"]),
            (&json!("failed"), &json!("not_as_marked"))
        );
        let message = told["reason"]["message"].as_str().unwrap();
        assert!(message.contains(difference), "{message}");
    }
}

#[test]
fn missing_or_foreign_object_is_no_manual_posting() {
    let world = waiting_for_a_person();
    by_hand(&world, ASHGROVE, "1.00", "1.00");
    let none = [(TxnType::Invoice, "999"), (TxnType::JournalEntry, "998")];
    let told = mark(&world, none.map(|(kind, id)| (kind, id.to_owned())).into());
    assert!(
        told["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("is not in QuickBooks")
    );
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(body("03")), Outcome::Posted);
    let [invoice, entry] = ["Invoice", "JournalEntry"].map(|kind| world.last_id(kind));
    let told = mark(
        &world,
        vec![(TxnType::Invoice, invoice), (TxnType::JournalEntry, entry)],
    );
    let message = told["reason"]["message"].as_str().unwrap();
    assert!(message.contains("for another document"), "{message}");
}

#[test]
fn manual_posting_never_creates_customer() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, "Ashgrove", "8106.65", "426.67");
    assert_eq!(
        mark(&world, objects)["reason"]["code"],
        "customer_unmatched"
    );
    let customer = world
        .simulator()
        .find(&world.realm, "Customer", "Ashgrove")
        .unwrap();
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_ashgrove".to_owned(), customer)].into();
    });
    world.next_run();
    assert_eq!(view(&world)["state"], "posted");
    assert_books(&world, FIRST, "matched");
}

#[test]
fn manual_posting_waits_until_rivets_is_deleted() {
    let world = World::usual();
    world.deliver(body("04"));
    world.void_last("Invoice");
    assert_eq!(revised(&world, 2), Outcome::Held);
    let objects = by_hand(&world, ASHGROVE, "7789.99", "410.00");
    let told = mark(&world, objects.clone());
    assert_eq!(told["state"], "conflict");
    assert!(
        told["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("of RIVET's stands there too")
    );
    let ours = told["quickbooks"][1]["id"].as_str().unwrap().to_owned();
    world
        .person(|person| person.delete("JournalEntry", &ours))
        .unwrap();
    assert_eq!(mark(&world, objects)["state"], "posted");
    assert_books(&world, SECOND, "by hand");
}

#[test]
fn memo_edit_on_manual_replacement_is_cosmetic() {
    let world = World::usual();
    world.deliver(body("04"));
    for kind in ["Invoice", "JournalEntry"] {
        world.delete_last(kind);
    }
    world.a_quiet_night();
    assert_eq!(view(&world)["state"], "conflict");
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects)["state"], "posted");
    world.edit_last("Invoice", |form| {
        form["CustomerMemo"] = json!({ "value": "thank you" });
    });
    world.a_quiet_night();
    assert_eq!(view(&world)["state"], "posted", "{}", view(&world));
    assert_books(&world, FIRST, "written on");
}

#[test]
fn note_mentioning_rivet_is_no_origin_note() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    world.edit_last("Invoice", |form| {
        form["PrivateNote"] = json!("RIVET pay app 1, entered by hand");
    });
    assert_eq!(mark(&world, objects)["state"], "posted");
}

#[test]
fn manual_posting_serves_only_one_document() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark(&world, objects.clone())["state"], "posted");
    let other = "pa_1057_1b";
    let arrives = |data: &mut Value| data["pay_app"]["id"] = json!(other);
    assert_eq!(world.deliver_changed("04", arrives), Outcome::Held);
    let again = Decision {
        objects: objects.clone(),
        ..world.decision(DecisionKind::Posted)
    };
    world.settle(other, &again).unwrap();
    world.next_run();
    let told = world.view(other);
    assert_eq!(told["reason"]["code"], "not_as_marked");
    let id = &objects[0].1;
    assert_eq!(
        told["reason"]["message"],
        format!(
            "It is not as it was marked. Invoice {id} stands for another document (pay_app/pa_1057_1)."
        )
    );
    assert_eq!(objects[0].0, TxnType::Invoice);
}
