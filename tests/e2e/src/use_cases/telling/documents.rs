//! What RIVET is told of documents.

use super::{end_in_quickbooks, ids};
use crate::support::dying::polled;
use crate::support::story::{body, event};
use crate::support::world::{Given, World};
use bridge::accept_event::{Outcome, accept};
use bridge::refresh_tokens::{Endpoints, refresh_due};
use futures::task::noop_waker;
use host::bills::{Figures, Project};
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulator::{Effect, Injection};
use std::pin::pin;
use std::task::Context;

const RUN: SignedDuration = SignedDuration::from_mins(5);

/// What was told of documents: `webhook-id`, type and document.
fn told(world: &World) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rivet = world.rivet();
    let of_documents = rivet.told.iter().filter(|(id, _)| id.starts_with("doc"));
    of_documents
        .map(|(id, body)| {
            let document = text(&body["data"]["document"]["id"]);
            (id.clone(), text(&body["type"]), document)
        })
        .collect()
}

fn types(world: &World) -> Vec<String> {
    told(world).into_iter().map(|(_, kind, _)| kind).collect()
}

/// The next run that looks after connections.
fn look_after(world: &World) {
    world.advance(RUN);
    world.look_after();
}

fn pay_app(number: usize) -> String {
    let project = Project {
        firm: "firm_harbor".into(),
        number: number % 5,
        customer: 0,
    };
    let figures = Figures::with_a_tenth_held(100_000 + i64::try_from(number).unwrap());
    project.pay_app((1 + number / 5, 1), figures)
}

#[test]
fn a_posted_pay_app_is_told_once_by_the_next_run() {
    let world = World::usual();
    let at = world.now();
    assert_eq!(world.deliver(body("03")), Outcome::Posted);
    for _ in 0..3 {
        look_after(&world);
    }
    assert_eq!(world.deliver(body("03")), Outcome::Duplicate);
    world.press_sync_now();
    look_after(&world);
    let (id, told) = world.rivet().told[0].clone();
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
    assert_eq!(told, expected);
    assert_eq!(world.rivet().told.len(), 1);
}

#[test]
fn what_only_waits_is_not_told_and_a_revision_and_a_void_are_told_each() {
    let world = World::usual();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(body("03")), Outcome::Held);
    look_after(&world);
    assert!(told(&world).is_empty());
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.press_sync_now();
    world.deliver_changed("06", |data| {
        let first: Value = serde_json::from_str(body("03")).unwrap();
        data["pay_app"] = first["data"]["pay_app"].clone();
        data["pay_app"]["revision"] = json!(2);
    });
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = json!("pa_1042_1");
        data["revision"] = json!(2);
    });
    look_after(&world);
    assert_eq!(types(&world), ["document.posted"; 3]);
    let states: Vec<_> = world
        .rivet()
        .told
        .iter()
        .map(|(_, body)| body["data"]["state"].clone())
        .collect();
    assert_eq!(states, ["posted", "posted", "voided"]);
}

#[test]
fn a_failure_is_told_with_what_stands_and_not_again_for_a_retry_that_fails_alike() {
    let world = World::usual();
    world.refuse_item(1);
    assert_eq!(world.deliver(body("03")), Outcome::Held);
    look_after(&world);
    assert_eq!(types(&world), ["document.failed"]);
    let detail = world.rivet().told[0].1["data"]["detail"].clone();
    let detail = detail.as_str().unwrap();
    assert!(
        detail
            .ends_with("Of it, Invoice 1042-1 stands in QuickBooks; a retry posts only the rest."),
        "{detail}"
    );
    // Alone it is no batch, so that its refusal is that of a single call.
    for _ in 0..2 {
        let refused = Effect::Refused {
            code: "6000".into(),
            message: "A business validation error has occurred".into(),
            detail: "Something is wrong with it.".into(),
        };
        world
            .simulator()
            .inject(Injection::new(refused).path("journalentry"));
        world.press_sync_now();
        look_after(&world);
    }
    assert_eq!(types(&world), ["document.failed"]);
    world.press_sync_now();
    look_after(&world);
    assert_eq!(types(&world), ["document.failed", "document.posted"]);
    let by = &world.rivet().told[1].1["data"]["by"];
    assert_eq!(by, &world.session().user.to_string());
}

#[test]
fn a_conflict_is_told_as_changed_in_quickbooks_and_again_only_when_it_changes_again() {
    let world = World::usual();
    world.deliver(body("03"));
    look_after(&world);
    let edit = |note: &str| {
        world.edit_last("Invoice", |invoice| invoice["PrivateNote"] = json!(note));
    };
    edit("see Bob");
    let revised = |revision: u32| {
        world.deliver_changed("06", |data| {
            let first: Value = serde_json::from_str(body("03")).unwrap();
            data["pay_app"] = first["data"]["pay_app"].clone();
            data["pay_app"]["revision"] = json!(revision);
            data["pay_app"]["due_date"] = json!("2026-12-24");
        })
    };
    assert_eq!(revised(2), Outcome::Held);
    assert_eq!(revised(2), Outcome::Duplicate);
    world.press_sync_now();
    look_after(&world);
    let changed = "document.changed_in_quickbooks";
    assert_eq!(types(&world), ["document.posted", changed]);
    edit("see Ann");
    assert_eq!(revised(3), Outcome::Held);
    look_after(&world);
    assert_eq!(types(&world), ["document.posted", changed, changed]);
}

#[test]
fn what_rivet_does_not_take_is_told_later_in_order_and_under_the_same_ids() {
    let world = World::usual();
    world.rivet().is_down = true;
    for number in 0..3 {
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
        look_after(&world);
    }
    assert!(told(&world).is_empty());
    assert!(world.connection().outbox.tries > 0);
    world.rivet().is_down = false;
    world.advance(SignedDuration::from_hours(1));
    look_after(&world);
    let ids: Vec<_> = told(&world).into_iter().map(|(id, ..)| id).collect();
    let expected = [0, 1, 2].map(|position| format!("document_firm_harbor_{position}"));
    assert_eq!(ids, expected);
    assert_eq!(world.connection().outbox.tries, 0);
}

#[test]
fn what_is_not_taken_is_not_tried_at_every_run() {
    let world = World::usual();
    world.rivet().is_down = true;
    world.deliver(body("03"));
    for _ in 0..6 {
        world.advance(RUN);
        world.look_after();
    }
    // After 2, 4, 8 and 16 minutes: at the runs of minute 5, 10, 15, 25.
    assert_eq!(world.connection().outbox.tries, 4);
}

#[test]
fn a_run_that_dies_before_it_notes_what_it_told_has_it_told_again_under_the_same_id() {
    let world = World::usual();
    world.deliver(body("03"));
    world.advance(RUN);
    let mut entropy = world.entropy();
    let receiver = world.receiver();
    let addresses = Endpoints {
        receiver: Some(&receiver),
        revoke_origin: "https://developer.api.intuit.com",
    };
    let grants = world.bridge.grants();
    {
        let run = refresh_due(&grants, &addresses, &mut entropy, || world.now());
        let mut run = pin!(run);
        let waker = noop_waker();
        while told(&world).is_empty() {
            let mut context = Context::from_waker(&waker);
            assert!(run.as_mut().poll(&mut context).is_pending());
        }
    }
    assert_eq!(world.connection().outbox.told, 0);
    for _ in 0..3 {
        look_after(&world);
    }
    let ids: Vec<_> = told(&world).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["document_firm_harbor_0"; 2]);
}

/// Whoever dies at whatever moment while a pay app is accepted and posted: it is told once.
#[test]
fn a_pay_app_whose_worker_dies_is_told_once_by_who_comes_after() {
    for times in 0.. {
        let world = World::usual();
        let mut entropy = world.entropy();
        let accepting = accept(&world.bridge, event(body("03")), &mut entropy, || {
            world.now()
        });
        let is_done = polled(times, accepting);
        world.advance(RUN);
        world.deliver(body("03"));
        for _ in 0..3 {
            world.advance(RUN);
            world.scheduled_sync();
            world.look_after();
        }
        // Whoever dies before the hint leaves it to the next refresh of the token.
        world.advance(SignedDuration::from_hours(1));
        world.look_after();
        assert_eq!(types(&world), ["document.posted"], "after {times} polls");
        if is_done {
            assert!(times > 3, "{times}");
            break;
        }
    }
}

#[test]
fn a_hundred_documents_are_told_over_several_visits_once_each_and_in_order() {
    let world = World::usual();
    let posted: Vec<String> = (0..100).map(pay_app).collect();
    for event in &posted {
        world.advance(SignedDuration::from_secs(2));
        assert_eq!(world.deliver(event), Outcome::Posted);
    }
    let mut visits = Vec::new();
    while told(&world).len() < 100 {
        look_after(&world);
        visits.push(told(&world).len());
    }
    look_after(&world);
    assert_eq!(visits, [32, 64, 96, 100]);
    let expected: Vec<_> = (0..100)
        .map(|number| {
            let event: Value = serde_json::from_str(&posted[number]).unwrap();
            let document = event["data"]["pay_app"]["id"].as_str().unwrap().to_owned();
            let id = format!("document_firm_harbor_{number}");
            (id, "document.posted".to_owned(), document)
        })
        .collect();
    assert_eq!(told(&world), expected);
}

#[test]
fn a_visit_leaves_the_rest_to_the_next_one_when_rivet_is_slow() {
    let world = World::usual();
    for number in 0..12 {
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
    }
    world.rivet().takes = SignedDuration::from_secs(1);
    let mut visits = Vec::new();
    for _ in 0..3 {
        look_after(&world);
        visits.push(told(&world).len());
    }
    assert_eq!(visits, [5, 10, 12]);
}

#[test]
fn what_happened_while_notifications_were_off_is_not_caught_up_with() {
    let mut world = World::usual();
    world.bridge.tells = false;
    for number in 0..40 {
        world.advance(SignedDuration::from_secs(2));
        assert_eq!(world.deliver(&pay_app(number)), Outcome::Posted);
    }
    world.advance(SignedDuration::from_hours(1));
    world.look_after();
    assert_eq!(world.connection().outbox.told, 40);
    world.bridge.tells = true;
    for _ in 0..3 {
        world.advance(SignedDuration::from_hours(1));
        world.look_after();
    }
    assert!(told(&world).is_empty());
    world.deliver(&pay_app(40));
    look_after(&world);
    assert_eq!(told(&world)[0].0, "document_firm_harbor_40");
}

#[test]
fn a_lapse_and_documents_are_told_in_the_same_visit() {
    let world = World::usual();
    world.deliver(&pay_app(0));
    end_in_quickbooks(&world);
    world.advance(SignedDuration::from_hours(1));
    world.look_after();
    assert_eq!(
        ids(&world),
        ["connection_firm_harbor_1", "document_firm_harbor_0"]
    );
}

#[test]
fn a_firm_without_a_company_is_told_nothing_until_it_has_one() {
    let world = World::new(Given::default());
    world.deliver(body("12"));
    look_after(&world);
    assert!(world.rivet().told.is_empty());
    world.connect();
    world.advance(SignedDuration::from_hours(1));
    world.look_after();
    assert_eq!(types(&world), ["document.posted"]);
}
