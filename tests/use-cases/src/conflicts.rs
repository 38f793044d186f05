//! Decisions: a person decides about a document that differs from QuickBooks or cannot be posted.

mod cancelled_pairs;
mod crashes;
mod late_reversals;
mod manual_postings;
mod views;
mod edits;

use self::edits::{AMOUNT_CHANGED, Balances, EDITS, INVOICE_VOIDED, NOTHING, SECOND};
use crate::support::events::event_body;
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use bridge::error::Error;
use futures::executor::block_on;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;
use store::matches::DocumentShares;

/// The pay app of these tests.
const PAY_APP: &str = "pa_1057_1";

/// Returns a firm whose pay app was posted, edited in QuickBooks, and then revised by RIVET.
fn in_conflict(edit: fn(&World)) -> World {
    let world = World::configured();
    bring_into_conflict(&world, edit);
    world
}

fn bring_into_conflict(world: &World, edit: fn(&World)) {
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    edit(world);
    assert_eq!(world.deliver(event_body("06")), Outcome::Held);
    assert_eq!(view(world)["state"], "conflict");
}

fn decide(world: &World, kind: DecisionKind) -> Result<Value, Error> {
    world.record_decision(PAY_APP, &world.decision(kind))
}

fn view(world: &World) -> Value {
    world.view(PAY_APP)
}

fn assert_balances(world: &World, expected: Balances, when: &str) {
    let accounts = world.accounts();
    let project_id = "prj_1057".parse().unwrap();
    let project = block_on(world.services.store.project(&world.firm, &project_id)).unwrap();
    let simulator = world.simulator();
    let ledger = simulator.ledger(&world.realm);
    let found = [
        ledger.balance(&accounts.receivable),
        ledger.balance(&accounts.retainage),
        Decimal::ZERO - ledger.balance(&accounts.revenue),
        project.retainage.values().map(DocumentShares::total).sum(),
    ];
    assert_eq!(
        found.map(|amount| format!("{amount:.2}")),
        expected,
        "{when}"
    );
}

/// Delivers the second revision of the story with another revision number.
fn deliver_revision(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("06", |data| data["pay_app"]["revision"] = json!(revision))
}

/// Delivers the void of the pay app.
fn deliver_void(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = json!("pa_1057_1");
        data["revision"] = json!(revision);
    })
}

#[test]
fn keep_rivet_restores_rivets_balances() {
    for edit in EDITS {
        let name = edit.name;
        let world = in_conflict(edit.apply);
        let decided = decide(&world, DecisionKind::KeepRivet).unwrap();
        assert_eq!(
            (&decided["state"], &decided["decision"]["carried_out"]),
            (&json!("pending"), &json!(false))
        );
        world.run_next_sync();
        assert_eq!(view(&world)["state"], "posted", "{name}: {}", view(&world));
        assert_balances(&world, SECOND, name);
        assert_eq!(deliver_void(&world, 2), Outcome::Posted, "{name}");
        assert_balances(&world, NOTHING, name);
    }
}

#[test]
fn keep_quickbooks_writes_nothing_and_allows_revision() {
    for edit in EDITS {
        let name = edit.name;
        let world = in_conflict(edit.apply);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        world.simulator().clear_traffic();
        world.run_next_sync();
        assert!(
            world
                .simulator()
                .traffic()
                .iter()
                .all(|seen| !seen.class.can_write()),
            "{name}"
        );
        let state = if edit.balances == NOTHING {
            "voided"
        } else {
            "posted"
        };
        assert_eq!(view(&world)["state"], state, "{name}");
        assert_balances(&world, edit.balances, name);
        assert_eq!(world.deliver(event_body("06")), Outcome::Duplicate);
        assert_eq!(deliver_revision(&world, 3), Outcome::Posted, "{name}");
        assert_balances(&world, SECOND, name);
    }
}

#[test]
fn void_after_keep_quickbooks_clears_balances() {
    for edit in EDITS {
        let name = edit.name;
        let world = in_conflict(edit.apply);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        world.run_next_sync();
        deliver_void(&world, 2);
        assert_eq!(view(&world)["state"], "voided", "{name}");
        assert_balances(&world, NOTHING, name);
    }
}

#[test]
fn ignored_document_waits_for_next_revision() {
    for edit in EDITS {
        let name = edit.name;
        let world = in_conflict(edit.apply);
        decide(&world, DecisionKind::Ignore).unwrap();
        world.simulator().clear_traffic();
        world.run_next_sync();
        assert!(world.simulator().traffic().is_empty(), "{name}");
        let ignored = view(&world);
        assert_eq!(
            (&ignored["state"], &ignored["reason"]["code"]),
            (&json!("skipped"), &json!("ignored_by_user"))
        );
        let [receivable, retainage, revenue, _] = edit.balances;
        assert_balances(&world, [receivable, retainage, revenue, "426.67"], name);
        assert_eq!(world.deliver(event_body("06")), Outcome::Duplicate);
        assert_eq!(deliver_revision(&world, 3), Outcome::Held);
        assert_eq!(view(&world)["state"], "conflict", "{name}");
    }
}

/// Enters a payment of the last invoice.
fn enter_payment(world: &World, amount: &str) {
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
    let world = in_conflict(|world| enter_payment(world, "100.00"));
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.run_next_sync();
    let refused = view(&world);
    assert_eq!(
        (&refused["state"], &refused["reason"]["code"]),
        (&json!("conflict"), &json!("payments_applied"))
    );
    assert!(
        refused["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("take it off them in Receive Payment first")
    );
    // The invoice has a newer version, but every field still is as RIVET wrote it.
    world.void_last("Payment");
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.run_next_sync();
    assert_balances(&world, SECOND, "after the payment was removed");
}

#[test]
fn keep_quickbooks_accepts_paid_invoice() {
    let world = in_conflict(|world| enter_payment(world, "8106.65"));
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    world.run_next_sync();
    assert_balances(&world, ["0.00", "426.67", "8533.32", "426.67"], "kept");
    assert_eq!(deliver_revision(&world, 3), Outcome::Held);
    assert_eq!(view(&world)["reason"]["code"], "payments_applied");
}

#[test]
fn recreated_invoice_changes_number_only_if_required() {
    for (warns, number) in [(false, "1057-1"), (true, "1057-1a")] {
        let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(warns));
        let world = World::configured_with(options, |_| {});
        bring_into_conflict(&world, INVOICE_VOIDED.apply);
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.run_next_sync();
        assert_eq!(world.last("Invoice")["DocNumber"], number);
        assert_balances(&world, SECOND, number);
    }
}

#[test]
fn repeatedly_voided_invoice_is_recreated_each_time() {
    let world = in_conflict(INVOICE_VOIDED.apply);
    for revision in 2..5 {
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.run_next_sync();
        assert_balances(&world, SECOND, "recreated");
        world.void_last("Invoice");
        assert_eq!(deliver_revision(&world, revision + 1), Outcome::Held);
    }
}

#[test]
fn closed_books_hold_decision_until_reopened() {
    let world = in_conflict(AMOUNT_CHANGED.apply);
    let close = |day: Option<&str>| {
        let day = day.map(|day| day.parse().unwrap());
        world.person(|person| person.close_books(day));
    };
    close(Some("2026-03-31"));
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.run_next_sync();
    let held = view(&world);
    assert_eq!(
        (&held["state"], &held["reason"]["code"]),
        (&json!("held"), &json!("books_closed"))
    );
    assert_balances(&world, AMOUNT_CHANGED.balances, "closed");
    close(None);
    world.press_sync_now();
    assert_balances(&world, SECOND, "open");
}

#[test]
fn a_decision_waits_for_a_connection() {
    let world = in_conflict(AMOUNT_CHANGED.apply);
    world.disconnect();
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.run_next_sync();
    assert_eq!(view(&world)["reason"]["code"], "not_connected");
    world.connect();
    world.run_next_sync();
    assert_balances(&world, SECOND, "connected again");
}

#[test]
fn void_of_edited_pay_app_needs_decision() {
    for edit in EDITS {
        let name = edit.name;
        for (kind, expected) in [
            (DecisionKind::KeepRivet, NOTHING),
            (DecisionKind::KeepQuickbooks, edit.balances),
        ] {
            let world = World::configured();
            world.deliver(event_body("04"));
            (edit.apply)(&world);
            deliver_void(&world, 1);
            assert_eq!(view(&world)["state"], "conflict", "{name}");
            decide(&world, kind).unwrap();
            world.run_next_sync();
            assert_balances(&world, expected, name);
            assert_eq!(deliver_void(&world, 1), Outcome::Duplicate);
        }
    }
}

#[test]
fn void_of_edited_payment_needs_decision() {
    for (kind, owed) in [
        (DecisionKind::KeepRivet, "43650.00"),
        (DecisionKind::KeepQuickbooks, "0.00"),
    ] {
        let world = World::configured();
        for name in ["03", "05"] {
            world.deliver(event_body(name));
        }
        let id: Value = serde_json::from_str(event_body("05")).unwrap();
        let id = id["data"]["payment"]["id"].as_str().unwrap();
        world.edit_last("Payment", |payment| {
            payment["PrivateNote"] = json!("bounced?")
        });
        let void = json!({ "type": "payment.voided", "timestamp": "2026-05-02T10:00:00Z", "data": {
            "firm_id": "firm_harbor", "plan": "pro", "payment_id": id, "voided_on": "2026-05-02" } });
        assert_eq!(world.deliver(&void.to_string()), Outcome::Held);
        world.record_decision(id, &world.decision(kind)).unwrap();
        world.run_next_sync();
        let receivable = world.accounts().receivable;
        assert_eq!(format!("{:.2}", world.balance(&receivable)), owed);
    }
}

#[test]
fn keep_quickbooks_takes_edited_retainage_line() {
    let world = World::configured_with(WorldOptions::default(), |settings| {
        settings.retainage_method = RetainageMethod::InvoiceLine;
    });
    bring_into_conflict(&world, |world| {
        world.edit_last("Invoice", |form| {
            let lines = form["Line"].as_array_mut().unwrap();
            lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
            lines.last_mut().unwrap()["Amount"] = serde_json::from_str("-500.00").unwrap();
        });
    });
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    world.run_next_sync();
    assert_balances(&world, ["8033.32", "500.00", "8533.32", "500.00"], "kept");
    assert_eq!(deliver_revision(&world, 3), Outcome::Posted);
    assert_balances(&world, SECOND, "revised");
}
