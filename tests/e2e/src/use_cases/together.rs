//! Documents that go out together: what becomes of each when something goes wrong with one, or with all.

use crate::support::story::body;
use crate::support::world::{Given, World};
use billing::{DocumentRef, Kind};
use bridge::accept::Outcome;
use bridge::decision::{Act, Decision};
use bridge::settle::settle;
use bridge::status;
use bridge::store::Seat;
use bridge::sync::{sync_due, sync_now};
use bridge::work::{Shift, work};
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{RetainageMethod, SyncMode};
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};
use std::cell::{Cell, RefCell};

fn world() -> World {
    let world = World::ready(Given::default(), |_| {});
    world.deliver(body("01"));
    world
}

fn count(world: &World, kind: &str) -> usize {
    world.simulator().entities(&world.realm, kind).count()
}

fn refused(index: usize) -> Effect {
    Effect::Item {
        index,
        code: "6000".into(),
        message: "A business validation error has occurred".into(),
        detail: "Something is wrong with it.".into(),
    }
}

fn pay_app(id: &str) -> DocumentRef {
    DocumentRef {
        kind: Kind::PayApp,
        id: id.parse().unwrap(),
    }
}

fn view(world: &World, id: &str) -> Value {
    let document = pay_app(id);
    let view = status::document(&world.bridge.store, &world.firm, &document);
    serde_json::to_value(block_on(view).unwrap()).unwrap()
}

fn forget_request_ids(world: &World) {
    let realm = world.realm.clone();
    let mut simulator = world.simulator();
    simulator.person(&realm).unwrap().forget_request_ids();
}

fn press_sync_now(world: &World) -> usize {
    let user = world.session().user;
    let firm = (&world.firm, None, &user);
    let mut entropy = world.entropy();
    let asking = sync_now(&world.bridge, firm, &mut entropy, || world.now());
    block_on(asking).unwrap().posted
}

fn run(world: &World) {
    world.advance(SignedDuration::from_mins(2));
    let mut entropy = world.entropy();
    block_on(sync_due(&world.bridge, &mut entropy, || world.now())).unwrap();
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

#[test]
fn half_a_pair_is_shown_and_finished_by_a_retry() {
    for index in 0..2 {
        let world = world();
        let documents = Injection::new(refused(index)).body("JournalEntry");
        world.simulator().inject(documents);
        assert_eq!(world.deliver(body("03")), Outcome::Held);
        assert_eq!(count(&world, "Invoice") + count(&world, "JournalEntry"), 1);
        let reason = view(&world, "pa_1042_1")["reason"]["message"].clone();
        let stands = ["Journal Entry 1042-1R", "Invoice 1042-1"][index];
        assert!(reason.as_str().unwrap().contains(stands), "{reason}");
        assert_eq!(press_sync_now(&world), 1);
        assert_eq!(
            (count(&world, "Invoice"), count(&world, "JournalEntry")),
            (1, 1)
        );
    }
}

#[test]
fn half_a_pair_that_is_ignored_is_taken_back() {
    for index in 0..2 {
        let world = world();
        let documents = Injection::new(refused(index)).body("JournalEntry");
        world.simulator().inject(documents);
        world.deliver(body("03"));
        let decision = Decision {
            act: Act::Ignore,
            objects: Vec::new(),
            by: world.session().user,
            at: world.now(),
            seen: None,
        };
        let document = pay_app("pa_1042_1");
        let ignored = settle(&world.bridge.store, &world.firm, (&document, &decision));
        block_on(ignored).unwrap();
        run(&world);
        assert_eq!(view(&world, "pa_1042_1")["state"], "skipped");
        let accounts = world.accounts();
        for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
            assert!(
                world
                    .simulator()
                    .ledger(&world.realm)
                    .balance(&account)
                    .is_zero()
            );
        }
    }
}

#[test]
fn of_a_batch_with_one_refused_item_only_that_document_needs_a_person() {
    let world = world();
    let ids = waiting(&world, 12);
    world
        .simulator()
        .inject(Injection::new(refused(6)).body("JournalEntry"));
    assert_eq!(press_sync_now(&world), 11);
    let states: Vec<_> = ids
        .iter()
        .map(|id| view(&world, id)["state"].clone())
        .collect();
    assert_eq!(
        states.iter().filter(|state| **state == "posted").count(),
        11
    );
    assert_eq!(states.iter().filter(|state| **state == "failed").count(), 1);
    assert_eq!(press_sync_now(&world), 1);
    assert_eq!(
        (count(&world, "Invoice"), count(&world, "JournalEntry")),
        (12, 12)
    );
}

#[test]
fn a_batch_whose_answer_is_lost_is_looked_up_and_finished_in_smaller_ones() {
    for (items, commit, calls) in [
        (24, Commit::After, 2),
        (11, Commit::Before, 4),
        (0, Commit::Before, 4),
    ] {
        let world = world();
        waiting(&world, 12);
        let then = Box::new(Effect::Dropped(commit));
        let partly = Injection::new(Effect::Partial { items, then }).body("JournalEntry");
        world.simulator().inject(partly);
        assert_eq!(press_sync_now(&world), 0);
        forget_request_ids(&world);
        world.simulator().clear_traffic();
        run(&world);
        assert_eq!(world.simulator().traffic().len(), calls);
        let found = (count(&world, "Invoice"), count(&world, "JournalEntry"));
        assert_eq!(found, (12, 12), "{items} were carried out");
    }
}

/// Intuit says that a refused call does nothing. Nobody says that of a batch whose limit or token ends halfway.
#[test]
fn a_batch_that_is_cut_off_halfway_is_looked_up_before_it_is_sent_again() {
    for then in [Effect::Throttled, Effect::Unauthorized] {
        let world = world();
        let ids = waiting(&world, 12);
        let cut = Effect::Partial {
            items: 7,
            then: Box::new(then.clone()),
        };
        let cut = Injection::new(cut).body("JournalEntry");
        world.simulator().inject(cut);
        assert_eq!(press_sync_now(&world), 0);
        assert!(
            ids.iter()
                .all(|id| view(&world, id)["state"] == "uncertain")
        );
        forget_request_ids(&world);
        run(&world);
        let found = (count(&world, "Invoice"), count(&world, "JournalEntry"));
        assert_eq!(found, (12, 12), "{then:?}");
    }
}

#[test]
fn what_a_person_asked_for_stays_asked_for_when_quickbooks_puts_it_off() {
    let world = world();
    waiting(&world, 1);
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    let put_off = Injection::new(Effect::Throttled).path("/invoice");
    world.simulator().inject(put_off);
    assert_eq!(press_sync_now(&world), 0);
    world.simulator().clear_traffic();
    assert_eq!(press_sync_now(&world), 0);
    assert!(world.simulator().traffic().is_empty(), "the pause is kept");
    run(&world);
    assert_eq!(count(&world, "Invoice"), 1);
}

#[test]
fn a_batch_that_is_refused_as_a_whole_shows_whose_fault_it_is() {
    let world = world();
    let ids = waiting(&world, 12);
    let whole = Effect::Refused {
        code: "2010".into(),
        message: "Request has invalid or unsupported property".into(),
        detail: "Property Name is unsupported.".into(),
    };
    let poison = Injection::new(whole)
        .kind(RequestKind::Batch)
        .body("pa_many_5 ");
    world.simulator().inject(poison.always());
    press_sync_now(&world);
    let kept = world.memory.content();
    let journal = kept
        .iter()
        .find(|(key, _)| key.contains("journal/"))
        .unwrap();
    let journal = String::from_utf8_lossy(journal.1);
    assert!(!journal.contains("pa_many"), "nothing was sent: {journal}");
    (0..6).for_each(|_| run(&world));
    for (n, id) in (1..).zip(&ids) {
        let expected = if n == 5 { "failed" } else { "posted" };
        assert_eq!(view(&world, id)["state"], expected, "{id}");
    }
}

#[test]
fn a_lost_batch_that_is_refused_when_it_is_sent_again_blames_nobody_else() {
    let world = world();
    let ids = waiting(&world, 12);
    let lost = Injection::new(Effect::Dropped(Commit::Before)).body("JournalEntry");
    world.simulator().inject(lost);
    press_sync_now(&world);
    let whole = Effect::Refused {
        code: "2010".into(),
        message: "Request has invalid or unsupported property".into(),
        detail: "Property Name is unsupported.".into(),
    };
    let poison = Injection::new(whole)
        .kind(RequestKind::Batch)
        .body("pa_many_5 ");
    world.simulator().inject(poison.always());
    (0..12).for_each(|_| run(&world));
    for (n, id) in (1..).zip(&ids) {
        let expected = if n == 5 { "failed" } else { "posted" };
        assert_eq!(view(&world, id)["state"], expected, "{id}");
    }
    assert_eq!(count(&world, "Invoice"), 11);
}

#[test]
fn books_that_were_closed_meanwhile_are_learned_from_the_first_refusal() {
    let world = world();
    let ids = waiting(&world, 12);
    let realm = world.realm.clone();
    let day = Some("2026-12-31".parse().unwrap());
    world.simulator().person(&realm).unwrap().close_books(day);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    run(&world);
    for id in &ids {
        assert_eq!(view(&world, id)["reason"]["code"], "books_closed");
    }
    let known = world.connection().company.unwrap().books.book_close_date;
    assert_eq!(known, day);
}

/// A run goes round more than once. What broke off on its first round, wherever that was, is taken up by the same worker.
#[test]
fn whoever_comes_back_to_a_desk_that_it_did_not_leave_looks_for_what_it_sent() {
    let mut after_the_batch = 0;
    for held_up_at in 1..150 {
        let world = world();
        waiting(&world, 3);
        let user = world.session().user;
        let asked = world.bridge.store.ask_for(&world.firm, (None, &user));
        block_on(asked).unwrap();
        let round = |held_up_at: usize| {
            let seat = world
                .bridge
                .store
                .sit_down(&world.firm, "the run", world.now());
            let Seat::Ours(desk) = block_on(seat).unwrap() else {
                panic!("it is its own desk")
            };
            let until = world.now() + SignedDuration::from_secs(8);
            let shift = Shift::everything(*desk, "the run", (world.now(), until));
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
        after_the_batch += usize::from(!is_ok && count(&world, "Invoice") > 0);
        forget_request_ids(&world);
        assert!(round(usize::MAX).0);
        for kind in ["Invoice", "JournalEntry"] {
            assert_eq!(count(&world, kind), 3, "{kind}, held up at {held_up_at}");
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
fn whoever_was_held_up_beyond_the_lease_writes_neither_journal_nor_records() {
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
        before_the_batch += usize::from(journal && count(&world, "Invoice") == 0);
    }
    panic!("it never came to its end");
}
