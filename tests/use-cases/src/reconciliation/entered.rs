//! Transactions that people enter themselves, on the accounts and customers of RIVET's.

use super::{account, compared, only_entry};
use crate::support::bookkeeper::{HARBOR, Typed, number};
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use serde_json::json;

fn billed_world() -> World {
    let world = World::configured();
    world.bill();
    world
}

const OTHER_BILL: Typed<'static> = Typed {
    customer: HARBOR,
    number: "SRV-7",
    amount: "1200.00",
};

#[test]
fn bill_of_another_kind_is_only_in_quickbooks() {
    let world = billed_world();
    world.type_invoice(OTHER_BILL);
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_quickbooks");
    assert_eq!(
        (&entry["document"], &entry["number"]),
        (&json!(null), &json!("SRV-7"))
    );
    assert_eq!(
        compared(&entry["receivable"]),
        ["0.00", "1200.00", "1200.00"]
    );
    assert_eq!(entry["customer"], "gc_1");
    assert_eq!(
        entry["sentence"],
        "Somebody entered this Invoice in QuickBooks."
    );
}

#[test]
fn bill_of_another_customer_is_no_concern() {
    let world = billed_world();
    world.type_invoice(Typed {
        customer: "Walk-in",
        ..OTHER_BILL
    });
    assert_eq!(world.tie_out()["tied_out"], true);
}

#[test]
fn retainage_entry_by_hand_is_only_in_quickbooks() {
    let world = billed_world();
    world.type_entry(Typed {
        customer: "Walk-in",
        number: "JE-9",
        amount: "50.00",
    });
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_quickbooks");
    assert_eq!(
        (&entry["type"], &entry["date"]),
        (&json!("JournalEntry"), &json!("2026-06-15"))
    );
    assert_eq!(compared(&entry["retainage"]), ["0.00", "-50.00", "-50.00"]);
    assert_eq!(
        compared(account(&view, "retainage")),
        ["4850.00", "4800.00", "-50.00"]
    );
}

#[test]
fn payment_by_hand_agrees_once_it_is_noticed() {
    let world = billed_world();
    let invoice = world.last_id("Invoice");
    world.type_check_for(&invoice, "5000.00", "2026-04-20");
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_quickbooks");
    assert_eq!(
        compared(&entry["receivable"]),
        ["0.00", "-5000.00", "-5000.00"]
    );
    world.find_out();
    let view = world.later_tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(
        compared(account(&view, "accounts_receivable")),
        ["38650.00", "38650.00", "0.00"]
    );
    assert_eq!(view["projects"][0]["paid"], "5000.00");
}

#[test]
fn older_balance_is_told_with_its_customer() {
    let world = World::configured();
    let customer = world.customer_named(HARBOR);
    let item = world.type_invoice(OTHER_BILL);
    world
        .person(|person| person.edit("Invoice", &item, json!({ "TxnDate": "2025-12-31" })))
        .unwrap();
    world.bill();
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_quickbooks");
    assert_eq!((&entry["type"], &entry["id"]), (&json!(null), &json!(null)));
    assert_eq!(
        compared(&entry["receivable"]),
        ["0.00", "1200.00", "1200.00"]
    );
    assert_eq!(
        entry["link"],
        format!("https://app.qbo.intuit.com/app/customerdetail?nameId={customer}")
    );
}

#[test]
fn job_counts_to_its_customer() {
    let world = billed_world();
    let parent = world.customer_named(HARBOR);
    let job = world.enter(
        "Customer",
        json!({
        "DisplayName": "Tower job", "Job": true, "ParentRef": { "value": parent } }),
    );
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": job })
    });
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    let check = json!({ "CustomerRef": { "value": job }, "TotalAmt": number("10.00"), "TxnDate": "2026-05-01" });
    world.enter("Payment", check);
    let view = world.later_tie_out();
    assert_eq!(only_entry(&view, "only_in_quickbooks")["customer"], "gc_1");
}

#[test]
fn later_look_finds_changes_and_deletions() {
    let world = billed_world();
    world.type_invoice(OTHER_BILL);
    let check = world.type_check(HARBOR, "77.00", "2026-05-01");
    assert_eq!(
        world.tie_out()["only_in_quickbooks"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    world.delete_last("Invoice");
    world
        .person(|person| person.edit("Payment", &check, json!({ "TotalAmt": number("78.00") })))
        .unwrap();
    let view = world.later_tie_out();
    let entry = only_entry(&view, "only_in_quickbooks");
    assert_eq!(compared(&entry["amount"]), ["0.00", "78.00", "78.00"]);
    world.pay(BILL, "10.00");
    let view = world.tie_out();
    assert_eq!(
        (
            view["reads"].as_u64(),
            view["only_in_rivet"].as_array().unwrap().len()
        ),
        (Some(0), 0)
    );
}
