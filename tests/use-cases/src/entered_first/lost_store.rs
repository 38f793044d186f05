//! A store that was lost: RIVET sends everything again, and finds what it posted before.

use crate::support::bookkeeper::{HARBOR, TYPED_BILL, Typed, number};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use bridge::restored::restored;
use futures::executor::block_on;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulation::memory_store::{BackEnd, MemoryStore};

impl World {
    /// Loses all records, and connects again with the same settings.
    pub fn lose_store(&mut self) {
        self.disconnect();
        self.memory = MemoryStore::new(BackEnd::Sqlite);
        self.services = self.new_instance();
        self.advance(SignedDuration::from_hours(24));
        self.connect();
        self.save_settings(|_| {});
    }

    fn posted_ids(&self, id: &str) -> Vec<Value> {
        let view = self.view(id);
        let objects = view["quickbooks"].as_array().unwrap().iter();
        objects.map(|object| object["id"].clone()).collect()
    }
}

/// Bills, releases and pays.
fn everything(world: &World) {
    world.bill();
    world.release(1, "4850.00");
    world.pay(BILL, "43650.00");
    world.pay("rel_1", "4850.00");
}

const DOCUMENTS: [&str; 4] = [BILL, "rel_1", "pay_pa_1", "pay_rel_1"];

#[test]
fn everything_sent_again_is_adopted() {
    let mut world = World::configured();
    everything(&world);
    let before = DOCUMENTS.map(|id| world.posted_ids(id));
    let counts = ["Invoice", "JournalEntry", "Payment"].map(|kind| world.count(kind));
    world.lose_store();
    everything(&world);
    assert_eq!(DOCUMENTS.map(|id| world.shows(id)), ["posted"; 4]);
    assert_eq!(DOCUMENTS.map(|id| world.posted_ids(id)), before);
    let after = ["Invoice", "JournalEntry", "Payment"].map(|kind| world.count(kind));
    assert_eq!(after, counts);
    world.run_next_sync();
    assert_eq!(DOCUMENTS.map(|id| world.shows(id)), ["posted"; 4]);
}

#[test]
fn revisions_sent_again_end_in_the_newest() {
    let mut world = World::configured();
    let revised = Figures {
        billed: "40000.00",
        retainage: "4000.00",
    };
    world.bill();
    world.revise_bill(revised);
    let before = world.posted_ids(BILL);
    let version = world.last("Invoice")["SyncToken"].clone();
    world.lose_store();
    assert_eq!(world.bill(), Outcome::Posted);
    assert_eq!(world.revise_bill(revised), Outcome::Posted);
    assert_eq!(world.posted_ids(BILL), before);
    assert_eq!(world.last("Invoice")["TotalAmt"], number("36000.00"));
    assert_eq!(world.last("Invoice")["SyncToken"], version);
    world.run_next_sync();
    assert_eq!(world.shows(BILL), "posted", "{}", world.view(BILL));
}

#[test]
fn older_revision_in_quickbooks_is_revised() {
    let mut world = World::configured();
    world.bill();
    let before = world.posted_ids(BILL);
    world.lose_store();
    let revised = Figures {
        billed: "40000.00",
        retainage: "4000.00",
    };
    assert_eq!(
        world.revise_bill(revised),
        Outcome::Posted,
        "{}",
        world.view(BILL)
    );
    assert_eq!(world.posted_ids(BILL), before);
    assert_eq!(world.last("Invoice")["TotalAmt"], number("36000.00"));
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn edited_transaction_becomes_conflict() {
    let mut world = World::configured();
    world.bill();
    world.edit_last("Invoice", |form| form["Line"][0]["Amount"] = json!(1.0));
    world.lose_store();
    world.bill();
    world.run_next_sync();
    assert_eq!(world.shows(BILL), "conflict", "{}", world.view(BILL));
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn voided_bill_sent_again_is_voided() {
    let mut world = World::configured();
    world.bill();
    world.void_bill(BILL, "2026-03-31");
    let counts = world.invoices_and_entries();
    world.lose_store();
    assert_eq!(world.bill(), Outcome::Held);
    assert_eq!(world.void_bill(BILL, "2026-03-31"), Outcome::Posted);
    assert_eq!(world.shows(BILL), "voided");
    assert_eq!(world.invoices_and_entries(), counts);
}

#[test]
fn half_of_a_pair_is_completed() {
    let mut world = World::configured();
    world.bill();
    world.delete_last("JournalEntry");
    world.lose_store();
    assert_eq!(world.bill(), Outcome::Posted);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn copy_of_a_person_is_never_adopted() {
    let mut world = World::configured();
    world.bill();
    let mut copy = world.last("Invoice");
    let original = world.last_id("Invoice");
    for field in ["Id", "SyncToken", "MetaData"] {
        copy.as_object_mut().unwrap().remove(field);
    }
    copy["DocNumber"] = json!("1042-77");
    world.enter("Invoice", copy);
    world.lose_store();
    assert_eq!(world.bill(), Outcome::Posted);
    assert_eq!(world.posted_ids(BILL)[0], original);
}

#[test]
fn copy_with_next_number_holds_next_bill() {
    let world = World::configured();
    world.bill();
    let mut copy = world.last("Invoice");
    for field in ["Id", "SyncToken", "MetaData"] {
        copy.as_object_mut().unwrap().remove(field);
    }
    copy["DocNumber"] = json!("1042-2");
    world.advance(SignedDuration::from_hours(1));
    let id = world.enter("Invoice", copy);
    world.pass_night();
    assert_eq!(world.bill_next(2, USUAL), Outcome::Held);
    world.assert_held_for("pa_2", "already_in_quickbooks", &[&id]);
    assert_eq!(
        world.customer_named(HARBOR),
        world.last("Invoice")["CustomerRef"]["value"]
    );
}

#[test]
fn credit_memo_and_letter_are_adopted() {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let mut world = World::configured_with(options, |_| {});
    world.type_invoice(Typed {
        customer: "Somebody",
        amount: "10.00",
        ..TYPED_BILL
    });
    let credit = Figures {
        billed: "-100.00",
        retainage: "-10.00",
    };
    let everything = |world: &World| {
        assert_eq!(world.bill(), Outcome::Posted);
        assert_eq!(world.bill_next(2, credit), Outcome::Posted);
    };
    everything(&world);
    let before = [BILL, "pa_2"].map(|id| world.posted_ids(id));
    world.lose_store();
    everything(&world);
    assert_eq!([BILL, "pa_2"].map(|id| world.posted_ids(id)), before);
    assert_eq!(world.view(BILL)["quickbooks"][0]["number"], "1042-1a");
    assert_eq!((world.count("Invoice"), world.count("CreditMemo")), (2, 1));
}

/// Returns a world whose company replaces the numbers of invoices.
fn replacing_world() -> World {
    let options = WorldOptions::with_company(|company| company.custom_numbers(false));
    World::configured_with(options, |_| {})
}

#[test]
fn replaced_numbers_are_found_in_a_lost_store() {
    let mut world = replacing_world();
    let all = |world: &World| {
        everything(world);
        world.bill_next(2, USUAL);
    };
    let counts =
        |world: &World| ["Invoice", "JournalEntry", "Payment"].map(|kind| world.count(kind));
    all(&world);
    let before = (DOCUMENTS.map(|id| world.posted_ids(id)), counts(&world));
    world.lose_store();
    all(&world);
    assert_eq!(DOCUMENTS.map(|id| world.shows(id)), ["posted"; 4]);
    let after = (DOCUMENTS.map(|id| world.posted_ids(id)), counts(&world));
    assert_eq!(after, before);
}

#[test]
fn refused_query_of_replaced_numbers_makes_nothing() {
    let mut world = replacing_world();
    world.bill();
    world.lose_store();
    let refused = "from Invoice where CustomerRef";
    world.simulator().switches_mut().refused_queries = vec![refused.into()];
    world.bill();
    assert_eq!(world.shows(BILL), "uncertain");
    assert_eq!(world.invoices_and_entries(), (1, 1));
    world.simulator().switches_mut().refused_queries.clear();
    world.run_half_minutes(40);
    assert_eq!(world.shows(BILL), "posted");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

/// The operator tells of the loss. RIVET sends the bill again, and its void, before the firm has signed in.
#[test]
fn void_before_the_sign_in_takes_lost_bill_back() {
    let mut world = World::configured();
    let first_day = world.now();
    world.bill();
    world.disconnect();
    world.memory = MemoryStore::new(BackEnd::Sqlite);
    world.services = world.new_instance();
    world.advance(SignedDuration::from_hours(24));
    block_on(restored(&world.services.store, first_day, world.now())).unwrap();
    world.bill();
    world.void_bill(BILL, "2026-03-31");
    assert_eq!(world.shows(BILL), "held");
    world.advance(SignedDuration::from_hours(24));
    world.connect();
    world.save_settings(|_| {});
    world.run_half_minutes(10);
    assert_eq!(world.shows(BILL), "voided");
    assert!(world.balance(&world.accounts().receivable).is_zero());
}
