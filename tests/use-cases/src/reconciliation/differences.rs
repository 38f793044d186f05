//! Changes that people make to RIVET's transactions, as a tie-out tells them.

use super::{account, compared, only_entry};
use crate::support::bookkeeper::number;
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::World;
use bridge::error::Error;
use jiff::SignedDuration;
use serde_json::json;
use store::document::decision::DecisionKind;

/// Returns a firm with the usual bill, paid in part.
fn billed_world() -> World {
    let world = World::with_classes(|_| {});
    world.bill();
    world.pay(BILL, "40000.00");
    world
}

#[test]
fn posted_documents_tie_out() {
    let world = billed_world();
    world.release(1, "1000.00");
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    let sums = |purpose| compared(account(&view, purpose));
    assert_eq!(sums("accounts_receivable"), ["4650.00", "4650.00", "0.00"]);
    assert_eq!(sums("retainage"), ["3850.00", "3850.00", "0.00"]);
    assert_eq!(sums("contract_revenue"), ["48500.00", "48500.00", "0.00"]);
    let project = &view["projects"][0];
    let figures = ["billed", "paid", "retained"].map(|name| project[name].as_str().unwrap());
    assert_eq!(figures, ["48500.00", "40000.00", "3850.00"]);
    assert_eq!(
        compared(&project["revenue"]),
        ["48500.00", "48500.00", "0.00"]
    );
    let customer = &view["customers"][0];
    assert_eq!(customer["customer"]["name"], "Harbor Builders");
    assert_eq!(
        compared(&customer["receivable"]),
        ["4650.00", "4650.00", "0.00"]
    );
}

#[test]
fn invoice_off_by_a_cent_is_different() {
    let world = billed_world();
    world.edit_last("Invoice", |invoice| {
        invoice["Line"][0]["Amount"] = number("43650.01");
    });
    let view = world.tie_out();
    let entry = only_entry(&view, "different");
    assert_eq!(
        (&entry["type"], &entry["number"]),
        (&json!("Invoice"), &json!("1042-1"))
    );
    assert_eq!(compared(&entry["amount"]), ["43650.00", "43650.01", "0.01"]);
    assert_eq!(
        compared(&entry["receivable"]),
        ["43650.00", "43650.01", "0.01"]
    );
    assert!(
        entry["link"]
            .as_str()
            .unwrap()
            .contains("/app/invoice?txnId=")
    );
    assert_eq!(
        entry["sentence"],
        "Invoice 1042-1 is 43650.01 in QuickBooks, and RIVET posted 43650.00."
    );
    assert_eq!(account(&view, "accounts_receivable")["difference"], "0.01");
}

#[test]
fn accepted_edit_counts_as_agreed() {
    let world = billed_world();
    world.advance(SignedDuration::from_mins(1));
    world.edit_last("JournalEntry", |entry| {
        for line in 0..2 {
            entry["Line"][line]["Amount"] = number("4850.01");
        }
    });
    assert_eq!(world.tie_out()["tied_out"], false);
    world.find_out();
    let keep = world.decision(DecisionKind::KeepQuickbooks);
    world.record_decision(BILL, &keep).unwrap();
    world.find_out();
    let view = world.later_tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(
        compared(account(&view, "retainage")),
        ["4850.01", "4850.01", "0.00"]
    );
}

#[test]
fn void_after_accepted_edit_ties_out() {
    let world = World::with_classes(|_| {});
    world.bill();
    world.advance(SignedDuration::from_mins(1));
    world.edit_last("JournalEntry", |entry| {
        for line in 0..2 {
            entry["Line"][line]["Amount"] = number("4850.01");
        }
    });
    world.edit_last("Invoice", |invoice| {
        invoice["Line"][0]["Amount"] = number("43650.01");
    });
    world.find_out();
    let keep = world.decision(DecisionKind::KeepQuickbooks);
    world.record_decision(BILL, &keep).unwrap();
    world.find_out();
    world.void_bill(BILL, "2026-07-02");
    assert_eq!(world.view(BILL)["state"], "voided");
    let view = world.later_tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(compared(account(&view, "retainage")), ["0.00"; 3]);
    assert_eq!(view["projects"][0]["billed"], "0.00");
}

#[test]
fn deleted_payment_is_only_in_rivet() {
    let world = billed_world();
    world.delete_last("Payment");
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_rivet");
    assert_eq!(
        entry["document"],
        json!({ "kind": "payment", "id": "pay_pa_1" })
    );
    assert_eq!(
        compared(&entry["receivable"]),
        ["-40000.00", "0.00", "40000.00"]
    );
    assert_eq!(
        entry["sentence"],
        "Payment ACH 88213 was deleted in QuickBooks."
    );
}

#[test]
fn voided_invoice_is_only_in_rivet() {
    let world = World::configured();
    world.bill();
    world.void_last("Invoice");
    let entry = world.tie_out();
    let entry = only_entry(&entry, "only_in_rivet");
    assert_eq!(
        entry["sentence"],
        "Invoice 1042-1 was voided in QuickBooks."
    );
}

#[test]
fn invoice_moved_to_another_customer_shows_twice() {
    let world = World::configured();
    world.bill();
    let other = world.customer_named("Turner Bay");
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": other })
    });
    let view = world.tie_out();
    assert_eq!(
        compared(&view["customers"][0]["receivable"]),
        ["43650.00", "0.00", "-43650.00"]
    );
    let sentence = &view["only_in_rivet"][0]["sentence"];
    assert_eq!(
        sentence,
        "Invoice 1042-1 is with another customer in QuickBooks."
    );
}

#[test]
fn payment_applied_elsewhere_says_where() {
    let world = World::configured();
    world.bill();
    world.bill_next(2, USUAL);
    world.pay(BILL, "40000.00");
    let second = world.last_id("Invoice");
    world.edit_last("Payment", |payment| {
        payment["Line"][0]["LinkedTxn"] = json!([{ "TxnId": second, "TxnType": "Invoice" }]);
    });
    let view = world.tie_out();
    let entry = only_entry(&view, "different");
    assert_eq!(
        entry["sentence"],
        "Payment ACH 88213 pays 40000.00 of 1042-2 in QuickBooks, and 40000.00 of 1042-1 in RIVET."
    );
    assert_eq!(compared(&entry["receivable"])[2], "0.00");
}

#[test]
fn voided_document_nets_to_zero() {
    let world = World::configured();
    world.bill();
    world.bill_next(
        2,
        Figures {
            billed: "100.00",
            retainage: "10.00",
        },
    );
    world.void_bill(BILL, "2026-04-02");
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(
        compared(account(&view, "retainage")),
        ["10.00", "10.00", "0.00"]
    );
}

#[test]
fn changed_half_of_reversed_entry_still_counts() {
    let world = World::configured();
    world.bill();
    world.void_bill(BILL, "2026-04-02");
    world.delete_last("JournalEntry");
    let view = world.tie_out();
    let entry = only_entry(&view, "different");
    assert_eq!(
        compared(&entry["retainage"]),
        ["0.00", "4850.00", "4850.00"]
    );
}

#[test]
fn firm_without_connection_cannot_tie_out() {
    let world = World::new(Default::default());
    assert!(matches!(world.try_tie_out(), Err(Error::NotConnected(_))));
}
