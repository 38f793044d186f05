//! What a person decides about a document that differs from QuickBooks, or that does not get there.

mod manual_postings;
mod crashes;
mod late_reversals;
mod cancelled_pairs;
mod views;

use crate::support::story::body;
use crate::support::world::{Given, World};
use bridge::accept_event::Outcome;
use bridge::error::Error;
use futures::executor::block_on;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;

/// A/R, retainage and revenue in the company's ledger, and the retainage that we think the project holds.
type Books = [&'static str; 4];

const FIRST: Books = ["8106.65", "426.67", "8533.32", "426.67"];
const SECOND: Books = ["7789.99", "410.00", "8199.99", "410.00"];
const NOTHING: Books = ["0.00", "0.00", "0.00", "0.00"];

/// The pay app that they are about.
const PAY_APP: &str = "pa_1057_1";

/// What a person does to the pay app in QuickBooks, and what the books show then.
type Meddling = (&'static str, fn(&World), Books);

const MEDDLINGS: [Meddling; 7] = [
    (
        "renamed",
        |world| world.edit_last("Invoice", |form| form["PrivateNote"] = json!("see Bob")),
        FIRST,
    ),
    (
        "other amount",
        |world| amount(world, "Invoice", "9000.00"),
        ["9000.00", "426.67", "9426.67", "426.67"],
    ),
    (
        "voided",
        |world| world.void_last("Invoice"),
        ["0.00", "426.67", "426.67", "426.67"],
    ),
    (
        "deleted",
        |world| world.delete_last("Invoice"),
        ["0.00", "426.67", "426.67", "426.67"],
    ),
    (
        "other retainage",
        |world| amount(world, "JournalEntry", "500.00"),
        ["8106.65", "500.00", "8606.65", "500.00"],
    ),
    (
        "entry deleted",
        |world| world.delete_last("JournalEntry"),
        ["8106.65", "0.00", "8106.65", "0.00"],
    ),
    (
        "all deleted",
        |world| {
            ["Invoice", "JournalEntry"]
                .into_iter()
                .for_each(|kind| world.delete_last(kind))
        },
        NOTHING,
    ),
];

/// A pay app was posted, then `meddled` with, and RIVET revised it.
fn in_conflict(meddle: fn(&World)) -> World {
    let world = World::usual();
    come_into_conflict(&world, meddle);
    world
}

fn come_into_conflict(world: &World, meddle: fn(&World)) {
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    meddle(world);
    assert_eq!(world.deliver(body("06")), Outcome::Held);
    assert_eq!(view(world)["state"], "conflict");
}

fn amount(world: &World, kind: &str, amount: &str) {
    world.edit_last(kind, |object| {
        let lines = object["Line"].as_array_mut().unwrap();
        lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
        for line in lines {
            line["Amount"] = serde_json::from_str(amount).unwrap();
        }
    });
}

fn decide(world: &World, act: DecisionKind) -> Result<Value, Error> {
    world.settle(PAY_APP, &world.decision(act))
}

fn view(world: &World) -> Value {
    world.view(PAY_APP)
}

fn assert_books(world: &World, expected: Books, when: &str) {
    let accounts = world.accounts();
    let project = "prj_1057".parse().unwrap();
    let book = block_on(world.bridge.store.project(&world.firm, &project)).unwrap();
    let simulator = world.simulator();
    let ledger = simulator.ledger(&world.realm);
    let found = [
        ledger.balance(&accounts.receivable),
        ledger.balance(&accounts.retainage),
        Decimal::ZERO - ledger.balance(&accounts.revenue),
        book.retainage.values().sum(),
    ];
    assert_eq!(
        found.map(|amount| format!("{amount:.2}")),
        expected,
        "{when}"
    );
}

/// The second revision of the story under another number.
fn revised(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("06", |data| data["pay_app"]["revision"] = json!(revision))
}

fn voided(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = json!("pa_1057_1");
        data["revision"] = json!(revision);
    })
}

#[test]
fn keep_rivet_restores_rivets_balances() {
    for (name, meddle, _) in MEDDLINGS {
        let world = in_conflict(meddle);
        let told = decide(&world, DecisionKind::KeepRivet).unwrap();
        assert_eq!(
            (&told["state"], &told["decision"]["carried_out"]),
            (&json!("pending"), &json!(false))
        );
        world.next_run();
        assert_eq!(view(&world)["state"], "posted", "{name}: {}", view(&world));
        assert_books(&world, SECOND, name);
        assert_eq!(voided(&world, 2), Outcome::Posted, "{name}");
        assert_books(&world, NOTHING, name);
    }
}

#[test]
fn keep_quickbooks_writes_nothing_and_allows_revision() {
    for (name, meddle, stands) in MEDDLINGS {
        let world = in_conflict(meddle);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        world.simulator().clear_traffic();
        world.next_run();
        assert!(
            world
                .simulator()
                .traffic()
                .iter()
                .all(|seen| !seen.class.can_write()),
            "{name}"
        );
        let left = if stands == NOTHING {
            "voided"
        } else {
            "posted"
        };
        assert_eq!(view(&world)["state"], left, "{name}");
        assert_books(&world, stands, name);
        assert_eq!(world.deliver(body("06")), Outcome::Duplicate);
        assert_eq!(revised(&world, 3), Outcome::Posted, "{name}");
        assert_books(&world, SECOND, name);
    }
}

#[test]
fn void_after_keep_quickbooks_clears_balances() {
    for (name, meddle, _) in MEDDLINGS {
        let world = in_conflict(meddle);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        world.next_run();
        voided(&world, 2);
        assert_eq!(view(&world)["state"], "voided", "{name}");
        assert_books(&world, NOTHING, name);
    }
}

#[test]
fn ignored_document_waits_for_next_revision() {
    for (name, meddle, stands) in MEDDLINGS {
        let world = in_conflict(meddle);
        decide(&world, DecisionKind::Ignore).unwrap();
        world.simulator().clear_traffic();
        world.next_run();
        assert!(world.simulator().traffic().is_empty(), "{name}");
        let ignored = view(&world);
        assert_eq!(
            (&ignored["state"], &ignored["reason"]["code"]),
            (&json!("skipped"), &json!("ignored_by_user"))
        );
        assert_books(&world, [stands[0], stands[1], stands[2], "426.67"], name);
        assert_eq!(world.deliver(body("06")), Outcome::Duplicate);
        assert_eq!(revised(&world, 3), Outcome::Held);
        assert_eq!(view(&world)["state"], "conflict", "{name}");
    }
}

fn pay(world: &World, amount: &str) {
    let invoice = world.last("Invoice");
    let amount: Value = serde_json::from_str(amount).unwrap();
    let payment = json!({
        "CustomerRef": invoice["CustomerRef"], "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}],
    });
    world.enter("Payment", payment);
}

#[test]
fn keep_rivet_waits_until_payment_is_removed() {
    let world = in_conflict(|world| pay(world, "100.00"));
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.next_run();
    let refused = view(&world);
    assert_eq!(
        (&refused["state"], &refused["reason"]["code"]),
        (&json!("conflict"), &json!("payments_applied"))
    );
    assert!(
        refused["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("remove them in QuickBooks first")
    );
    // The invoice has another version now, and all that RIVET wrote on it still stands.
    world.void_last("Payment");
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.next_run();
    assert_books(&world, SECOND, "after the payment was removed");
}

#[test]
fn keep_quickbooks_accepts_paid_invoice() {
    let world = in_conflict(|world| pay(world, "8106.65"));
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    world.next_run();
    assert_books(&world, ["0.00", "426.67", "8533.32", "426.67"], "kept");
    assert_eq!(revised(&world, 3), Outcome::Held);
    assert_eq!(view(&world)["reason"]["code"], "payments_applied");
}

#[test]
fn recreated_invoice_changes_number_only_if_required() {
    for (warns, number) in [(false, "1057-1"), (true, "1057-1a")] {
        let given = Given::company(|company| company.warn_duplicate_numbers(warns));
        let world = World::ready(given, |_| {});
        come_into_conflict(&world, MEDDLINGS[2].1);
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.next_run();
        assert_eq!(world.last("Invoice")["DocNumber"], number);
        assert_books(&world, SECOND, number);
    }
}

#[test]
fn repeatedly_voided_invoice_is_recreated_each_time() {
    let world = in_conflict(MEDDLINGS[2].1);
    for revision in 2..5 {
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.next_run();
        assert_books(&world, SECOND, "made again");
        world.void_last("Invoice");
        assert_eq!(revised(&world, revision + 1), Outcome::Held);
    }
}

#[test]
fn closed_books_hold_decision_until_reopened() {
    let world = in_conflict(MEDDLINGS[1].1);
    let close = |day: Option<&str>| {
        let day = day.map(|day| day.parse().unwrap());
        world.person(|person| person.close_books(day));
    };
    close(Some("2026-03-31"));
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.next_run();
    let held = view(&world);
    assert_eq!(
        (&held["state"], &held["reason"]["code"]),
        (&json!("held"), &json!("books_closed"))
    );
    assert_books(&world, MEDDLINGS[1].2, "closed");
    close(None);
    world.press_sync_now();
    assert_books(&world, SECOND, "open");
}

#[test]
fn a_decision_waits_for_a_connection() {
    let world = in_conflict(MEDDLINGS[1].1);
    world.disconnect();
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.next_run();
    assert_eq!(view(&world)["reason"]["code"], "not_connected");
    world.connect();
    world.next_run();
    assert_books(&world, SECOND, "connected again");
}

#[test]
fn void_of_edited_pay_app_needs_decision() {
    for (name, meddle, stands) in MEDDLINGS {
        for (act, expected) in [
            (DecisionKind::KeepRivet, NOTHING),
            (DecisionKind::KeepQuickbooks, stands),
        ] {
            let world = World::usual();
            world.deliver(body("04"));
            meddle(&world);
            voided(&world, 1);
            assert_eq!(view(&world)["state"], "conflict", "{name}");
            decide(&world, act).unwrap();
            world.next_run();
            assert_books(&world, expected, name);
            assert_eq!(voided(&world, 1), Outcome::Duplicate);
        }
    }
}

#[test]
fn void_of_edited_payment_needs_decision() {
    for (act, owed) in [
        (DecisionKind::KeepRivet, "43650.00"),
        (DecisionKind::KeepQuickbooks, "0.00"),
    ] {
        let world = World::usual();
        for name in ["03", "05"] {
            world.deliver(body(name));
        }
        let id: Value = serde_json::from_str(body("05")).unwrap();
        let id = id["data"]["payment"]["id"].as_str().unwrap();
        world.edit_last("Payment", |payment| {
            payment["PrivateNote"] = json!("bounced?")
        });
        let void = json!({ "type": "payment.voided", "timestamp": "2026-05-02T10:00:00Z", "data": {
            "firm_id": "firm_harbor", "plan": "pro", "payment_id": id, "voided_on": "2026-05-02" } });
        assert_eq!(world.deliver(&void.to_string()), Outcome::Held);
        world.settle(id, &world.decision(act)).unwrap();
        world.next_run();
        let receivable = world.accounts().receivable;
        assert_eq!(format!("{:.2}", world.balance(&receivable)), owed);
    }
}

#[test]
fn keep_quickbooks_takes_edited_retainage_line() {
    let world = World::ready(Given::default(), |settings| {
        settings.retainage_method = RetainageMethod::InvoiceLine;
    });
    come_into_conflict(&world, |world| {
        world.edit_last("Invoice", |form| {
            let lines = form["Line"].as_array_mut().unwrap();
            lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
            lines.last_mut().unwrap()["Amount"] = serde_json::from_str("-500.00").unwrap();
        });
    });
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    world.next_run();
    assert_books(&world, ["8033.32", "500.00", "8533.32", "500.00"], "kept");
    assert_eq!(revised(&world, 3), Outcome::Posted);
    assert_books(&world, SECOND, "revised");
}
