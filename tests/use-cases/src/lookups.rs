//! Look-ups after an answer that was lost: they end in exactly one transaction, whatever they are answered.

use crate::support::connections::SignInResult;
use crate::support::lost_answers::{refusals, refused};
use crate::support::usual_bill::{BILL, Figures, USUAL, customer};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::{InvoiceLines, SyncMode};
use quickbooks::entity::TxnType;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, Outage, RequestKind};
use std::collections::BTreeSet;
use store::document::decision::{Decision, DecisionKind};
use store::document::transaction_key::TransactionKey;

impl World {
    fn bill_reason(&self) -> Value {
        self.view(BILL)["reason"].clone()
    }

    /// Returns the id of the invoice that RIVET takes for that of the usual bill.
    fn known_invoice(&self) -> Value {
        let view = self.view(BILL);
        let mut objects = view["quickbooks"].as_array().unwrap().iter();
        let invoice = objects.find(|object| object["type"] == "Invoice");
        invoice.unwrap()["id"].clone()
    }
}

#[test]
fn refused_lookup_leaves_bill_uncertain_then_found() {
    for effect in refusals() {
        let world = World::configured();
        world.lose_bill(Commit::After);
        world.refuse_queries(effect.clone());
        world.run_half_minutes(10);
        assert_eq!(world.bill_state(), "uncertain", "{effect:?}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{effect:?}");
        world.simulator().clear_injections();
        world.run_half_minutes(40);
        assert_eq!(world.bill_state(), "posted", "{effect:?}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{effect:?}");
    }
}

#[test]
fn refused_lookup_of_change_leaves_revision_uncertain() {
    for effect in [refused("5020"), Effect::ApplicationError(Commit::Before)] {
        let world = World::configured();
        world.bill();
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
        world.simulator().inject(lost);
        world.revise_bill(Figures {
            billed: "50000.00",
            retainage: "5000.00",
        });
        world.person(|person| person.forget_request_ids());
        let unread = Injection::new(effect.clone()).kind(RequestKind::Read);
        world.simulator().inject(unread.always());
        world.run_half_minutes(10);
        assert_eq!(world.bill_state(), "uncertain", "{effect:?}");
        world.simulator().clear_injections();
        world.run_half_minutes(40);
        assert_eq!(world.bill_state(), "posted", "{effect:?}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{effect:?}");
    }
}

#[test]
fn broken_row_of_one_bill_delays_no_other() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    for number in [1, 2] {
        assert_eq!(world.bill_next(number, USUAL), Outcome::Held);
    }
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(lost.body_containing("JournalEntry"));
    world.press_sync_now();
    world.person(|person| person.forget_request_ids());
    world.simulator().switches_mut().refused_queries = vec!["'1042-1'".into()];
    world.run_half_minutes(5);
    assert_eq!(world.bill_state(), "uncertain");
    assert_eq!(world.view("pa_2")["state"], "posted");
    world.simulator().switches_mut().refused_queries.clear();
    world.run_half_minutes(40);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (2, 2))
    );
}

#[test]
fn nothing_found_counts_only_after_margin() {
    for lag in [30, 90, 115] {
        let world = World::configured();
        world.simulator().switches_mut().index_lag = SignedDuration::from_secs(lag);
        world.lose_bill(Commit::After);
        world.run_half_minutes(10);
        assert_eq!(world.bill_state(), "posted", "{lag}");
        assert_eq!(world.invoices_and_entries(), (1, 1), "{lag}");
    }
}

#[test]
fn missing_bill_is_sent_again_after_two_minutes() {
    let world = World::configured();
    world.lose_bill(Commit::Before);
    world.run_half_minutes(3);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("uncertain"), (0, 0))
    );
    world.run_half_minutes(1);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

#[test]
fn people_in_doubt_start_no_second_posting() {
    let acts: [fn(&World); 5] = [
        |world| assert_eq!(world.press_sync_now().posted, 0),
        |world| assert_ne!(world.revise_bill(USUAL), Outcome::Posted),
        |world| assert_ne!(world.void_bill(BILL, "2026-03-31"), Outcome::Posted),
        |world| {
            world.save_settings(|settings| settings.invoice_lines = InvoiceLines::BySovItem);
        },
        |world| assert_eq!(world.connect(), SignInResult::Reconnected),
    ];
    for (index, act) in acts.into_iter().enumerate() {
        let world = World::configured();
        world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
        world.lose_bill(Commit::After);
        act(&world);
        world.run_half_minutes(1);
        act(&world);
        assert_eq!(world.invoices_and_entries().0, 1, "act {index}");
        world.run_half_minutes(30);
        assert_eq!(world.invoices_and_entries().0, 1, "act {index}");
        assert_ne!(world.bill_state(), "uncertain", "act {index}");
    }
}

/// RIVET read before that the company takes numbers as they are sent.
#[test]
fn lost_bill_with_replaced_number_is_found() {
    let world = World::configured();
    world.person(|person| person.set_custom_numbers(false));
    world.lose_bill(Commit::After);
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

#[test]
fn lost_bill_with_number_of_a_person_is_found() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    world.edit_last("Invoice", |invoice| invoice["DocNumber"] = json!("7"));
    world.run_half_minutes(10);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

/// The number found first counts, whether QuickBooks or a person gave it.
#[test]
fn number_found_first_is_taken_where_quickbooks_assigns() {
    let world = World::configured();
    world.person(|person| person.set_custom_numbers(false));
    world.simulator().switches_mut().should_replace_numbers = false;
    world.lose_bill(Commit::After);
    world.edit_last("Invoice", |invoice| invoice["DocNumber"] = json!("7"));
    world.run_half_minutes(10);
    let view = world.view(BILL);
    let state = (world.bill_state(), world.invoices_and_entries());
    assert_eq!(state, (json!("posted"), (1, 1)), "{view}");
    let mut objects = view["quickbooks"].as_array().unwrap().iter();
    assert!(objects.any(|object| object["number"] == "7"), "{view}");
}

#[test]
fn decision_in_doubt_is_refused() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    for kind in [DecisionKind::Ignore, DecisionKind::Posted] {
        assert!(world.record_decision(BILL, &world.decision(kind)).is_err());
    }
}

#[test]
fn inner_error_that_stands_or_not_posts_once() {
    for commit in [Commit::Before, Commit::After] {
        for status in [200, 400] {
            let world = World::configured();
            world.fail_bill(Effect::Outage(Outage::InternalError { status }, commit));
            world.person(|person| person.forget_request_ids());
            assert_eq!(world.bill_state(), "uncertain");
            world.run_half_minutes(6);
            assert_eq!(world.bill_state(), "posted", "{commit:?} {status}");
            assert_eq!(world.invoices_and_entries(), (1, 1), "{commit:?} {status}");
        }
    }
}

#[test]
fn inner_error_of_one_item_posts_once() {
    for commit in [Commit::Before, Commit::After] {
        for index in [0, 1] {
            let world = World::configured();
            world.fail_bill(Effect::ItemInternalError { index, commit });
            world.person(|person| person.forget_request_ids());
            world.run_half_minutes(6);
            assert_eq!(world.bill_state(), "posted", "{commit:?} {index}");
            assert_eq!(world.invoices_and_entries(), (1, 1), "{commit:?} {index}");
        }
    }
}

#[test]
fn repeated_answer_of_deleted_bill_does_not_count() {
    let world = World::configured();
    world.fail_bill(Effect::Dropped(Commit::After));
    world.delete_last("Invoice");
    world.delete_last("JournalEntry");
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

/// A query lists the invoice for a while after its deletion, so the look-up finds it. The next scan learns of the deletion.
#[test]
fn deletion_that_index_hides_is_noticed_later() {
    let world = World::configured();
    world.announce_changes();
    world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
    world.lose_bill(Commit::After);
    world.advance(SignedDuration::from_mins(3));
    world.delete_last("Invoice");
    world.run_scheduled_sync();
    assert_eq!(world.bill_state(), "posted");
    world.deliver_events_and_scan();
    assert_eq!(world.bill_state(), "conflict");
}

#[test]
fn copy_with_mark_is_never_taken() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    let original = world.last_id("Invoice");
    let copy = world
        .person(|person| person.copy("Invoice", &original))
        .unwrap();
    world.run_half_minutes(6);
    assert_eq!(
        (world.bill_state(), world.known_invoice()),
        (json!("posted"), json!(original))
    );
    world.void_bill(BILL, "2026-03-31");
    let total = |id: &str| {
        let simulator = world.simulator();
        let mut invoices = simulator.entities(&world.realm, "Invoice");
        let found = invoices.find(|invoice| invoice["Id"] == id).unwrap();
        found["TotalAmt"].to_string()
    };
    assert_eq!([total(&original), total(&copy)], ["0.00", "43650.00"]);
}

#[test]
fn equal_copies_are_named_to_a_person() {
    let (world, ids) = World::with_equal_copies();
    world.run_half_minutes(6);
    assert_eq!(world.bill_state(), "held");
    let reason = world.bill_reason();
    assert_eq!(reason["code"], "copies_in_quickbooks");
    let objects = reason["objects"].as_array().unwrap().iter();
    let named: BTreeSet<&str> = objects
        .map(|object| object["id"].as_str().unwrap())
        .collect();
    assert_eq!(named, ids.iter().map(String::as_str).collect());
    assert_eq!(world.invoices_and_entries(), (2, 1));
}

#[test]
fn person_names_the_right_copy() {
    let (world, [original, _]) = World::with_equal_copies();
    world.run_half_minutes(6);
    let named = [
        (TxnType::Invoice, original.clone()),
        (TxnType::JournalEntry, world.last_id("JournalEntry")),
    ];
    let decision = Decision {
        objects: named
            .map(|(kind, id)| TransactionKey::new(kind, id))
            .to_vec(),
        ..world.decision(DecisionKind::Posted)
    };
    world.record_decision(BILL, &decision).unwrap();
    world.run_half_minutes(2);
    assert_eq!(
        (world.bill_state(), world.known_invoice()),
        (json!("posted"), json!(original))
    );
}

#[test]
fn deleted_copy_lets_bill_be_found() {
    let (world, [original, copy]) = World::with_equal_copies();
    world.run_half_minutes(6);
    world
        .person(|person| person.delete("Invoice", &copy))
        .unwrap();
    world.press_sync_now();
    assert_eq!(world.known_invoice(), original);
}

#[test]
fn unclear_answer_for_ever_is_told_once() {
    let world = World::configured();
    let empty = Effect::Outage(Outage::Empty { status: 400 }, Commit::Before);
    let failing = Injection::new(empty).kind(RequestKind::Write);
    world
        .simulator()
        .inject(failing.body_containing("pa_1 ").always());
    world.bill();
    let mut states = Vec::new();
    for _ in 0..60 {
        world.advance(SignedDuration::from_mins(5));
        world.run_scheduled_sync();
        states.push(world.bill_state());
    }
    states.dedup();
    assert_eq!(states, ["uncertain", "failed"]);
    let reason = world.bill_reason();
    assert_eq!(
        (&reason["code"], &reason["action"]),
        (&json!("no_clear_answer"), &json!("contact_support"))
    );
    assert!(reason["message"].as_str().unwrap().contains("intuit_tid"));
    world.simulator().clear_injections();
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(world.invoices_and_entries(), (1, 1));
}

#[test]
fn lost_creation_makes_one_customer() {
    let refusals = refusals().into_iter().map(Some);
    for refusal in refusals.chain([None]) {
        for forgets in [false, true] {
            let world = World::configured();
            world.simulator().switches_mut().index_lag = SignedDuration::from_secs(100);
            let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
            world
                .simulator()
                .inject(lost.body_containing("Harbor Builders"));
            world.bill();
            if forgets {
                world.person(|person| person.forget_request_ids());
            }
            assert_eq!(world.bill_state(), "uncertain", "{refusal:?}");
            refusal
                .iter()
                .cloned()
                .for_each(|refusal| world.refuse_queries(refusal));
            world.run_half_minutes(3);
            world.simulator().clear_injections();
            world.run_half_minutes(40);
            assert_eq!(world.bill_state(), "posted", "{refusal:?} {forgets}");
            let found = ["Customer", "Invoice"].map(|kind| world.count(kind));
            assert_eq!(found, [1, 1], "{refusal:?} {forgets}");
        }
    }
}

#[test]
fn lost_creation_is_found_under_its_first_name() {
    let world = World::configured();
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world
        .simulator()
        .inject(lost.body_containing("Harbor Builders"));
    world.bill();
    world.person(|person| person.forget_request_ids());
    let mut renamed = customer();
    renamed["name"] = json!("Harbor Group");
    world.deliver_data("customer.updated", json!({ "customer": renamed }));
    world.run_half_minutes(10);
    assert_eq!(
        (world.bill_state(), world.count("Customer")),
        (json!("posted"), 1)
    );
}

#[test]
fn lost_connection_keeps_bill_uncertain() {
    let world = World::configured();
    world.lose_bill(Commit::After);
    world.person(|person| person.disconnect_app());
    world.run_half_minutes(3);
    assert_eq!(world.bill_state(), "uncertain");
    world.connect();
    world.run_half_minutes(2);
    assert_eq!(
        (world.bill_state(), world.invoices_and_entries()),
        (json!("posted"), (1, 1))
    );
}

#[test]
fn uncertain_bill_says_what_since_when_and_again() {
    let world = World::configured();
    world.lose_bill(Commit::Before);
    let view = world.view(BILL);
    let message = view["reason"]["message"].as_str().unwrap();
    for part in [
        "since 2026-03-02 15:00 UTC",
        "Invoice 1042-1 and Journal Entry 1042-1R",
        "again at 2026-03-02 15:00 UTC",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let lookup = &view["lookup"];
    assert_eq!(lookup["since"], "2026-03-02T15:00:00Z");
    assert_eq!(
        lookup["objects"][1],
        json!({"type": "JournalEntry", "id": null, "number": "1042-1R"})
    );
    assert_eq!(lookup["next_at"], "2026-03-02T15:00:30Z");
}
