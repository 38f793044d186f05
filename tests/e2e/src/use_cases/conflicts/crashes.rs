//! A decision is executed once, even if workers crash or run at the same time.

use super::edits::{EDITS, INVOICE_VOIDED, SECOND};
use super::{PAY_APP, assert_balances, decide, in_conflict, view};
use crate::support::documents::document_ref;
use crate::support::events::event_body;
use crate::support::polling::poll_times;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::record_decision::record_decision;
use bridge::sync::sync_due;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::SyncMode;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::Claimant;
use store::activity::ActivityEntry;
use store::document::decision::DecisionKind;
use store::queue::completion::WorkResult;
use store::queue::entry::EntryState;
use store::queue::lease::LeaseRelease;
use store::reason::hold::HoldReason;

/// A worker crashes at any point, and a write loses its answer or its effect at any point.
#[test]
fn decision_executes_once_despite_crashes_and_lost_answers() {
    for edit in EDITS {
        let name = edit.name;
        for (kind, expected) in [
            (DecisionKind::KeepRivet, SECOND),
            (DecisionKind::KeepQuickbooks, edit.balances),
        ] {
            for polls in 1..8 {
                let world = in_conflict(edit.apply);
                decide(&world, kind).unwrap();
                if polls > 4 {
                    let commit = if polls % 2 == 0 {
                        Commit::After
                    } else {
                        Commit::Before
                    };
                    let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
                    world
                        .simulator()
                        .inject(lost.skip_first(u32::from(polls == 7)));
                }
                world.advance(SignedDuration::from_mins(2));
                poll_times(
                    polls,
                    sync_due(&world.services, &mut world.entropy(), || world.now()),
                );
                (0..3).for_each(|_| world.run_next_sync());
                assert!(
                    matches!(view(&world)["state"].as_str(), Some("posted" | "voided")),
                    "{name} {kind:?} {polls}"
                );
                assert_balances(&world, expected, &format!("{name} {kind:?} {polls}"));
            }
        }
    }
}

#[test]
fn decision_with_lost_answer_is_repeatable() {
    for polls in 1..8 {
        let world = in_conflict(INVOICE_VOIDED.apply);
        let (document, decision) = (
            document_ref(PAY_APP),
            world.decision(DecisionKind::KeepRivet),
        );
        poll_times(
            polls,
            record_decision(&world.services.store, &world.firm, &document, &decision),
        );
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.run_next_sync();
        assert_balances(&world, SECOND, &format!("{polls}"));
    }
}

#[test]
fn decision_during_worker_lease_is_kept() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(event_body("04")), Outcome::Held);
    let (store, document) = (&world.services.store, document_ref(PAY_APP));
    block_on(store.acquire_lease(
        &world.firm,
        Claimant {
            owner: "worker",
            now: world.now(),
        },
    ))
    .unwrap();
    decide(&world, DecisionKind::Ignore).unwrap();
    let result = WorkResult {
        document: document.clone(),
        revision: 1,
        void: None,
        decision: None,
        entry_state: Some(EntryState::Held(HoldReason::Manual)),
        activity_entry: ActivityEntry {
            at: world.now(),
            document,
            state: "held".into(),
            detail: String::new(),
            requested_by: None,
            notification: None,
        },
        is_posted: false,
        objects: Vec::new(),
    };
    block_on(store.complete_and_release(
        &world.firm,
        &[result],
        LeaseRelease::new("worker", world.now()),
    ))
    .unwrap();
    world.run_next_sync();
    assert_eq!(view(&world)["reason"]["code"], "ignored_by_user");
}
