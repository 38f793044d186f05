//! Batches: the outcome of each document when one item fails, or the whole call.

mod lease_expiry;
mod refused_invoices;

use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use mapping::{RetainageMethod, SyncMode};
use ports::records::Record;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::batch_log::BatchLog;
use store::document::decision::DecisionKind;

fn world() -> World {
    let world = World::configured();
    world.deliver(event_body("01"));
    world
}

/// Holds this many pay apps of one project until a person presses Sync Now, and returns their ids.
fn hold_pay_apps(world: &World, pay_apps: usize) -> Vec<String> {
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

/// Makes QuickBooks refuse as a whole every batch that contains the fifth pay app.
fn refuse_batches_with_fifth(world: &World) {
    let refused = Effect::Refused {
        code: "2010".into(),
        message: "Request has invalid or unsupported property".into(),
        detail: "Property Name is unsupported.".into(),
    };
    let refusal = Injection::new(refused)
        .kind(RequestKind::Batch)
        .body_containing("pa_many_5 ");
    world.simulator().inject(refusal.always());
}

fn assert_only_fifth_failed(world: &World, ids: &[String]) {
    for (n, id) in (1..).zip(ids) {
        let expected = if n == 5 { "failed" } else { "posted" };
        assert_eq!(world.view(id)["state"], expected, "{id}");
    }
}

#[test]
fn retry_completes_partly_posted_pay_app() {
    let world = world();
    world.refuse_item(1);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    assert_eq!(world.invoices_and_entries(), (1, 0));
    let reason = world.view("pa_1042_1")["reason"]["message"].clone();
    let reason = reason.as_str().unwrap();
    assert!(reason.contains("Of it, Invoice 1042-1 stands"), "{reason}");
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn ignored_partly_posted_pay_app_is_reversed() {
    for index in 0..2 {
        let world = world();
        world.refuse_item(index);
        world.deliver(event_body("03"));
        let ignored = world.decision(DecisionKind::Ignore);
        world.record_decision("pa_1042_1", &ignored).unwrap();
        world.run_next_sync();
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
    let ids = hold_pay_apps(&world, 12);
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
    // The entry of the refused invoice was reversed, and made again.
    assert_eq!(world.invoices_and_entries(), (12, 14));
}

#[test]
fn lost_batch_answer_is_recovered_in_smaller_batches() {
    // Two calls look all items up by number, two look the missing ones up by day, and two send them again. One read confirms each answer to
    // a repeated item.
    for (items, commit, calls) in [
        (24, Commit::After, 2),
        (11, Commit::Before, 6 + 13),
        (0, Commit::Before, 6 + 24),
    ] {
        let world = world();
        hold_pay_apps(&world, 12);
        let answer = Box::new(Effect::Dropped(commit));
        let interrupted = Injection::new(Effect::Partial {
            items,
            then: answer,
        })
        .body_containing("JournalEntry");
        world.simulator().inject(interrupted);
        assert_eq!(world.press_sync_now().posted, 0);
        world.person(|person| person.forget_request_ids());
        world.simulator().clear_traffic();
        world.run_next_sync();
        assert_eq!(world.simulator().traffic().len(), calls);
        let found = world.invoices_and_entries();
        assert_eq!(found, (12, 12), "{items} items were executed");
    }
}

/// Intuit documents that a refused call changes nothing. It documents nothing for a batch whose limit or token ends halfway.
#[test]
fn interrupted_batch_is_looked_up_before_resending() {
    for answer in [Effect::Throttled, Effect::Unauthorized] {
        let world = world();
        let ids = hold_pay_apps(&world, 12);
        let interrupted = Effect::Partial {
            items: 7,
            then: Box::new(answer.clone()),
        };
        let interrupted = Injection::new(interrupted).body_containing("JournalEntry");
        world.simulator().inject(interrupted);
        assert_eq!(world.press_sync_now().posted, 0);
        assert!(ids.iter().all(|id| world.view(id)["state"] == "uncertain"));
        world.person(|person| person.forget_request_ids());
        world.run_next_sync();
        let found = world.invoices_and_entries();
        assert_eq!(found, (12, 12), "{answer:?}");
    }
}

#[test]
fn throttled_requested_document_stays_requested() {
    let world = world();
    hold_pay_apps(&world, 1);
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    let throttled = Injection::new(Effect::Throttled).path_containing("/invoice");
    world.simulator().inject(throttled);
    assert_eq!(world.press_sync_now().posted, 0);
    world.simulator().clear_traffic();
    assert_eq!(world.press_sync_now().posted, 0);
    assert!(
        world.simulator().traffic().is_empty(),
        "no call is sent during the pause"
    );
    world.run_next_sync();
    assert_eq!(world.count("Invoice"), 1);
}

#[test]
fn refused_batch_identifies_the_faulty_document() {
    let world = world();
    let ids = hold_pay_apps(&world, 12);
    refuse_batches_with_fifth(&world);
    world.press_sync_now();
    let content = world.memory.content();
    let batch_log = content
        .iter()
        .find(|(key, _)| key.contains(&format!("{}:", BatchLog::KIND)))
        .unwrap();
    let batch_log = String::from_utf8_lossy(batch_log.1);
    assert!(
        !batch_log.contains("pa_many"),
        "no batch is in flight: {batch_log}"
    );
    (0..6).for_each(|_| world.run_next_sync());
    assert_only_fifth_failed(&world, &ids);
}

#[test]
fn refused_resent_batch_fails_only_faulty_document() {
    let world = world();
    let ids = hold_pay_apps(&world, 12);
    let lost = Injection::new(Effect::Dropped(Commit::Before)).body_containing("JournalEntry");
    world.simulator().inject(lost);
    world.press_sync_now();
    refuse_batches_with_fifth(&world);
    (0..12).for_each(|_| world.run_next_sync());
    assert_only_fifth_failed(&world, &ids);
    assert_eq!(world.count("Invoice"), 11);
}

#[test]
fn first_refusal_reveals_newly_closed_books() {
    let world = world();
    let ids = hold_pay_apps(&world, 12);
    let day = Some("2026-12-31".parse().unwrap());
    world.person(|person| person.close_books(day));
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.run_next_sync();
    for id in &ids {
        assert_eq!(world.view(id)["reason"]["code"], "books_closed");
    }
    let known = world
        .connection()
        .company
        .unwrap()
        .preferences
        .book_close_date;
    assert_eq!(known, day);
}
