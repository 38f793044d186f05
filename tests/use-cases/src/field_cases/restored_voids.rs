//! An invoice was voided before the store was set back.

use super::restores::{CREDIT, LESS, NOTHING_HELD, void_revision};
use super::table::field_world;
use crate::posting::METHODS;
use crate::support::lost_answers::refused;
use crate::support::usual_bill::{BILL, Figures};
use crate::support::world::World;
use jiff::SignedDuration;
use mapping::{RetainageMethod, SyncMode};
use rust_decimal::Decimal;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::document::decision::DecisionKind;

/// Revises the bill to a credit, which QuickBooks refuses after it voided the invoice.
fn revise_in_vain(world: &World) {
    let write = Injection::new(refused("6000")).kind(RequestKind::Write);
    let refusal = write.path_containing("/creditmemo").always();
    world.simulator().inject(refusal);
    world.revise_bill(CREDIT);
    world.simulator().clear_injections();
    assert_eq!(world.count("CreditMemo"), 0);
    assert_eq!(world.balance(&world.accounts().receivable), Decimal::ZERO);
}

/// A revision had to replace the invoice by a credit memo, which QuickBooks refused. Nobody can tell who voided the invoice, so a person is
/// asked once. The bill was posted before the copy of the store, or since.
fn play(is_known: bool) {
    let world = field_world();
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    let empty = world.snapshot();
    world.bill();
    let billed = world.snapshot();
    revise_in_vain(&world);
    world.set_back(if is_known { &billed } else { &empty });
    if !is_known {
        world.bill();
    }
    world.revise_bill(CREDIT);
    let view = world.view(BILL);
    assert_eq!(view["reason"]["code"], "already_in_quickbooks", "{view:#}");
    let anyway = world.decision(DecisionKind::PostAnyway);
    world.record_decision(BILL, &anyway).unwrap();
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    assert_eq!(world.count("CreditMemo"), 1);
    let owed = world.balance(&world.accounts().receivable);
    assert_eq!(owed, Decimal::from(-2400));
}

#[test]
fn void_of_forgotten_bill_is_asked_about_once() {
    play(false);
}

#[test]
fn void_of_known_bill_is_asked_about_once() {
    play(true);
}

/// Returns a world in which RIVET voided the invoice of a bill and not its entry, and the store was set back to before the bill.
fn half_voided() -> World {
    let world = field_world();
    let empty = world.snapshot();
    world.bill();
    never_answer(&world, "/journalentry");
    world.void_bill(BILL, "2026-07-02");
    world.set_back(&empty);
    world.advance(SignedDuration::from_mins(10));
    world.simulator().clear_injections();
    world
}

/// Loses all writes of this kind of transaction before they are carried out.
fn never_answer(world: &World, path: &str) {
    let lost = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(lost.path_containing(path).always());
}

/// The revision withholds nothing, so the entry is no part of it.
#[test]
fn entry_left_by_half_void_is_taken_back() {
    let world = half_voided();
    world.revise_bill(NOTHING_HELD);
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    let accounts = world.accounts();
    assert_eq!(world.balance(&accounts.retainage), Decimal::ZERO);
    assert_eq!(world.balance(&accounts.receivable), Decimal::from(40_000));
    world.run_schedules(4, SignedDuration::from_hours(8));
    assert_eq!(world.view(BILL)["state"], "posted");
}

/// The entry of the bill still stands, so the bill is posted again when RIVET sends it again. The answer to the new invoice is lost.
#[test]
fn void_from_before_is_no_copy() {
    let world = half_voided();
    never_answer(&world, "/invoice");
    world.bill();
    assert_eq!(world.view(BILL)["state"], "uncertain");
    world.simulator().clear_injections();
    for _ in 0..4 {
        world.run_next_sync();
    }
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    world.void_bill(BILL, "2026-07-02");
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_eq!(world.balance(&world.accounts().receivable), Decimal::ZERO);
}

/// Returns a world in which the answer to the first write of a revision is lost, after it was carried out.
fn in_doubt(figures: Figures) -> World {
    let world = field_world();
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    world.bill();
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world.simulator().inject(lost.path_containing("/invoice"));
    world.revise_bill(figures);
    assert_eq!(world.view(BILL)["state"], "uncertain");
    world
}

/// The answer to the void of the invoice is lost, and the store is set back to that moment.
#[test]
fn void_that_was_in_doubt_is_own() {
    let world = in_doubt(CREDIT);
    let in_doubt = world.snapshot();
    world.set_back(&in_doubt);
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    let owed = world.balance(&world.accounts().receivable);
    assert_eq!(owed, Decimal::from(-2400));
}

/// The answer to a revision is lost, the bill is voided since, and the store is set back to the doubt. RIVET sends the void again later.
#[test]
fn void_beside_a_doubt_may_be_decided() {
    let world = in_doubt(LESS);
    let in_doubt = world.snapshot();
    world.run_next_sync();
    void_revision(&world);
    assert_eq!(world.view(BILL)["state"], "voided");
    world.set_back(&in_doubt);
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["reason"]["code"], "already_in_quickbooks", "{view:#}");
    let anyway = world.decision(DecisionKind::PostAnyway);
    world.record_decision(BILL, &anyway).unwrap();
    world.run_next_sync();
    let view = world.view(BILL);
    assert_eq!(view["state"], "posted", "{view:#}");
    let owed = world.balance(&world.accounts().receivable);
    assert_eq!(owed, Decimal::from(36_000));
}

/// Figures of a revision that bills nothing.
const NOTHING: Figures = Figures {
    billed: "0.00",
    retainage: "0.00",
};

/// Posts the bill, sets the store back to before it, and sends what follows. Nothing of the bill must stand then.
fn play_forgotten(again: fn(&World), state: &str) {
    for method in METHODS {
        let world = field_world();
        world.save_settings(|settings| settings.retainage_method = method);
        let empty = world.snapshot();
        world.bill();
        world.set_back(&empty);
        again(&world);
        world.run_schedules(4, SignedDuration::from_hours(8));
        let view = world.view(BILL);
        assert_eq!(view["state"], state, "{method:?} {view:#}");
        let accounts = world.accounts();
        assert_eq!(world.balance(&accounts.receivable), Decimal::ZERO);
        assert_eq!(world.balance(&accounts.retainage), Decimal::ZERO);
        assert_eq!(world.balance(&accounts.revenue), Decimal::ZERO);
    }
}

/// RIVET sends only the newest revision again.
#[test]
fn empty_revision_takes_forgotten_bill_back() {
    let revise = |world: &World| {
        world.revise_bill(NOTHING);
    };
    play_forgotten(revise, "skipped");
}

/// Both events arrive while syncing is paused, and syncing is resumed after RIVET has sent everything again.
fn while_paused(world: &World, events: fn(&World)) {
    world.save_settings(|settings| settings.sync.mode = SyncMode::Paused);
    events(world);
    world.run_schedules(2, SignedDuration::from_hours(8));
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
}

#[test]
fn void_of_empty_revision_takes_forgotten_bill_back() {
    let void = |world: &World| {
        while_paused(world, |world| {
            world.revise_bill(NOTHING);
            void_revision(world);
        });
    };
    play_forgotten(void, "voided");
}

#[test]
fn late_void_takes_forgotten_bill_back() {
    let void = |world: &World| {
        while_paused(world, |world| {
            world.bill();
            world.void_bill(BILL, "2026-07-02");
        });
    };
    play_forgotten(void, "voided");
}
