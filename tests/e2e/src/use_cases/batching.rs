//! Documents that go out together: what becomes of each when something goes wrong with one, or with all.

use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::sync::sync_now;
use bridge::worker::run::WorkerRun;
use bridge::worker::work;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{RetainageMethod, SyncMode};
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use std::cell::{Cell, RefCell};
use store::Claimant;
use store::document::decision::DecisionKind;
use store::queue::lease::LeaseResult;

fn world() -> World {
    let world = World::usual();
    world.deliver(body("01"));
    world
}

/// So many pay apps of one project wait for the button; their ids.
fn waiting(world: &World, pay_apps: usize) -> Vec<String> {
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    let ids: Vec<String> = (1..=pay_apps).map(|n| format!("pa_many_{n}")).collect();
    for (n, id) in ids.iter().enumerate() {
        let outcome = world.deliver_changed("03", |data| {
            data["pay_app"]["id"] = json!(id);
            data["pay_app"]["number"] = json!(n + 1);
        });
        assert_eq!(outcome, Outcome::Held);
    }
    ids
}

/// QuickBooks refuses every batch with the fifth of them as a whole.
fn refuse_the_fifth(world: &World) {
    let whole = Effect::Refused {
        code: "2010".into(),
        message: "Request has invalid or unsupported property".into(),
        detail: "Property Name is unsupported.".into(),
    };
    let poison = Injection::new(whole)
        .kind(RequestKind::Batch)
        .body_containing("pa_many_5 ");
    world.simulator().inject(poison.always());
}

fn only_the_fifth_failed(world: &World, ids: &[String]) {
    for (n, id) in (1..).zip(ids) {
        let expected = if n == 5 { "failed" } else { "posted" };
        assert_eq!(world.view(id)["state"], expected, "{id}");
    }
}

#[test]
fn retry_completes_partly_posted_pay_app() {
    for index in 0..2 {
        let world = world();
        world.refuse_item(index);
        assert_eq!(world.deliver(body("03")), Outcome::Held);
        assert_eq!(world.count("Invoice") + world.count("JournalEntry"), 1);
        let reason = world.view("pa_1042_1")["reason"]["message"].clone();
        let stands = ["Journal Entry 1042-1R", "Invoice 1042-1"][index];
        assert!(reason.as_str().unwrap().contains(stands), "{reason}");
        assert_eq!(world.press_sync_now().posted, 1);
        assert_eq!(world.invoices_and_entries(), (1, 1));
    }
}

#[test]
fn ignored_partly_posted_pay_app_is_reversed() {
    for index in 0..2 {
        let world = world();
        world.refuse_item(index);
        world.deliver(body("03"));
        let ignored = world.decision(DecisionKind::Ignore);
        world.settle("pa_1042_1", &ignored).unwrap();
        world.next_run();
        assert_eq!(world.view("pa_1042_1")["state"], "skipped");
        let accounts = world.accounts();
        for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
            assert!(world.balance(&account).is_zero());
        }
    }
}

#[test]
fn refused_batch_item_fails_only_its_document() {
    let world = world();
    let ids = waiting(&world, 12);
    world.refuse_item(6);
    assert_eq!(world.press_sync_now().posted, 11);
    let states: Vec<_> = ids
        .iter()
        .map(|id| world.view(id)["state"].clone())
        .collect();
    assert_eq!(
        states.iter().filter(|state| **state == "posted").count(),
        11
    );
    assert_eq!(states.iter().filter(|state| **state == "failed").count(), 1);
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(world.invoices_and_entries(), (12, 12));
}

#[test]
fn lost_batch_answer_is_recovered_in_smaller_batches() {
    for (items, commit, calls) in [
        (24, Commit::After, 2),
        (11, Commit::Before, 4),
        (0, Commit::Before, 4),
    ] {
        let world = world();
        waiting(&world, 12);
        let then = Box::new(Effect::Dropped(commit));
        let partly =
            Injection::new(Effect::Partial { items, then }).body_containing("JournalEntry");
        world.simulator().inject(partly);
        assert_eq!(world.press_sync_now().posted, 0);
        world.person(|person| person.forget_request_ids());
        world.simulator().clear_traffic();
        world.next_run();
        assert_eq!(world.simulator().traffic().len(), calls);
        let found = world.invoices_and_entries();
        assert_eq!(found, (12, 12), "{items} were carried out");
    }
}

/// Intuit says that a refused call does nothing. Nobody says that of a batch whose limit or token ends halfway.
#[test]
fn interrupted_batch_is_looked_up_before_resending() {
    for then in [Effect::Throttled, Effect::Unauthorized] {
        let world = world();
        let ids = waiting(&world, 12);
        let cut = Effect::Partial {
            items: 7,
            then: Box::new(then.clone()),
        };
        let cut = Injection::new(cut).body_containing("JournalEntry");
        world.simulator().inject(cut);
        assert_eq!(world.press_sync_now().posted, 0);
        assert!(ids.iter().all(|id| world.view(id)["state"] == "uncertain"));
        world.person(|person| person.forget_request_ids());
        world.next_run();
        let found = world.invoices_and_entries();
        assert_eq!(found, (12, 12), "{then:?}");
    }
}

#[test]
fn throttled_requested_document_stays_requested() {
    let world = world();
    waiting(&world, 1);
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    let put_off = Injection::new(Effect::Throttled).path_containing("/invoice");
    world.simulator().inject(put_off);
    assert_eq!(world.press_sync_now().posted, 0);
    world.simulator().clear_traffic();
    assert_eq!(world.press_sync_now().posted, 0);
    assert!(world.simulator().traffic().is_empty(), "the pause is kept");
    world.next_run();
    assert_eq!(world.count("Invoice"), 1);
}

#[test]
fn refused_batch_identifies_the_faulty_document() {
    let world = world();
    let ids = waiting(&world, 12);
    refuse_the_fifth(&world);
    world.press_sync_now();
    let kept = world.memory.content();
    let journal = kept
        .iter()
        .find(|(key, _)| key.contains("journal/"))
        .unwrap();
    let journal = String::from_utf8_lossy(journal.1);
    assert!(!journal.contains("pa_many"), "nothing was sent: {journal}");
    (0..6).for_each(|_| world.next_run());
    only_the_fifth_failed(&world, &ids);
}

#[test]
fn refused_resent_batch_fails_only_faulty_document() {
    let world = world();
    let ids = waiting(&world, 12);
    let lost = Injection::new(Effect::Dropped(Commit::Before)).body_containing("JournalEntry");
    world.simulator().inject(lost);
    world.press_sync_now();
    refuse_the_fifth(&world);
    (0..12).for_each(|_| world.next_run());
    only_the_fifth_failed(&world, &ids);
    assert_eq!(world.count("Invoice"), 11);
}

#[test]
fn first_refusal_reveals_newly_closed_books() {
    let world = world();
    let ids = waiting(&world, 12);
    let day = Some("2026-12-31".parse().unwrap());
    world.person(|person| person.close_books(day));
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.next_run();
    for id in &ids {
        assert_eq!(world.view(id)["reason"]["code"], "books_closed");
    }
    let known = world.connection().company.unwrap().books.book_close_date;
    assert_eq!(known, day);
}

/// A run goes round more than once. What broke off on its first round, wherever that was, is taken up by the same worker.
#[test]
fn worker_retaking_unreleased_lease_recovers_sent_batch() {
    let mut after_the_batch = 0;
    for held_up_at in 1..150 {
        let world = world();
        waiting(&world, 3);
        let user = world.session().user;
        let asked = world
            .bridge
            .store
            .request_documents(&world.firm, None, &user, world.now());
        block_on(asked).unwrap();
        let round = |held_up_at: usize| {
            let seat = world
                .bridge
                .store
                .acquire_lease(&world.firm, Claimant { owner: "the run", now: world.now() });
            let LeaseResult::Ours(desk) = block_on(seat).unwrap() else {
                panic!("it is its own desk")
            };
            let until = world.now() + SignedDuration::from_secs(8);
            let shift = WorkerRun::everything(*desk, "the run", (world.now(), until));
            let reads = Cell::new(0);
            let clock = || {
                reads.set(reads.get() + 1);
                let late = SignedDuration::from_secs(if reads.get() > held_up_at { 90 } else { 0 });
                world.now() + late
            };
            let worked = block_on(work(&world.bridge, &world.firm, shift, &clock));
            (worked.is_ok(), reads.get() <= held_up_at)
        };
        let (is_ok, is_done) = round(held_up_at);
        after_the_batch += usize::from(!is_ok && world.count("Invoice") > 0);
        world.person(|person| person.forget_request_ids());
        assert!(round(usize::MAX).0);
        for kind in ["Invoice", "JournalEntry"] {
            assert_eq!(world.count(kind), 3, "{kind}, held up at {held_up_at}");
        }
        if is_done {
            assert!(after_the_batch > 0, "it broke off after the batch, too");
            return;
        }
    }
    panic!("it never came to its end");
}

/// A worker that is held up for more than its lease, wherever that happens, leaves alone what the next one may have written by then.
#[test]
fn worker_with_expired_lease_writes_no_records() {
    let kept = |world: &World| {
        let mut content = world.memory.content();
        content.retain(|key, _| {
            ["/journal/", "/document/", "/project/"]
                .iter()
                .any(|kind| key.contains(kind))
        });
        content
    };
    let mut before_the_batch = 0;
    // The lease begins with the first reading.
    for held_up_at in 1..150 {
        let world = world();
        waiting(&world, 3);
        let (reads, seen) = (Cell::new(0), RefCell::new(None));
        let clock = || {
            reads.set(reads.get() + 1);
            if reads.get() <= held_up_at {
                return world.now();
            }
            seen.borrow_mut().get_or_insert_with(|| kept(&world));
            world.now() + SignedDuration::from_secs(90)
        };
        let user = world.session().user;
        let mut entropy = world.entropy();
        let asking = sync_now(
            &world.bridge,
            (&world.firm, None, &user),
            &mut entropy,
            clock,
        );
        let _ = block_on(asking);
        let Some(seen) = seen.take() else {
            assert!(
                before_the_batch > 0,
                "it was held up after the journal, too"
            );
            return;
        };
        assert!(kept(&world) == seen, "held up at {held_up_at}");
        let journal = seen.iter().any(|(key, _)| key.contains("/journal/"));
        before_the_batch += usize::from(journal && world.count("Invoice") == 0);
    }
    panic!("it never came to its end");
}
