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
use simulation::seeds::stride;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::Claimant;
use store::activity::ActivityEntry;
use store::document::attempts::WaitCause;
use store::document::decision::DecisionKind;
use store::queue::completion::WorkResult;
use store::queue::entry::EntryState;
use store::queue::lease::LeaseRelease;
use store::reason::hold::HoldReason;

/// Loses the answer or the effect of a write, depending on the number of polls.
fn lose_write(world: &World, polls: usize) {
    let commit = if polls.is_multiple_of(2) {
        Commit::After
    } else {
        Commit::Before
    };
    let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
    let writes_before = u32::from(polls == 7);
    world.simulator().inject(lost.skip_first(writes_before));
}

/// Crashes a scheduled run after this many polls.
fn crash_run(world: &World, polls: usize) {
    world.advance(SignedDuration::from_mins(2));
    let mut entropy = world.entropy();
    let run = sync_due(&world.services, &mut entropy, || world.now());
    poll_times(polls, run);
}

/// A worker crashes at any point, and a write loses its answer or its effect at any point.
#[test]
fn decision_executes_once_despite_crashes_and_lost_answers() {
    for edit in EDITS {
        let name = edit.name;
        for (kind, expected) in [
            (DecisionKind::KeepRivet, SECOND),
            (DecisionKind::KeepQuickbooks, edit.balances),
        ] {
            for polls in (1..8).step_by(stride()) {
                let world = in_conflict(edit.apply);
                decide(&world, kind).unwrap();
                if polls > 4 {
                    lose_write(&world, polls);
                }
                crash_run(&world, polls);
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
    for polls in (1..8).step_by(stride()) {
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

/// Returns the result of a worker that loaded the pay app before the decision, and holds it again.
fn held_again(world: &World) -> WorkResult {
    let document = document_ref(PAY_APP);
    WorkResult {
        document: document.clone(),
        revision: 1,
        void: None,
        decision: None,
        entry_state: Some(EntryState::Held(HoldReason::Manual)),
        wait_cause: WaitCause::Document,
        reason: None,
        activity_entry: ActivityEntry {
            summary: None,
            at: world.now(),
            document,
            state: "held".into(),
            detail: String::new(),
            requested_by: None,
            notification: None,
            transactions: Vec::new(),
        },
        is_posted: false,
        objects: Vec::new(),
    }
}

#[test]
fn decision_during_worker_lease_is_kept() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(event_body("04")), Outcome::Held);
    let store = &world.services.store;
    let claimant = Claimant {
        owner: "worker",
        now: world.now(),
    };
    block_on(store.acquire_lease(&world.firm, claimant)).unwrap();
    decide(&world, DecisionKind::Ignore).unwrap();
    let results = [held_again(&world)];
    let release = LeaseRelease::new("worker", world.now());
    let releasing = store.complete_and_release(&world.firm, &results, release);
    block_on(releasing).unwrap();
    world.run_next_sync();
    assert_eq!(view(&world)["reason"]["code"], "ignored_by_user");
}
