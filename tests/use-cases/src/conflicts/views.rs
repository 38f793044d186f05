//! Views: a conflict shows both versions, and a decision must fit the version that was shown.

use super::edits::{
    AMOUNT_CHANGED, INVOICE_DELETED, INVOICE_VOIDED, NOTE_CHANGED, SECOND, set_amounts,
};
use super::{PAY_APP, assert_balances, decide, deliver_revision, enter_payment, in_conflict, view};
use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::error::Error;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::json;
use simulator::{Effect, Injection, RequestKind};
use store::document::decision::{Decision, DecisionKind};

#[test]
fn conflict_shows_both_versions_by_field() {
    let world = in_conflict(|world| set_amounts(world, "Invoice", "9000.00"));
    let conflict = view(&world)["conflict"].clone();
    assert_eq!(conflict["seen_at"], world.now().to_string());
    let [invoice, entry] = [&conflict["objects"][0], &conflict["objects"][1]];
    assert_eq!(invoice["type"], "Invoice");
    assert_eq!(invoice["rivet"]["total"], "7789.99");
    assert_eq!(invoice["quickbooks"]["total"], "9000.00");
    assert_eq!(
        invoice["quickbooks"]["customer_name"],
        "Ashgrove Builders, Inc."
    );
    assert_eq!(invoice["quickbooks"]["state"], "open");
    assert_eq!(
        invoice["differs"],
        json!(["total", "balance", "private_note", "lines", "description"])
    );
    assert_eq!(entry["quickbooks"]["total"], "426.67");
    assert_eq!(entry["differs"], json!(["total", "private_note", "lines"]));
}

#[test]
fn conflict_lists_every_changed_field() {
    let world = in_conflict(|world| {
        world.edit_last("Invoice", |form| {
            form["DueDate"] = json!("2026-12-24");
            form["CustomerMemo"] = json!({"value": "Thank you"});
            form["Line"][0]["Description"] = json!("Work");
        });
        world.edit_last("JournalEntry", |entry| entry["DocNumber"] = json!("7"));
    });
    let conflict = view(&world)["conflict"].clone();
    let [invoice, entry] = [&conflict["objects"][0], &conflict["objects"][1]];
    let fields = [
        "total",
        "balance",
        "private_note",
        "customer_memo",
        "due_date",
        "lines",
        "description",
    ];
    assert_eq!(invoice["differs"], json!(fields));
    assert_eq!(invoice["quickbooks"]["due_date"], "2026-12-24");
    assert_eq!(invoice["quickbooks"]["customer_memo"], "Thank you");
    assert_eq!(invoice["quickbooks"]["description"], "Work");
    assert!(!invoice["rivet"]["description"].as_str().unwrap().is_empty());
    assert_eq!(entry["quickbooks"]["number"], "7");
}

#[test]
fn conflict_shows_deleted_voided_or_paid_state() {
    let payment: fn(&World) = |world| enter_payment(world, "100.00");
    let cases = [
        (INVOICE_VOIDED.apply, "voided", "changed_in_quickbooks"),
        (INVOICE_DELETED.apply, "gone", "changed_in_quickbooks"),
        (payment, "partly_paid", "payments_applied"),
    ];
    for (edit, state, code) in cases {
        let world = in_conflict(edit);
        let conflict = view(&world);
        assert_eq!(
            conflict["conflict"]["objects"][0]["quickbooks"]["state"],
            state
        );
        assert_eq!(conflict["reason"]["code"], code);
    }
}

#[test]
fn edit_after_decision_becomes_new_conflict() {
    for kind in [DecisionKind::KeepRivet, DecisionKind::KeepQuickbooks] {
        let world = in_conflict(NOTE_CHANGED.apply);
        let before = view(&world)["conflict"]["seen_at"].clone();
        decide(&world, kind).unwrap();
        set_amounts(&world, "Invoice", "9000.00");
        world.run_next_sync();
        let edited = view(&world);
        assert_eq!(edited["state"], "conflict");
        assert_ne!(edited["conflict"]["seen_at"], before);
        assert_eq!(
            edited["conflict"]["objects"][0]["quickbooks"]["total"],
            "9000.00"
        );
        assert_balances(&world, AMOUNT_CHANGED.balances, "edited twice");
        decide(&world, DecisionKind::KeepRivet).unwrap();
        world.run_next_sync();
        assert_balances(&world, SECOND, "decided again");
    }
}

#[test]
fn stale_version_is_read_again_before_writing() {
    let world = World::configured();
    world.deliver(event_body("04"));
    let stale = Effect::Refused {
        code: "5010".into(),
        message: "Stale Object Error".into(),
        detail: "You and Bob were working on this at the same time.".into(),
    };
    world
        .simulator()
        .inject(Injection::new(stale).kind(RequestKind::Write));
    assert_eq!(world.deliver(event_body("06")), Outcome::Queued);
    world.run_next_sync();
    assert_eq!(view(&world)["state"], "posted");
    assert_balances(&world, SECOND, "no person edited it");
}

#[test]
fn newer_revision_cancels_earlier_decision() {
    let world = in_conflict(NOTE_CHANGED.apply);
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    assert_eq!(deliver_revision(&world, 3), Outcome::Held);
    let view = view(&world);
    assert_eq!(
        (&view["state"], &view["revision"]),
        (&json!("conflict"), &json!(3))
    );
    assert_eq!(view.get("decision"), None);
    let queue = block_on(world.services.store.queue(&world.firm)).unwrap();
    assert!(
        queue
            .recent_activity
            .iter()
            .any(|entry| entry.detail.contains("something newer"))
    );
}

#[test]
fn decision_about_unseen_version_is_refused() {
    let world = in_conflict(NOTE_CHANGED.apply);
    let older = Decision {
        conflict_seen_at: Some((world.now() - SignedDuration::from_mins(1)).to_string()),
        ..world.decision(DecisionKind::KeepRivet)
    };
    let refused = world.record_decision(PAY_APP, &older);
    assert!(matches!(refused, Err(Error::ConflictChanged)));
}

#[test]
fn repeated_decision_counts_once_other_is_refused() {
    let world = in_conflict(INVOICE_VOIDED.apply);
    decide(&world, DecisionKind::KeepRivet).unwrap();
    decide(&world, DecisionKind::KeepRivet).unwrap();
    assert!(matches!(
        decide(&world, DecisionKind::Ignore),
        Err(Error::NotDecidable(_))
    ));
    world.run_next_sync();
    world.run_next_sync();
    assert_eq!(
        decide(&world, DecisionKind::KeepRivet).unwrap()["state"],
        "posted"
    );
    assert!(matches!(
        decide(&world, DecisionKind::KeepQuickbooks),
        Err(Error::NotInConflict)
    ));
    world.simulator().clear_traffic();
    world.run_next_sync();
    assert!(world.simulator().traffic().is_empty());
    assert_balances(&world, SECOND, "decided once");
}

#[test]
fn decision_history_and_activity_name_the_user() {
    let world = in_conflict(NOTE_CHANGED.apply);
    decide(&world, DecisionKind::KeepQuickbooks).unwrap();
    world.run_next_sync();
    let view = view(&world);
    let attempt = view["attempts"].as_array().unwrap().last().unwrap();
    assert_eq!(attempt["by"], "usr_17");
    assert!(
        attempt["detail"]
            .as_str()
            .unwrap()
            .starts_with("QuickBooks' version was kept.")
    );
    assert_eq!(view["decision"]["act"], "keep_quickbooks");
    let queue = block_on(world.services.store.queue(&world.firm)).unwrap();
    let by: Vec<_> = queue
        .recent_activity
        .iter()
        .map(|entry| entry.requested_by.is_some())
        .collect();
    assert_eq!(by, [false, false, true, true]);
}

#[test]
fn sync_now_history_names_the_user() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(event_body("04")), Outcome::Held);
    world.press_sync_now();
    let view = view(&world);
    assert_eq!(
        (&view["state"], &view["attempts"][0]["by"]),
        (&json!("posted"), &json!("usr_17"))
    );
}
