//! Notifications to RIVET about documents.

use super::{disconnect_in_quickbooks, ids};
use crate::support::events::{event_body, parse_event};
use crate::support::network::Notification;
use crate::support::polling::poll_times;
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::{Outcome, accept};
use bridge::refresh_tokens::{Endpoints, refresh_due};
use futures::task::noop_waker;
use jiff::SignedDuration;
use mapping::SyncMode;
use samples::billing::{Figures, Project};
use serde_json::{Value, json};
use simulator::{Effect, Injection};
use std::pin::pin;
use std::task::Context;

const RUN: SignedDuration = SignedDuration::from_mins(5);

/// A notification about a document.
#[derive(Debug, PartialEq)]
struct DocumentNotification {
    webhook_id: String,
    kind: String,
    document: String,
}

impl DocumentNotification {
    fn new(Notification { id, body }: &Notification) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            webhook_id: id.clone(),
            kind: text(&body["type"]),
            document: text(&body["data"]["document"]["id"]),
        }
    }
}

/// Returns each notification about a document, in the order of arrival.
fn notifications(world: &World) -> Vec<DocumentNotification> {
    let rivet = world.rivet();
    let about_documents = rivet
        .notifications
        .iter()
        .filter(|notification| notification.id.starts_with("doc"));
    about_documents.map(DocumentNotification::new).collect()
}

/// Returns the type of each notification about a document.
fn types(world: &World) -> Vec<String> {
    let kinds = notifications(world).into_iter();
    kinds.map(|notification| notification.kind).collect()
}

/// Returns the `webhook-id` of each notification about a document.
fn webhook_ids(world: &World) -> Vec<String> {
    let ids = notifications(world).into_iter();
    ids.map(|notification| notification.webhook_id).collect()
}

/// Runs the connection schedule some minutes later.
fn run_later(world: &World) {
    world.advance(RUN);
    world.refresh_tokens();
}

/// Returns the event of one of many pay apps, spread over five projects.
fn pay_app(number: usize) -> String {
    let project = Project {
        firm: "firm_harbor".into(),
        number: number % 5,
        customer: 0,
    };
    let figures = Figures::with_ten_percent_retainage(100_000 + i64::try_from(number).unwrap());
    project.pay_app_event(1 + number / 5, 1, figures)
}

#[test]
fn next_run_notifies_posted_pay_app_once() {
    let world = World::configured();
    let at = world.now();
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    for _ in 0..3 {
        run_later(&world);
    }
    assert_eq!(world.deliver(event_body("03")), Outcome::Duplicate);
    world.press_sync_now();
    run_later(&world);
    let Notification { id, body } = world.rivet().notifications[0].clone();
    assert_eq!(id, "document_firm_harbor_0");
    let expected = json!({
        "type": "document.posted",
        "timestamp": at,
        "data": {
            "firm_id": "firm_harbor",
            "document": { "kind": "pay_app", "id": "pa_1042_1" },
            "state": "posted",
            "detail": "Invoice 1042-1, Journal Entry 1042-1R",
        },
    });
    assert_eq!(body, expected);
    assert_eq!(world.rivet().notifications.len(), 1);
}

#[test]
fn revision_and_void_notify_but_hold_does_not() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    run_later(&world);
    assert!(notifications(&world).is_empty());
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.press_sync_now();
    world.deliver_changed("06", |data| {
        let first: Value = serde_json::from_str(event_body("03")).unwrap();
        data["pay_app"] = first["data"]["pay_app"].clone();
        data["pay_app"]["revision"] = json!(2);
    });
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = json!("pa_1042_1");
        data["revision"] = json!(2);
    });
    run_later(&world);
    assert_eq!(types(&world), ["document.posted"; 3]);
    let states: Vec<_> = world
        .rivet()
        .notifications
        .iter()
        .map(|notification| notification.body["data"]["state"].clone())
        .collect();
    assert_eq!(states, ["posted", "posted", "voided"]);
}

/// Makes QuickBooks refuse the next call that creates a journal entry alone, outside a batch.
fn refuse_next_entry(world: &World) {
    let refused = Effect::Refused {
        code: "6000".into(),
        message: "A business validation error has occurred".into(),
        detail: "Something is wrong with it.".into(),
    };
    let refusal = Injection::new(refused).path_containing("journalentry");
    world.simulator().inject(refusal);
}

#[test]
fn failure_notifies_posted_part_once_across_retries() {
    let world = World::configured();
    world.refuse_item(1);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    run_later(&world);
    assert_eq!(types(&world), ["document.failed"]);
    let detail = world.rivet().notifications[0].body["data"]["detail"].clone();
    let detail = detail.as_str().unwrap();
    assert!(
        detail
            .ends_with("Of it, Invoice 1042-1 stands in QuickBooks; a retry posts only the rest."),
        "{detail}"
    );
    for _ in 0..2 {
        refuse_next_entry(&world);
        world.press_sync_now();
        run_later(&world);
    }
    assert_eq!(types(&world), ["document.failed"]);
    world.press_sync_now();
    run_later(&world);
    assert_eq!(types(&world), ["document.failed", "document.posted"]);
    let by = &world.rivet().notifications[1].body["data"]["by"];
    assert_eq!(by, &world.session().user.to_string());
}

#[test]
fn conflict_notifies_again_only_after_another_edit() {
    let world = World::configured();
    world.deliver(event_body("03"));
    run_later(&world);
    let edit = |note: &str| {
        world.edit_last("Invoice", |invoice| invoice["PrivateNote"] = json!(note));
    };
    edit("see Bob");
    let revised = |revision: u32| {
        world.deliver_changed("06", |data| {
            let first: Value = serde_json::from_str(event_body("03")).unwrap();
            data["pay_app"] = first["data"]["pay_app"].clone();
            data["pay_app"]["revision"] = json!(revision);
            data["pay_app"]["due_date"] = json!("2026-12-24");
        })
    };
    assert_eq!(revised(2), Outcome::Held);
    assert_eq!(revised(2), Outcome::Duplicate);
    world.press_sync_now();
    run_later(&world);
    let changed = "document.changed_in_quickbooks";
    assert_eq!(types(&world), ["document.posted", changed]);
    edit("see Ann");
    assert_eq!(revised(3), Outcome::Held);
    run_later(&world);
    assert_eq!(types(&world), ["document.posted", changed, changed]);
}

#[test]
fn rejected_document_notifications_resend_in_order() {
    let world = World::configured();
    world.rivet().is_down = true;
    for number in 0..3 {
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
        run_later(&world);
    }
    assert!(notifications(&world).is_empty());
    assert!(world.connection().outbox.failed_attempts > 0);
    world.rivet().is_down = false;
    world.advance(SignedDuration::from_hours(1));
    run_later(&world);
    let expected = [0, 1, 2].map(|position| format!("document_firm_harbor_{position}"));
    assert_eq!(webhook_ids(&world), expected);
    assert_eq!(world.connection().outbox.failed_attempts, 0);
}

#[test]
fn undelivered_notifications_back_off_across_runs() {
    let world = World::configured();
    world.rivet().is_down = true;
    world.deliver(event_body("03"));
    for _ in 0..6 {
        world.advance(RUN);
        world.refresh_tokens();
    }
    // After 2, 4, 8 and 16 minutes: at the runs of minute 5, 10, 15, 25.
    assert_eq!(world.connection().outbox.failed_attempts, 4);
}

/// Runs the connection schedule, and crashes it once RIVET has received a notification.
fn crash_run_after_first_notification(world: &World) {
    let mut entropy = world.entropy();
    let receiver = world.receiver();
    let endpoints = Endpoints {
        receiver: Some(&receiver),
        revoke_origin: "https://developer.api.intuit.com",
    };
    let auth = world.services.auth();
    let mut run = pin!(refresh_due(&auth, &endpoints, &mut entropy, || world.now()));
    let waker = noop_waker();
    while notifications(world).is_empty() {
        let mut context = Context::from_waker(&waker);
        assert!(run.as_mut().poll(&mut context).is_pending());
    }
}

#[test]
fn crashed_run_resends_notification_under_same_id() {
    let world = World::configured();
    world.deliver(event_body("03"));
    world.advance(RUN);
    crash_run_after_first_notification(&world);
    assert_eq!(world.connection().outbox.notified_entries, 0);
    for _ in 0..3 {
        run_later(&world);
    }
    assert_eq!(webhook_ids(&world), ["document_firm_harbor_0"; 2]);
}

/// The worker crashes at any point while it accepts and posts a pay app.
#[test]
fn pay_app_of_crashed_worker_notifies_once() {
    for times in 0.. {
        let world = World::configured();
        let mut entropy = world.entropy();
        let accepting = accept(
            &world.services,
            parse_event(event_body("03")),
            &mut entropy,
            || world.now(),
        );
        let is_done = poll_times(times, accepting);
        world.advance(RUN);
        world.deliver(event_body("03"));
        for _ in 0..3 {
            world.advance(RUN);
            world.run_scheduled_sync();
            world.refresh_tokens();
        }
        // If the worker crashed before it saved the due hint, the next token refresh sends the notification.
        world.advance(SignedDuration::from_hours(1));
        world.refresh_tokens();
        assert_eq!(types(&world), ["document.posted"], "after {times} polls");
        if is_done {
            assert!(times > 3, "{times}");
            break;
        }
    }
}

#[test]
fn hundred_notifications_are_sent_in_order_once() {
    let world = World::configured();
    let posted: Vec<String> = (0..100).map(pay_app).collect();
    for event in &posted {
        world.advance(SignedDuration::from_secs(4));
        assert_eq!(world.deliver(event), Outcome::Posted);
    }
    let mut sent_after_run = Vec::new();
    while notifications(&world).len() < 100 {
        run_later(&world);
        sent_after_run.push(notifications(&world).len());
    }
    run_later(&world);
    assert_eq!(sent_after_run, [32, 64, 96, 100]);
    let expected: Vec<_> = (0..100)
        .map(|number| {
            let event: Value = serde_json::from_str(&posted[number]).unwrap();
            DocumentNotification {
                webhook_id: format!("document_firm_harbor_{number}"),
                kind: "document.posted".into(),
                document: event["data"]["pay_app"]["id"].as_str().unwrap().to_owned(),
            }
        })
        .collect();
    assert_eq!(notifications(&world), expected);
}

#[test]
fn slow_rivet_leaves_notifications_for_next_run() {
    let world = World::configured();
    for number in 0..12 {
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
    }
    world.rivet().answer_delay = SignedDuration::from_secs(1);
    let mut sent_after_run = Vec::new();
    for _ in 0..3 {
        run_later(&world);
        sent_after_run.push(notifications(&world).len());
    }
    assert_eq!(sent_after_run, [5, 10, 12]);
}

#[test]
fn documents_posted_while_notifications_disabled_stay_unsent() {
    let mut world = World::configured();
    world.services.notifies_documents = false;
    for number in 0..40 {
        world.advance(SignedDuration::from_secs(4));
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
    }
    world.advance(SignedDuration::from_hours(1));
    world.refresh_tokens();
    assert_eq!(world.connection().outbox.notified_entries, 40);
    world.services.notifies_documents = true;
    for _ in 0..3 {
        world.advance(SignedDuration::from_hours(1));
        world.refresh_tokens();
    }
    assert!(notifications(&world).is_empty());
    world.deliver(&pay_app(40));
    run_later(&world);
    assert_eq!(webhook_ids(&world), ["document_firm_harbor_40"]);
}

#[test]
fn one_run_notifies_lapse_and_documents() {
    let world = World::configured();
    world.deliver(&pay_app(0));
    disconnect_in_quickbooks(&world);
    world.advance(SignedDuration::from_hours(1));
    world.refresh_tokens();
    assert_eq!(
        ids(&world),
        ["connection_firm_harbor_1", "document_firm_harbor_0"]
    );
}

#[test]
fn notifications_wait_until_firm_has_company() {
    let world = World::new(WorldOptions::default());
    world.deliver(event_body("12"));
    run_later(&world);
    assert!(world.rivet().notifications.is_empty());
    world.connect();
    world.advance(SignedDuration::from_hours(1));
    world.refresh_tokens();
    assert_eq!(types(&world), ["document.posted"]);
}
