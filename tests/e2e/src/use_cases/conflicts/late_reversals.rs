//! What somebody does to an entry in the moment between our look at it and our reversal of it.

use super::{Books, MEDDLINGS, NOTHING, assert_books, decide, view, voided};
use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use std::rc::Rc;
use store::document::decision::DecisionKind;

/// Its invoice is void, and the entry stands as it was edited.
const EDITED: Books = ["0.00", "500.00", "500.00", "426.67"];

/// The pay app is voided, and just before its entry is reversed somebody does something to that.
fn voided_while(meddling: usize) -> Rc<World> {
    let (name, meddle, _) = MEDDLINGS[meddling];
    assert!(
        matches!(name, "entry deleted" | "other retainage"),
        "{name}"
    );
    let world = Rc::new(World::usual());
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    let there = world.clone();
    world.meanwhile("/journalentry", move || meddle(&there));
    world
}

const DELETED: usize = 5;
const ANOTHER: usize = 4;

#[test]
fn late_reversal_of_deleted_entry_is_taken_back() {
    let world = voided_while(DELETED);
    assert_eq!(voided(&world, 1), Outcome::Queued);
    world.next_run();
    assert_eq!(view(&world)["state"], "voided");
    assert_books(&world, NOTHING, "voided");
}

#[test]
fn late_reversal_of_edited_entry_becomes_conflict() {
    let world = voided_while(ANOTHER);
    assert_eq!(voided(&world, 1), Outcome::Queued);
    world.next_run();
    assert_eq!(view(&world)["state"], "conflict");
    assert_books(&world, EDITED, "in conflict");
    decide(&world, DecisionKind::KeepRivet).unwrap();
    world.next_run();
    assert_eq!(view(&world)["state"], "voided");
    assert_books(&world, NOTHING, "decided");
}

/// Each call from the reversal on is lost, with or without its effect.
#[test]
fn late_reversal_recovery_survives_lost_calls() {
    for (meddling, expected) in [(DELETED, NOTHING), (ANOTHER, EDITED)] {
        for (call, commit) in
            (0..4).flat_map(|call| [(call, Commit::Before), (call, Commit::After)])
        {
            let world = voided_while(meddling);
            let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
            world.simulator().inject(lost.skip_first(call));
            voided(&world, 1);
            (0..4).for_each(|_| world.next_run());
            let state = &view(&world)["state"];
            assert!(
                [json!("voided"), json!("conflict")].contains(state),
                "{state}"
            );
            assert_books(&world, expected, &format!("call {call} lost {commit:?}"));
        }
    }
}

#[test]
fn unverified_reversal_stays_uncertain_until_read() {
    let world = voided_while(DELETED);
    let there = world.clone();
    world.meanwhile("/journalentry", move || {
        MEDDLINGS[DELETED].1(&there);
        let slow = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Read);
        there.simulator().inject(slow);
    });
    assert_eq!(voided(&world, 1), Outcome::Queued);
    assert_eq!(view(&world)["state"], "uncertain");
    (0..2).for_each(|_| world.next_run());
    assert_eq!(view(&world)["state"], "voided");
    assert_books(&world, NOTHING, "looked at");
}
