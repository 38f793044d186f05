//! RIVET sends again what a restored store lacks, and the documents are processed long after: syncing is paused, or the firm must sign in again.

use super::restores::{CREDIT, LESS, assert_tied_out, void_revision};
use super::table::{counted, field_world};
use crate::support::bookkeeper::number;
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::json;

/// The events before the copy of the store, the events since, and the document that they end with.
type Story = (fn(&World), fn(&World), &'static str);

const STORIES: [Story; 7] = [
    (nothing, bill, BILL),
    (nothing, bill_and_pay, "pay_pa_1"),
    (bill, pay, "pay_pa_1"),
    (bill, revise, BILL),
    (bill, void, BILL),
    (bill, release, "rel_1"),
    (bill, revise_and_void, BILL),
];

fn nothing(_: &World) {}

fn bill(world: &World) {
    world.bill();
}

fn pay(world: &World) {
    world.pay(BILL, "43650.00");
}

fn bill_and_pay(world: &World) {
    bill(world);
    pay(world);
}

fn revise(world: &World) {
    world.revise_bill(LESS);
}

fn void(world: &World) {
    world.void_bill(BILL, "2026-07-02");
}

fn release(world: &World) {
    world.release(1, "4850.00");
}

fn revise_and_void(world: &World) {
    revise(world);
    void_revision(world);
}

/// A day passes between the events and their processing.
#[derive(Clone, Copy, Debug)]
enum Delay {
    /// Syncing is paused.
    Paused,
    /// Documents wait for Sync Now.
    Manual,
    /// The stored grant is spent, and the firm signs in again.
    SignedOut,
}

impl Delay {
    fn mode(self) -> Option<SyncMode> {
        match self {
            Self::Paused => Some(SyncMode::Paused),
            Self::Manual => Some(SyncMode::Manual),
            Self::SignedOut => None,
        }
    }
}

fn assigning_world() -> World {
    let options = WorldOptions::with_company(|company| company.custom_numbers(false));
    counted(World::configured_with(options, |_| {}))
}

fn pass_a_day(world: &World) {
    world.run_schedules(3, SignedDuration::from_hours(8));
}

/// Plays a story. The company must have in the end what it had before the restore, and both documents their states.
fn play(world: &World, story: Story, delay: Delay) {
    let (before, since, document) = story;
    let ending = || {
        let states = [BILL, document].map(|id| world.view(id)["state"].clone());
        (world.company_state(), states)
    };
    before(world);
    let snapshot = world.snapshot();
    pass_a_day(world);
    since(world);
    let expected = ending();
    world.set_back(&snapshot);
    if let Some(mode) = delay.mode() {
        world.connect();
        world.save_settings(|settings| settings.sync.mode = mode);
    }
    since(world);
    pass_a_day(world);
    assert_eq!(world.view(document)["state"], "held", "{delay:?}");
    match delay {
        Delay::Paused => {
            world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
        }
        Delay::Manual => {
            world.press_sync_now();
        }
        Delay::SignedOut => {
            world.connect();
        }
    }
    pass_a_day(world);
    assert_eq!(ending(), expected, "{delay:?}, {}", world.view(document));
    assert!(!has_told_of_edits(world), "{delay:?}, {document}");
    assert_tied_out(world);
}

/// Returns whether RIVET was told that somebody changed a document in QuickBooks.
fn has_told_of_edits(world: &World) -> bool {
    world.refresh_tokens();
    let rivet = world.rivet();
    let mut told = rivet.notifications.iter();
    told.any(|told| told.body["type"] == "document.changed_in_quickbooks")
}

#[test]
fn documents_processed_late_are_not_doubled() {
    for story in STORIES {
        for delay in [Delay::Paused, Delay::Manual, Delay::SignedOut] {
            play(&field_world(), story, delay);
            play(&assigning_world(), story, delay);
        }
    }
}

#[test]
fn refused_query_by_day_makes_nothing() {
    let world = assigning_world();
    let snapshot = world.snapshot();
    world.bill();
    world.set_back(&snapshot);
    world.simulator().switches_mut().refused_queries = vec!["TxnDate".into()];
    world.bill();
    assert_eq!(world.view(BILL)["state"], "uncertain");
    world.simulator().switches_mut().refused_queries.clear();
    world.run_half_minutes(40);
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

/// Delivers a revision of a pay app of project `100`. QuickBooks assigns `1001` and `1002`, which are `100-1` and `100-2` to a person.
fn deliver(world: &World, number: u32, revision: u32, figures: Figures) {
    let mut bill = pay_app(number, figures);
    bill["project"]["number"] = json!("100");
    bill["revision"] = json!(revision);
    let event = match revision {
        1 => "pay_app.approved",
        _ => "pay_app.revised",
    };
    world.deliver_pay_app(event, &bill);
}

/// The record of the first bill is as old as the copy of the store, and does not know the invoice that took the place of its credit memo.
#[test]
fn forgotten_revision_of_another_bill_holds_nothing() {
    let world = assigning_world();
    deliver(&world, 1, 1, CREDIT);
    let snapshot = world.snapshot();
    deliver(&world, 1, 2, LESS);
    assert_eq!(world.last("Invoice")["DocNumber"], "1002");
    world.set_back(&snapshot);
    deliver(&world, 2, 1, USUAL);
    deliver(&world, 1, 2, LESS);
    world.run_half_minutes(10);
    for bill in [BILL, "pa_2"] {
        let view = world.view(bill);
        assert_eq!(view["state"], "posted", "{view:#}");
    }
    assert_eq!((world.count("Invoice"), world.count("CreditMemo")), (2, 1));
}

/// A person edits the forgotten revision while it is held, before the six hours have passed or after.
#[test]
fn edit_while_held_is_found() {
    for hours in [1, 24] {
        let world = field_world();
        bill(&world);
        let snapshot = world.snapshot();
        revise(&world);
        world.set_back(&snapshot);
        world.save_settings(|settings| settings.sync.mode = SyncMode::Paused);
        revise(&world);
        world.advance(SignedDuration::from_hours(hours));
        world.edit_last("Invoice", |form| form["Line"][0]["Amount"] = json!(1.0));
        pass_a_day(&world);
        world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
        pass_a_day(&world);
        let view = world.view(BILL);
        assert_eq!(view["reason"]["code"], "changed_in_quickbooks", "{view:#}");
        assert_eq!(world.last("Invoice")["TotalAmt"], number("1.00"));
    }
}
