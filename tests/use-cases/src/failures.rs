//! Failed calls, early and late events, and lost connections.

use crate::support::events::{TieOut, event_body, parse_event, void_event};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::{Outcome, accept};
use futures::executor::block_on;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use samples::story::harbor_point;
use serde_json::{Value, json};
use simulation::memory_store::BackEnd;
use simulator::{Commit, Effect, Injection, RequestKind};
use store::connection::{CompanyError, ConnectionStatus, ReauthorizationReason};

const FAILURES: [Effect; 8] = [
    Effect::Dropped(Commit::After),
    Effect::Dropped(Commit::Before),
    Effect::ApplicationError(Commit::After),
    Effect::ApplicationError(Commit::Before),
    Effect::Unavailable,
    Effect::Throttled,
    Effect::Unauthorized,
    Effect::Slow(SignedDuration::from_secs(90)),
];

/// A write fails in any way. Once calls work again, the next runs end with exactly one of each object.
#[test]
fn failed_write_is_posted_exactly_once() {
    for effect in FAILURES {
        for writes_before in 0..2 {
            let when = format!("{effect:?} after {writes_before}");
            let world = World::configured();
            let failure = Injection::new(effect.clone())
                .kind(RequestKind::Write)
                .skip_first(writes_before);
            world.simulator().inject(failure);
            world.deliver(event_body("03"));
            (0..3).for_each(|_| world.run_next_sync());
            let found = ["Invoice", "JournalEntry", "Customer"].map(|kind| world.count(kind));
            assert_eq!(found, [1, 1, 1], "{when}");
            let expected = &harbor_point().unwrap()[2].expected;
            world.assert_ties_out(expected, TieOut::Totals, &when);
        }
    }
}

/// Intuit has forgotten the request id before the second try.
#[test]
fn lost_answer_is_found_without_request_id() {
    for writes_before in 0..2 {
        let world = World::configured();
        let lost = Injection::new(Effect::Dropped(Commit::After));
        world
            .simulator()
            .inject(lost.kind(RequestKind::Write).skip_first(writes_before));
        assert_eq!(world.deliver(event_body("03")), Outcome::Queued);
        world.person(|person| person.forget_request_ids());
        world.run_next_sync();
        assert_eq!(world.invoices_and_entries(), (1, 1), "{writes_before}");
    }
}

/// Returns the number of writes that QuickBooks answered with 500.
fn failed_writes(world: &World) -> usize {
    let simulator = world.simulator();
    let calls = simulator.traffic().iter();
    calls
        .filter(|call| call.class.can_write() && call.status == Some(500))
        .count()
}

#[test]
fn permanently_failing_document_delays_no_other() {
    let world = World::configured();
    let failure = Injection::new(Effect::ApplicationError(Commit::Before));
    let failure = failure
        .kind(RequestKind::Write)
        .body_containing("pa_1057_1 ");
    world.simulator().inject(failure.always());
    assert_eq!(world.deliver(event_body("04")), Outcome::Queued);
    // A document with a later date comes after it in every run.
    assert_eq!(world.deliver(event_body("11")), Outcome::Queued);
    for _ in 0..60 {
        world.advance(SignedDuration::from_mins(1));
        world.run_scheduled_sync();
    }
    assert_eq!(world.count("Invoice"), 1);
    // The failing document is retried at growing intervals, in the end every quarter of an hour.
    assert_eq!(failed_writes(&world), 9);
    // The failure ends. Sync Now does not wait for the next retry, but for QuickBooks' index.
    world.simulator().clear_injections();
    world.press_sync_now();
    (0..2).for_each(|_| world.run_next_sync());
    assert_eq!(world.count("Invoice"), 2);
}

#[test]
fn refused_retainage_entry_is_retried_without_second_invoice() {
    let world = World::configured();
    world.deliver(event_body("01"));
    world.refuse_item(1);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    assert_eq!(world.invoices_and_entries(), (1, 0));
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn early_payment_is_posted_with_its_pay_app() {
    let world = World::configured();
    world.deliver(event_body("01"));
    assert_eq!(world.deliver(event_body("05")), Outcome::Held);
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    assert_eq!(world.count("Payment"), 1);
}

#[test]
fn outdated_revision_changes_nothing() {
    let world = World::configured();
    world.deliver(event_body("06"));
    assert_eq!(world.deliver(event_body("04")), Outcome::Duplicate);
    let void = void_event("pa_1042_1");
    assert_eq!(world.deliver(&void), Outcome::Posted);
    assert_eq!(world.deliver(event_body("03")), Outcome::Duplicate);
    assert_eq!(world.count("Invoice"), 1);
}

#[test]
fn release_exceeding_retainage_is_held() {
    let world = World::configured();
    world.deliver(event_body("03"));
    let release = |data: &mut Value| data["release"]["amount"] = json!("4850.01");
    assert_eq!(world.deliver_changed("09", release), Outcome::Held);
    assert_eq!(world.count("JournalEntry"), 1);
}

#[test]
fn early_release_is_posted_once_retainage_suffices() {
    let world = World::configured();
    assert_eq!(world.deliver(event_body("09")), Outcome::Held);
    world.deliver(event_body("03"));
    assert_eq!(
        world.count("JournalEntry"),
        1,
        "less than 5000.00 is retained"
    );
    world.deliver(event_body("07"));
    assert_eq!(world.count("JournalEntry"), 3);
}

#[test]
fn void_follows_once_its_payments_are_voided() {
    let world = World::configured();
    world.simulator().switches_mut().should_update_paid_invoice = false;
    for name in ["03", "05"] {
        world.deliver(event_body(name));
    }
    let void = void_event("pa_1042_1");
    assert_eq!(world.deliver(&void), Outcome::Held);
    let payment_voided = json!({
        "type": "payment.voided", "timestamp": "2026-07-01T00:00:00Z",
        "data": { "firm_id": "firm_harbor", "plan": "pro", "payment_id": "pay_0001", "voided_on": "2026-07-01" },
    });
    world.deliver(&payment_voided.to_string());
    let receivable = world.accounts().receivable;
    assert!(world.balance(&receivable).is_zero());
}

#[test]
fn paid_or_edited_pay_app_is_not_overwritten() {
    let world = World::configured();
    for name in ["03", "05"] {
        world.deliver(event_body(name));
    }
    let void = void_event("pa_1042_1");
    assert_eq!(world.deliver(&void), Outcome::Held);
    world.deliver(event_body("04"));
    world.edit_last("Invoice", |invoice| {
        invoice["PrivateNote"] = json!("called the GC");
    });
    assert_eq!(world.deliver(event_body("06")), Outcome::Held);
    let receivable = world.accounts().receivable;
    assert_eq!(world.balance(&receivable), Decimal::new(810_665, 2));
}

#[test]
fn closed_books_hold_document_before_sending() {
    let world = World::new(WorldOptions::default());
    world.person(|person| person.close_books(Some("2026-03-31".parse().unwrap())));
    world.connect();
    world.save_settings(|_| {});
    world.simulator().clear_traffic();
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    assert!(world.simulator().traffic().is_empty());
    assert_eq!(world.deliver(event_body("07")), Outcome::Posted);
}

/// An act that ends a connection.
type Ending = fn(&World);

#[test]
fn lost_connection_is_recorded_and_holds_document() {
    let cases: [(Ending, ConnectionStatus); 3] = [
        (
            |world| world.person(|person| person.disconnect_app()),
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::GrantRefused),
        ),
        (
            |world| world.person(|person| person.set_admin(false)),
            ConnectionStatus::NeedsReauthorization(ReauthorizationReason::AdminRightsLost),
        ),
        (
            |world| world.person(|person| person.set_subscribed(false)),
            ConnectionStatus::Error(CompanyError::SubscriptionEnded),
        ),
    ];
    for (end, status) in cases {
        let world = World::configured();
        end(&world);
        assert_eq!(world.deliver(event_body("03")), Outcome::Held, "{status:?}");
        assert_eq!(world.connection().status, status);
        assert_eq!(world.count("Invoice"), 0);
    }
}

#[test]
fn held_document_is_posted_after_reconnect() {
    let world = World::configured();
    world.person(|person| person.disconnect_app());
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    world.connect();
    assert_eq!(world.run_scheduled_sync().posted, 1);
    assert_eq!(world.count("Invoice"), 1);
}

#[test]
fn eligible_plan_event_releases_plan_hold() {
    let world = World::configured();
    let mut starter: Value = serde_json::from_str(event_body("03")).unwrap();
    starter["data"]["plan"] = json!("starter");
    assert_eq!(world.deliver(&starter.to_string()), Outcome::Held);
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    world.run_scheduled_sync();
    assert_eq!(world.count("Invoice"), 2);
}

#[test]
fn concurrent_duplicate_event_posts_once() {
    for back_end in [BackEnd::Sqlite, BackEnd::Redis, BackEnd::DynamoDb] {
        let world = World::configured_with(
            WorldOptions {
                back_end,
                ..WorldOptions::default()
            },
            |_| {},
        );
        let instances = [
            world.new_instance(),
            world.new_instance(),
            world.new_instance(),
        ];
        let now = world.now();
        let deliveries = instances.iter().map(|instance| {
            let mut entropy = world.entropy();
            async move {
                accept(
                    instance,
                    parse_event(event_body("03")),
                    &mut entropy,
                    || now,
                )
                .await
            }
        });
        block_on(futures::future::join_all(deliveries));
        for _ in 0..2 {
            world.run_next_sync();
        }
        let found = world.invoices_and_entries();
        assert_eq!(found, (1, 1), "{back_end:?}");
    }
}

/// An event that is not recorded still updates the subscription plan of the firm.
#[test]
fn duplicate_or_customer_event_updates_subscription_plan() {
    for about in ["pay app", "customer"] {
        let world = World::configured();
        assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
        let starter = world.deliver_changed("04", |data| data["plan"] = json!("starter"));
        assert_eq!(starter, Outcome::Held);
        let mut event: Value = serde_json::from_str(event_body("03")).unwrap();
        event["timestamp"] = json!("2026-12-31T00:00:00Z");
        if about == "customer" {
            event["type"] = json!("customer.updated");
            event["data"]["customer"] = event["data"]["pay_app"]["customer"].take();
        }
        world.deliver(&event.to_string());
        world.run_next_sync();
        assert_eq!(world.count("Invoice"), 2, "{about}");
    }
}
