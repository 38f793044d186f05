//! Manual mode: a document waits for Sync Now, and a request counts until it is carried out.

use crate::support::polling::poll_times;
use crate::support::usual_bill::USUAL;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use mapping::SyncMode;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use std::rc::Rc;

/// Returns a world in manual mode whose next posting gets no answer, and whose company then loses what was posted.
fn lost_and_deleted(request: impl Fn(&World)) -> World {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.bill(), Outcome::Held);
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(lost.body_containing("JournalEntry"));
    request(&world);
    world.simulator().clear_injections();
    assert_eq!(world.bill_state(), "uncertain");
    world.delete_last("Invoice");
    world.delete_last("JournalEntry");
    world
}

#[test]
fn sync_now_counts_until_doubt_is_over() {
    let world = lost_and_deleted(|world| {
        world.press_sync_now();
    });
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

/// Returns such a world in which no person asked for the posting: the firm was in automatic mode at that time.
fn lost_unasked() -> World {
    lost_and_deleted(|world| {
        world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
        world.run_half_minutes(1);
        world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    })
}

#[test]
fn sync_now_during_doubt_is_kept() {
    let world = lost_unasked();
    world.press_sync_now();
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

#[test]
fn document_in_doubt_waits_again_without_request() {
    let world = lost_unasked();
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("held"), (0, 0))
    );
}

/// The worker read the entry before the person asked.
#[test]
fn sync_now_during_a_failing_attempt_is_kept() {
    let world = Rc::new(World::configured());
    assert_eq!(world.bill(), Outcome::Posted);
    let refused = Effect::Refused {
        code: "6000".into(),
        message: "A business validation error has occurred".into(),
        detail: "The period is locked.".into(),
    };
    let refused = Injection::new(refused).kind(RequestKind::Write);
    world.simulator().inject(refused);
    let person = world.clone();
    world.before_next_write("/batch", move || {
        let (store, user) = (&person.services.store, person.session().user);
        let asking = store.request_documents(&person.firm, None, &user, person.now());
        assert!(poll_times(100, asking));
    });
    world.bill_next(2, USUAL);
    world.simulator().clear_injections();
    let state = || world.view("pa_2")["state"].clone();
    assert_eq!(state(), "pending", "{}", world.view("pa_2"));
    world.run_half_minutes(1);
    assert_eq!(
        (state(), world.invoices_and_entries()),
        (json!("posted"), (2, 2))
    );
}
