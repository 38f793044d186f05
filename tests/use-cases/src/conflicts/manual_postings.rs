//! Manual postings: a bookkeeper posts a document in QuickBooks, and a person links it in RIVET.

use super::edits::{FIRST, NOTHING, SECOND};
use super::{PAY_APP, assert_balances, deliver_revision, deliver_void, view};
use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::SyncMode;
use quickbooks::entity::TxnType;
use serde_json::{Value, json};
use store::document::TransactionKey;
use store::document::decision::{Decision, DecisionKind};

const ASHGROVE: &str = "Ashgrove Builders, Inc.";

/// Posts a held pay app as a bookkeeper would. Returns the ids of the invoice and the journal entry.
fn post_manually(
    world: &World,
    customer: &str,
    net: &str,
    retainage: &str,
) -> Vec<(TxnType, String)> {
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

fn with_held_pay_app() -> World {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(event_body("04")), Outcome::Held);
    world
}

/// Marks the pay app as posted by these objects, and returns its view after the next run.
fn mark_as_posted(world: &World, objects: Vec<(TxnType, String)>) -> Value {
    let decision = Decision {
        objects: keys(objects),
        ..world.decision(DecisionKind::Posted)
    };
    world.record_decision(PAY_APP, &decision).unwrap();
    world.run_next_sync();
    view(world)
}

fn keys(objects: Vec<(TxnType, String)>) -> Vec<TransactionKey> {
    let key = |(kind, id)| TransactionKey::new(kind, id);
    objects.into_iter().map(key).collect()
}

impl World {
    /// Lets a day pass and scans the company for changes.
    fn scan_next_day(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.run_next_sync();
    }
}

#[test]
fn verified_manual_posting_supports_revision_and_void() {
    let world = with_held_pay_app();
    let objects = post_manually(&world, ASHGROVE, "8106.65", "426.67");
    world.simulator().clear_traffic();
    let marked = mark_as_posted(&world, objects);
    assert_eq!(marked["state"], "posted", "{marked}");
    assert_balances(&world, FIRST, "marked");
    assert_eq!(marked["quickbooks"].as_array().unwrap().len(), 2);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(event_body("06")), Outcome::Posted);
    assert_balances(&world, SECOND, "revised");
    deliver_void(&world, 2);
    assert_balances(&world, NOTHING, "voided");
}

/// A manual posting that differs from the held pay app.
struct DifferingPosting {
    customer: &'static str,
    net: &'static str,
    retainage: &'static str,
    /// The number of objects that the person names: the invoice, or also the journal entry.
    objects: usize,
    /// A part of the message.
    difference: &'static str,
}

const DIFFERING_POSTINGS: [DifferingPosting; 4] = [
    DifferingPosting {
        customer: ASHGROVE,
        net: "8106.66",
        retainage: "426.67",
        objects: 2,
        difference: "comes to 8106.66, and the document to 8106.65",
    },
    DifferingPosting {
        customer: ASHGROVE,
        net: "8106.65",
        retainage: "426.66",
        objects: 2,
        difference: "comes to 426.66, and the document to 426.67",
    },
    DifferingPosting {
        customer: ASHGROVE,
        net: "8106.65",
        retainage: "426.67",
        objects: 1,
        difference: "Journal Entry is missing",
    },
    DifferingPosting {
        customer: "Turner Bay Constructors",
        net: "8106.65",
        retainage: "426.67",
        objects: 2,
        difference: "is of another customer (Turner Bay Constructors)",
    },
];

#[test]
fn differing_manual_posting_is_refused_naming_difference() {
    for posting in DIFFERING_POSTINGS {
        let world = with_held_pay_app();
        post_manually(&world, ASHGROVE, "1.00", "1.00");
        let objects = post_manually(&world, posting.customer, posting.net, posting.retainage);
        let view = mark_as_posted(&world, objects[..posting.objects].to_vec());
        assert_eq!(
            (&view["state"], &view["reason"]["code"]),
            (&json!("failed"), &json!("not_as_marked"))
        );
        let message = view["reason"]["message"].as_str().unwrap();
        assert!(message.contains(posting.difference), "{message}");
    }
}

#[test]
fn missing_or_foreign_object_is_no_manual_posting() {
    let world = with_held_pay_app();
    post_manually(&world, ASHGROVE, "1.00", "1.00");
    let none = [(TxnType::Invoice, "999"), (TxnType::JournalEntry, "998")];
    let view = mark_as_posted(&world, none.map(|(kind, id)| (kind, id.to_owned())).into());
    assert!(
        view["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("is not in QuickBooks")
    );
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    let [invoice, entry] = ["Invoice", "JournalEntry"].map(|kind| world.last_id(kind));
    let view = mark_as_posted(
        &world,
        vec![(TxnType::Invoice, invoice), (TxnType::JournalEntry, entry)],
    );
    let message = view["reason"]["message"].as_str().unwrap();
    assert!(message.contains("for another document"), "{message}");
}

#[test]
fn manual_posting_never_creates_customer() {
    let world = with_held_pay_app();
    let objects = post_manually(&world, "Ashgrove", "8106.65", "426.67");
    assert_eq!(
        mark_as_posted(&world, objects)["reason"]["code"],
        "customer_unmatched"
    );
    let customer = world
        .simulator()
        .find(&world.realm, "Customer", "Ashgrove")
        .unwrap();
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_ashgrove".to_owned(), customer)].into();
    });
    world.run_next_sync();
    assert_eq!(view(&world)["state"], "posted");
    assert_balances(&world, FIRST, "matched");
}

#[test]
fn manual_posting_waits_until_rivets_is_deleted() {
    let world = World::configured();
    world.deliver(event_body("04"));
    world.void_last("Invoice");
    assert_eq!(deliver_revision(&world, 2), Outcome::Held);
    let objects = post_manually(&world, ASHGROVE, "7789.99", "410.00");
    let view = mark_as_posted(&world, objects.clone());
    assert_eq!(view["state"], "conflict");
    assert!(
        view["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("of RIVET's stands there too")
    );
    let ours = view["quickbooks"][1]["id"].as_str().unwrap().to_owned();
    world
        .person(|person| person.delete("JournalEntry", &ours))
        .unwrap();
    assert_eq!(mark_as_posted(&world, objects)["state"], "posted");
    assert_balances(&world, SECOND, "posted manually");
}

#[test]
fn memo_edit_on_manual_replacement_is_cosmetic() {
    let world = World::configured();
    world.deliver(event_body("04"));
    for kind in ["Invoice", "JournalEntry"] {
        world.delete_last(kind);
    }
    world.scan_next_day();
    assert_eq!(view(&world)["state"], "conflict");
    let objects = post_manually(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark_as_posted(&world, objects)["state"], "posted");
    world.edit_last("Invoice", |form| {
        form["CustomerMemo"] = json!({ "value": "thank you" });
    });
    world.scan_next_day();
    assert_eq!(view(&world)["state"], "posted", "{}", view(&world));
    assert_balances(&world, FIRST, "memo edited");
}

#[test]
fn note_mentioning_rivet_is_no_origin_note() {
    let world = with_held_pay_app();
    let objects = post_manually(&world, ASHGROVE, "8106.65", "426.67");
    world.edit_last("Invoice", |form| {
        form["PrivateNote"] = json!("RIVET pay app 1, entered by hand");
    });
    assert_eq!(mark_as_posted(&world, objects)["state"], "posted");
}

#[test]
fn manual_posting_serves_only_one_document() {
    let world = with_held_pay_app();
    let objects = post_manually(&world, ASHGROVE, "8106.65", "426.67");
    assert_eq!(mark_as_posted(&world, objects.clone())["state"], "posted");
    let other = "pa_1057_1b";
    let with_other_id = |data: &mut Value| data["pay_app"]["id"] = json!(other);
    assert_eq!(world.deliver_changed("04", with_other_id), Outcome::Held);
    let decision = Decision {
        objects: keys(objects.clone()),
        ..world.decision(DecisionKind::Posted)
    };
    world.record_decision(other, &decision).unwrap();
    world.run_next_sync();
    let view = world.view(other);
    assert_eq!(view["reason"]["code"], "not_as_marked");
    let id = &objects[0].1;
    assert_eq!(
        view["reason"]["message"],
        format!(
            "It is not as it was marked. Invoice {id} stands for another document (pay_app/pa_1057_1)."
        )
    );
    assert_eq!(objects[0].0, TxnType::Invoice);
}
