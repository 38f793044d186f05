//! Payments that somebody entered before RIVET, and payments of what is paid already.

use super::hearing_world;
use crate::support::bookkeeper::HARBOR;
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PAYMENT: &str = "pay_pa_1";

impl World {
    /// Delivers a second payment of the usual bill, of another day.
    fn pay_again(&self, amount: &str) -> Outcome {
        let payment = json!({
            "id": "pay_2", "received_on": "2026-05-28", "amount": amount, "reference": "ACH 9",
            "customer": { "id": "gc_1", "name": HARBOR },
            "applied": [{ "kind": "pay_app", "id": BILL, "amount": amount }],
        });
        self.deliver_data("payment.recorded", json!({ "payment": payment }))
    }
}

/// Returns a firm whose bill is posted, and its invoice.
fn billed(world: World) -> (World, String) {
    assert_eq!(world.bill(), Outcome::Posted);
    let invoice = world.last_id("Invoice");
    (world, invoice)
}

#[test]
fn typed_check_of_same_amount_is_held() {
    for day in ["2026-04-21", "2026-04-28", "2026-05-05"] {
        let (world, _) = billed(World::configured());
        let check = world.type_check(HARBOR, "43650.00", day);
        assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held, "{day}");
        world.assert_held_for(PAYMENT, "already_in_quickbooks", &[&check]);
        assert_eq!(world.count("Payment"), 1);
    }
}

#[test]
fn other_day_amount_or_customer_is_no_reason() {
    let (world, _) = billed(World::configured());
    world.type_check(HARBOR, "43650.00", "2026-04-20");
    world.type_check(HARBOR, "43650.00", "2026-05-06");
    world.type_check(HARBOR, "43650.01", "2026-04-28");
    world.type_check("Somebody", "43650.00", "2026-04-28");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Posted);
}

#[test]
fn unnoticed_check_on_the_invoice_is_held() {
    let (world, invoice) = billed(World::configured());
    let check = world.type_check_for(&invoice, "43650.00", "2026-04-27");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    world.assert_held_for(PAYMENT, "already_in_quickbooks", &[&check]);
}

#[test]
fn payment_above_open_balance_is_held() {
    let (world, invoice) = billed(World::configured());
    let check = world.type_check_for(&invoice, "40000.00", "2026-04-01");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    world.assert_held_for(PAYMENT, "already_paid", &[&invoice, &check]);
    let reason = &world.view(PAYMENT)["reason"];
    assert_eq!(reason["open"], "3650.00");
    assert_eq!(reason["objects"][1]["amount"], "40000.00");
}

#[test]
fn overpayment_posted_anyway_leaves_rest_unapplied() {
    for (paid, unapplied) in [("40000.00", "40000.00"), ("43650.00", "43650.00")] {
        for refuses_overpayment in [true, false] {
            let (world, invoice) = billed(World::configured());
            world.simulator().switches_mut().should_refuse_overpayment = refuses_overpayment;
            world.type_check_for(&invoice, paid, "2026-04-01");
            assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
            world.post_anyway(PAYMENT);
            let view = world.view(PAYMENT);
            assert_eq!(view["state"], "posted", "{view}");
            let payment = world.last("Payment");
            let amounts = ["TotalAmt", "UnappliedAmt"].map(|field| payment[field].to_string());
            assert_eq!(amounts, ["43650.00", unapplied]);
        }
    }
}

#[test]
fn noticed_check_holds_payment_as_paid() {
    let (world, invoice) = billed(hearing_world());
    world.pay("pa_1", "1000.00");
    world.advance(SignedDuration::from_hours(1));
    let check = world.type_check_for(&invoice, "42650.00", "2026-04-27");
    world.hear_and_run();
    world.advance(SignedDuration::from_hours(1));
    assert_eq!(world.pay_again("5000.00"), Outcome::Held);
    let view = world.view("pay_2");
    assert_eq!(view["reason"]["code"], "already_paid", "{view}");
    assert_eq!(view["reason"]["open"], "0.00");
    let paid_by = view["reason"]["objects"].as_array().unwrap();
    assert!(paid_by.iter().any(|object| object["id"] == check), "{view}");
}

#[test]
fn second_full_payment_is_held_as_paid() {
    let (world, _) = billed(World::configured());
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Posted);
    let first = world.last_id("Payment");
    assert_eq!(world.pay_again("43650.00"), Outcome::Held);
    let view = world.view("pay_2");
    assert_eq!(view["reason"]["code"], "already_paid", "{view}");
    assert_eq!(view["reason"]["objects"][1]["id"], first);
    assert_eq!(world.count("Payment"), 1);
}

#[test]
fn paid_hold_ends_when_check_is_removed() {
    let (world, invoice) = billed(hearing_world());
    world.type_check_for(&invoice, "40000.00", "2026-04-01");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    world.delete_last("Payment");
    world.hear_and_run();
    world.run_next_sync();
    assert_eq!(world.shows(PAYMENT), "posted", "{}", world.view(PAYMENT));
}

#[test]
fn credit_that_quickbooks_applied_is_named() {
    let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
    let world = World::configured_with(options, |_| {});
    let minus = |bill: &mut Value| {
        bill["lines"][0]["work_completed"] = json!("-2280.00");
        bill["lines"][0]["retainage"] = json!("0.00");
        bill["totals"] = json!({ "billed": "-2280.00", "retainage": "0.00", "net": "-2280.00" });
    };
    assert_eq!(world.bill_with(minus), Outcome::Posted);
    let figures = Figures {
        billed: "10000.00",
        retainage: "0.00",
    };
    assert_eq!(world.bill_next(2, figures), Outcome::Posted);
    assert_eq!(world.pay("pa_2", "10000.00"), Outcome::Held);
    let view = world.view("pay_pa_2");
    assert_eq!(view["reason"]["code"], "already_paid", "{view}");
    assert_eq!(view["reason"]["open"], "7720.00");
    let credit = &view["reason"]["objects"][1];
    assert_eq!(credit["type"], "CreditMemo", "{view}");
    assert_eq!(credit["amount"], "2280.00");
}

#[test]
fn credit_applied_since_the_last_look_is_named() {
    for lag in [0, 100] {
        let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
        let world = World::configured_with(options, |_| {});
        let figures = |billed| Figures {
            billed,
            retainage: "0.00",
        };
        world.bill_next(1, figures("10000.00"));
        assert_eq!(world.pay("pa_1", "1000.00"), Outcome::Posted);
        world.advance(SignedDuration::from_hours(1));
        world.simulator().switches_mut().index_lag = SignedDuration::from_secs(lag);
        world.bill_next(2, figures("-2280.00"));
        let mark = world.simulator().traffic().len();
        let _ = world.pay_again("9000.00");
        world.run_half_minutes(1);
        let view = world.view("pay_2");
        assert_eq!(view["reason"]["code"], "already_paid", "{lag}: {view:#}");
        assert_eq!(view["reason"]["open"], "6720.00");
        let objects = view["reason"]["objects"].to_string();
        assert!(objects.contains("CreditMemo"), "{lag}: {objects}");
        assert_eq!(view["state"], "held");
        assert!(world.simulator().traffic().len() - mark <= 6);
    }
}

#[test]
fn payment_of_paid_release_is_held() {
    let (world, _) = billed(World::configured());
    world.release(1, "4850.00");
    assert_eq!(world.pay("rel_1", "4850.00"), Outcome::Posted);
    let payment = json!({
        "id": "pay_2", "received_on": "2026-07-28", "amount": "4850.00", "reference": "ACH 9",
        "customer": { "id": "gc_1", "name": HARBOR },
        "applied": [{ "kind": "retainage_release", "id": "rel_1", "amount": "4850.00" }],
    });
    let again = world.deliver_data("payment.recorded", json!({ "payment": payment }));
    assert_eq!(again, Outcome::Held);
    assert_eq!(world.view("pay_2")["reason"]["code"], "already_paid");
    assert_eq!(USUAL.retainage, "4850.00");
}

#[test]
fn payment_after_own_void_is_posted() {
    let (world, _) = billed(World::configured());
    world.pay(BILL, "43650.00");
    let void = json!({ "payment_id": PAYMENT, "voided_on": "2026-05-02" });
    assert_eq!(world.deliver_data("payment.voided", void), Outcome::Posted);
    assert_eq!(
        world.pay_again("43650.00"),
        Outcome::Posted,
        "{}",
        world.view("pay_2")
    );
}

#[test]
fn release_payment_after_own_void_is_posted() {
    let (world, _) = billed(hearing_world());
    world.release(1, "4850.00");
    world.pay("rel_1", "4850.00");
    world.hear_and_run();
    let void = json!({ "payment_id": "pay_rel_1", "voided_on": "2026-05-02" });
    assert_eq!(world.deliver_data("payment.voided", void), Outcome::Posted);
    let payment = json!({
        "id": "pay_2", "received_on": "2026-07-28", "amount": "4850.00", "reference": "ACH 9",
        "customer": { "id": "gc_1", "name": HARBOR },
        "applied": [{ "kind": "retainage_release", "id": "rel_1", "amount": "4850.00" }],
    });
    let again = world.deliver_data("payment.recorded", json!({ "payment": payment }));
    assert_eq!(again, Outcome::Posted, "{}", world.view("pay_2"));
}
