//! Late reversals: a person edits a journal entry after RIVET read it and before RIVET reverses it.

use super::edits::{Balances, ENTRY_DELETED, Edit, NOTHING, RETAINAGE_CHANGED};
use super::{assert_balances, decide, deliver_void, view};
use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use std::rc::Rc;
use store::document::decision::DecisionKind;

/// The invoice is voided, and the journal entry has its edited amount.
const EDITED: Balances = ["0.00", "500.00", "500.00", "426.67"];

/// Returns a firm with a posted pay app. A person edits its journal entry just before a reversal of it arrives.
fn with_edit_before_reversal(edit: Edit) -> Rc<World> {
    let world = Rc::new(World::configured());
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    let other = world.clone();
    world.before_next_write("/journalentry", move || (edit.apply)(&other));
    world
}

#[test]
fn late_reversal_of_deleted_entry_is_taken_back() {
    let world = with_edit_before_reversal(ENTRY_DELETED);
    assert_eq!(deliver_void(&world, 1), Outcome::Queued);
    world.run_next_sync();
    assert_eq!(view(&world)["state"], "voided");
    assert_balances(&world, NOTHING, "voided");
}

#[test]
fn late_reversal_of_edited_entry_becomes_conflict() {
    let world = with_edit_before_reversal(RETAINAGE_CHANGED);
    assert_eq!(deliver_void(&world, 1), Outcome::Queued);
    world.run_next_sync();
    assert_eq!(view(&world)["state"], "conflict");
    assert_balances(&world, EDITED, "in conflict");
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.run_next_sync();
    assert_eq!(view(&world)["state"], "voided");
    assert_balances(&world, NOTHING, "decided");
}

/// Each write from the reversal on is lost, with or without its effect.
#[test]
fn late_reversal_recovery_survives_lost_calls() {
    for (edit, expected) in [(ENTRY_DELETED, NOTHING), (RETAINAGE_CHANGED, EDITED)] {
        for (call, commit) in
            (0..4).flat_map(|call| [(call, Commit::Before), (call, Commit::After)])
        {
            let world = with_edit_before_reversal(edit);
            let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
            world.simulator().inject(lost.skip_first(call));
            deliver_void(&world, 1);
            (0..4).for_each(|_| world.run_next_sync());
            let state = &view(&world)["state"];
            assert!(
                [json!("voided"), json!("conflict")].contains(state),
                "{state}"
            );
            assert_balances(&world, expected, &format!("call {call} lost {commit:?}"));
        }
    }
}

#[test]
fn unverified_reversal_stays_uncertain_until_read() {
    let world = with_edit_before_reversal(ENTRY_DELETED);
    let other = world.clone();
    world.before_next_write("/journalentry", move || {
        (ENTRY_DELETED.apply)(&other);
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Read);
        other.simulator().inject(lost);
    });
    assert_eq!(deliver_void(&world, 1), Outcome::Queued);
    assert_eq!(view(&world)["state"], "uncertain");
    (0..2).for_each(|_| world.run_next_sync());
    assert_eq!(view(&world)["state"], "voided");
    assert_balances(&world, NOTHING, "verified");
}

/// The void finds the pay app whose posting got no answer, so that the document was never posted completely before.
#[test]
fn edited_entry_of_half_void_is_reversed_once() {
    let world = Rc::new(World::configured());
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(lost.body_containing("JournalEntry"));
    assert_eq!(world.deliver(event_body("04")), Outcome::Queued);
    deliver_void(&world, 1);
    let other = world.clone();
    world.before_next_write("/journalentry", move || (RETAINAGE_CHANGED.apply)(&other));
    (0..4).for_each(|_| world.run_next_sync());
    assert_eq!(view(&world)["state"], "conflict");
    let entries = world
        .simulator()
        .entities(&world.realm, "JournalEntry")
        .count();
    assert_eq!(
        entries, 3,
        "the entry, its reversal and the reversal taken back"
    );
    // The project's record has nothing of a document that was never posted completely.
    let expected = ["0.00", "500.00", "500.00", "0.00"];
    assert_balances(&world, expected, "in conflict");
}
