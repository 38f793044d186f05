//! Moves to a job of the customer that no scan has seen yet.

use crate::support::usual_bill::{BILL, Figures};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::json;

const REVISED: Figures = Figures {
    billed: "50000.00",
    retainage: "5000.00",
};

/// Returns a firm whose bill somebody moved to a job of the customer.
fn world_with_moved_bill() -> (World, String) {
    world_with_moved_bill_and_lag(SignedDuration::ZERO)
}

/// Returns such a firm whose company lists new objects only after this time.
fn world_with_moved_bill_and_lag(index_lag: SignedDuration) -> (World, String) {
    let world = World::configured();
    world.simulator().switches_mut().index_lag = index_lag;
    assert_eq!(world.bill(), Outcome::Posted);
    let job = json!({ "DisplayName": "Harbor Point Tower", "Job": true,
        "ParentRef": world.last("Invoice")["CustomerRef"] });
    let job = world.enter("Customer", job);
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": job })
    });
    (world, job)
}

/// Returns what the history says of the move.
fn moves(world: &World) -> Vec<String> {
    let activity = world.activity();
    let details = activity.into_iter().map(|entry| entry.detail);
    let moved = "Somebody moved Invoice 1042-1 to Harbor Builders:Harbor Point Tower.";
    details.filter(|detail| detail.contains(moved)).collect()
}

#[test]
fn moved_invoice_is_revised_where_it_is() {
    for lag in [0, 300] {
        let (world, job) = world_with_moved_bill_and_lag(SignedDuration::from_secs(lag));
        world.revise_bill(REVISED);
        world.run_half_minutes(2);
        assert_eq!(world.view(BILL)["state"], "posted", "{}", world.view(BILL));
        let invoice = world.last("Invoice");
        assert_eq!(invoice["CustomerRef"]["value"], job);
        assert_eq!(invoice["TotalAmt"].to_string(), "45000.00");
        assert_eq!(world.invoices_and_entries(), (1, 1));
        assert_eq!(moves(&world).len(), 1, "{lag}: {:?}", world.activity());
    }
}

#[test]
fn moved_invoice_is_voided_without_a_decision() {
    let (world, _) = world_with_moved_bill();
    world.void_bill(BILL, "2026-04-02");
    world.run_half_minutes(2);
    assert_eq!(world.view(BILL)["state"], "voided", "{}", world.view(BILL));
    assert_eq!(world.last("Invoice")["Balance"].to_string(), "0.00");
}

#[test]
fn moved_and_changed_invoice_needs_a_decision() {
    let (world, _) = world_with_moved_bill();
    world.edit_last("Invoice", |invoice| {
        invoice["DueDate"] = json!("2026-09-30")
    });
    world.revise_bill(REVISED);
    world.run_half_minutes(2);
    let view = world.view(BILL);
    assert_eq!(view["reason"]["code"], "changed_in_quickbooks", "{view}");
    assert_eq!(moves(&world), Vec::<String>::new());
    let differs = view["conflict"]["objects"][0]["differs"].as_array();
    let differs = differs.unwrap();
    for field in ["customer", "due_date"] {
        assert!(differs.contains(&json!(field)), "{differs:?}");
    }
}

#[test]
fn invoice_moved_to_another_customer_needs_a_decision() {
    let world = World::configured();
    assert_eq!(world.bill(), Outcome::Posted);
    let other = world.enter(
        "Customer",
        json!({ "DisplayName": "Tidewater Contractors" }),
    );
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": other })
    });
    world.revise_bill(REVISED);
    world.run_half_minutes(2);
    let view = world.view(BILL);
    assert_eq!(view["reason"]["code"], "changed_in_quickbooks", "{view}");
}

/// The index of QuickBooks does not list RIVET's new customer yet, so that the customer looks as if it were merged.
#[test]
fn unlisted_customer_was_not_merged() {
    for is_scanned_first in [true, false] {
        let world = World::configured();
        world.announce_changes();
        let other = json!({ "DisplayName": "Tidewater Contractors" });
        let other = world.enter("Customer", other);
        world.advance(SignedDuration::from_mins(10));
        world.simulator().switches_mut().index_lag = SignedDuration::from_secs(300);
        assert_eq!(world.bill(), Outcome::Posted);
        let ours = world.last("Invoice")["CustomerRef"]["value"].clone();
        world.advance(SignedDuration::from_secs(1));
        world.edit_last("Invoice", |invoice| {
            invoice["CustomerRef"] = json!({ "value": other })
        });
        if is_scanned_first {
            world.deliver_events_and_scan();
        } else {
            world.revise_bill(REVISED);
        }
        let view = world.view(BILL);
        assert_eq!(view["reason"]["code"], "changed_in_quickbooks", "{view}");
        assert_eq!(world.bill_next(2, REVISED), Outcome::Posted);
        let next = world.last("Invoice")["CustomerRef"]["value"].clone();
        assert_eq!(next, ours, "{is_scanned_first}");
    }
}
