//! Payments that come back, and payments that use credits.

use crate::support::events::parse_event;
use crate::support::usual_bill::{BILL, Figures, USUAL, customer};
use crate::support::world::World;
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::SyncMode;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::cell::Cell;
use std::rc::Rc;

/// A pay app of negative net, a credit of 2 280.00.
const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "-120.00",
};

/// Delivers the void of the payment of a document.
fn void_payment(world: &World, document: &str, voided_on: &str) -> Outcome {
    let data = json!({ "payment_id": format!("pay_{document}"), "voided_on": voided_on });
    world.deliver_data("payment.voided", data)
}

/// Delivers a payment with these targets.
fn pay_several(world: &World, id: &str, amount: &str, applied: &Value) -> Outcome {
    let payment = json!({
        "id": id, "received_on": "2026-05-12", "amount": amount,
        "customer": customer(), "applied": applied,
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }))
}

/// Asserts the balances of A/R and deposits.
fn assert_balances(world: &World, receivable: &str, deposits: &str) {
    let accounts = world.accounts();
    let found = [accounts.receivable, accounts.deposits]
        .map(|account| format!("{:.2}", world.balance(&account)));
    assert_eq!(found, [receivable, deposits]);
}

#[test]
fn payment_of_open_day_is_voided() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "43650.00");
    assert_eq!(void_payment(&world, BILL, "2026-05-04"), Outcome::Posted);
    assert_balances(&world, "43650.00", "0.00");
    assert_eq!(world.count("JournalEntry"), 1);
}

#[test]
fn payment_of_closed_day_is_returned() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "43650.00");
    world.close_books("2026-04-30");
    assert_eq!(void_payment(&world, BILL, "2026-05-04"), Outcome::Posted);
    assert_eq!(void_payment(&world, BILL, "2026-05-04"), Outcome::Duplicate);
    assert_balances(&world, "43650.00", "0.00");
    let entry = world.last("JournalEntry");
    assert_eq!(entry["TxnDate"], "2026-05-04");
    assert_eq!(
        entry["PrivateNote"],
        "RIVET payment pay_pa_1 revision 1 returned"
    );
    assert!(
        entry["DocNumber"]
            .as_str()
            .unwrap()
            .starts_with("RETURNED-")
    );
    assert_eq!(world.view("pay_pa_1")["state"], "voided");
}

#[test]
fn returned_payment_is_paid_again_through_its_entry() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "43650.00");
    world.close_books("2026-04-30");
    void_payment(&world, BILL, "2026-05-04");
    let applied = json!([{ "kind": "pay_app", "id": BILL, "amount": "43650.00" }]);
    assert_eq!(
        pay_several(&world, "pay_again", "43650.00", &applied),
        Outcome::Posted
    );
    assert_balances(&world, "0.00", "43650.00");
    let entry = world.last_id("JournalEntry");
    let linked = world.last("Payment")["Line"][0]["LinkedTxn"][0].clone();
    assert_eq!(
        (&linked["TxnType"], &linked["TxnId"]),
        (&json!("JournalEntry"), &json!(entry))
    );
    world.close_books("2026-05-31");
    let data = json!({ "payment_id": "pay_again", "voided_on": "2026-06-02" });
    assert_eq!(world.deliver_data("payment.voided", data), Outcome::Posted);
    assert_balances(&world, "43650.00", "0.00");
}

#[test]
fn paid_document_is_open_again_after_return() {
    let world = World::configured();
    world.announce_changes();
    world.bill();
    world.pay(BILL, "43650.00");
    touch_invoice(&world, "seen");
    assert_eq!(world.view(BILL)["payment"]["balance"], "0.00");
    world.close_books("2026-04-30");
    void_payment(&world, BILL, "2026-05-04");
    assert_eq!(world.view(BILL)["payment"]["balance"], "43650.00");
    touch_invoice(&world, "again");
    assert_eq!(world.view(BILL)["payment"]["balance"], "43650.00");
    let applied = json!([{ "kind": "pay_app", "id": BILL, "amount": "43650.00" }]);
    pay_several(&world, "pay_again", "43650.00", &applied);
    touch_invoice(&world, "paid");
    assert_eq!(world.view(BILL)["payment"]["balance"], "0.00");
}

/// Makes a new version of the newest invoice as a person, and lets RIVET see it.
fn touch_invoice(world: &World, memo: &str) {
    edit_memo(world, memo);
    world.deliver_events_and_scan();
}

/// Makes a new version of the newest invoice as a person.
fn edit_memo(world: &World, memo: &str) {
    world.advance(SignedDuration::from_mins(1));
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerMemo"] = json!({ "value": memo });
    });
}

#[test]
fn scan_knows_what_came_back_in_its_run() {
    let world = paid_and_closed();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    void_payment(&world, BILL, "2026-05-04");
    edit_memo(&world, "seen");
    world.deliver_events();
    world.press_sync_now();
    assert_eq!(world.view("pay_pa_1")["state"], "voided");
    assert_eq!(world.view(BILL)["payment"]["balance"], "43650.00");
}

#[test]
fn crashed_worker_keeps_what_came_back() {
    let mut writes = 0;
    loop {
        let world = paid_and_closed();
        let left = Rc::new(Cell::new(writes));
        let services = world.crashing_services(&left);
        let data = json!({ "payment_id": "pay_pa_1", "voided_on": "2026-05-04" });
        let event = parse_event(&world.event_text("payment.voided", data));
        let mut entropy = world.entropy();
        let accepted = accept(&services, event, &mut entropy, || world.now());
        let _ = block_on(accepted);
        let is_over = left.get() > 0;
        void_payment(&world, BILL, "2026-05-04");
        (0..3).for_each(|_| world.run_next_sync());
        touch_invoice(&world, "seen");
        assert_eq!(
            world.view(BILL)["payment"]["balance"],
            "43650.00",
            "{writes}"
        );
        if is_over {
            break;
        }
        writes += 1;
    }
    assert!(writes > 5, "{writes}");
}

/// Returns a world with a paid bill on whose day books are closed since.
fn paid_and_closed() -> World {
    let world = World::configured();
    world.announce_changes();
    world.bill();
    world.pay(BILL, "43650.00");
    touch_invoice(&world, "paid");
    world.close_books("2026-04-30");
    world
}

#[test]
fn deposited_payment_is_returned() {
    let world = World::configured();
    world.bill();
    world.pay(BILL, "43650.00");
    let payment = world.last_id("Payment");
    let bank = world
        .simulator()
        .find(&world.realm, "Account", "Checking")
        .unwrap();
    world
        .person(|person| person.deposit(&payment, &bank))
        .unwrap();
    assert_eq!(void_payment(&world, BILL, "2026-05-04"), Outcome::Posted);
    assert_eq!(world.last("JournalEntry")["TxnDate"], "2026-05-04");
    assert_balances(&world, "43650.00", "-43650.00");
    assert_eq!(void_payment(&world, BILL, "2026-05-04"), Outcome::Duplicate);
}

#[test]
fn credit_is_used_in_a_payment() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, CREDIT);
    let applied = json!([
        { "kind": "pay_app", "id": BILL, "amount": "43650.00" },
        { "kind": "pay_app", "id": "pa_2", "amount": "2280.00" },
    ]);
    assert_eq!(
        pay_several(&world, "pay_1", "41370.00", &applied),
        Outcome::Posted
    );
    assert_eq!(world.view("pay_1")["state"], "posted");
    assert_balances(&world, "0.00", "41370.00");
    assert_eq!(world.open_amount("Invoice"), "0.00");
    assert_eq!(world.open_amount("CreditMemo"), "0.00");
    assert_eq!(world.last("Payment")["UnappliedAmt"].to_string(), "0.00");
}

#[test]
fn payment_of_nothing_nets_a_credit() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, CREDIT);
    let applied = json!([
        { "kind": "pay_app", "id": BILL, "amount": "2280.00" },
        { "kind": "pay_app", "id": "pa_2", "amount": "2280.00" },
    ]);
    assert_eq!(
        pay_several(&world, "pay_1", "0.00", &applied),
        Outcome::Posted
    );
    assert_eq!(world.view("pay_1")["state"], "posted");
    assert_balances(&world, "41370.00", "0.00");
    assert_eq!(world.open_amount("Invoice"), "41370.00");
}

#[test]
fn amounts_without_credit_do_not_fit() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, USUAL);
    let applied = json!([
        { "kind": "pay_app", "id": BILL, "amount": "100.00" },
        { "kind": "pay_app", "id": "pa_2", "amount": "100.00" },
    ]);
    assert_eq!(
        pay_several(&world, "pay_1", "120.00", &applied),
        Outcome::Held
    );
    assert_eq!(
        world.view("pay_1")["reason"]["code"],
        "document_does_not_fit"
    );
}

#[test]
fn payment_waits_for_its_credit() {
    let world = World::configured();
    world.bill();
    let applied = json!([
        { "kind": "pay_app", "id": BILL, "amount": "43650.00" },
        { "kind": "pay_app", "id": "pa_2", "amount": "2280.00" },
    ]);
    assert_eq!(
        pay_several(&world, "pay_1", "41370.00", &applied),
        Outcome::Held
    );
    world.bill_next(2, CREDIT);
    world.run_next_sync();
    assert_eq!(world.view("pay_1")["state"], "posted");
    assert_balances(&world, "0.00", "41370.00");
}

#[test]
fn used_credit_holds_the_payment() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, CREDIT);
    let (invoice, credit) = (world.last_id("Invoice"), world.last_id("CreditMemo"));
    let amount = Decimal::new(228_000, 2);
    world
        .person(|person| person.apply_credit(&credit, &invoice, amount))
        .unwrap();
    let applied = json!([
        { "kind": "pay_app", "id": BILL, "amount": "41370.00" },
        { "kind": "pay_app", "id": "pa_2", "amount": "2280.00" },
    ]);
    assert_eq!(
        pay_several(&world, "pay_1", "39090.00", &applied),
        Outcome::Held
    );
    assert_eq!(world.view("pay_1")["reason"]["code"], "already_paid");
}
