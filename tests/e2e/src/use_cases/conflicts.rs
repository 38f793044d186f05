//! What a person decides about a document that differs from QuickBooks, or that does not get there.

mod hand;
mod late;
mod retired;

use crate::support::documents::document;
use crate::support::dying::polled;
use crate::support::story::body;
use crate::support::world::{Given, World};
use bridge::Error;
use bridge::accept::Outcome;
use bridge::decision::{Act, Decision};
use bridge::desk::{Activity, Mark};
use bridge::reason::Hold;
use bridge::settle::settle;
use bridge::store::Finished;
use bridge::sync::sync_due;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{RetainageMethod, SyncMode};
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};

/// A/R, retainage and revenue in the company's ledger, and the retainage that we think the project holds.
type Books = [&'static str; 4];

const FIRST: Books = ["8106.65", "426.67", "8533.32", "426.67"];
const SECOND: Books = ["7789.99", "410.00", "8199.99", "410.00"];
const NOTHING: Books = ["0.00", "0.00", "0.00", "0.00"];

/// The pay app that they are about.
const PAY_APP: &str = "pa_1057_1";

/// What a person does to the pay app in QuickBooks, and what the books show then.
type Meddling = (&'static str, fn(&World), Books);

const MEDDLINGS: [Meddling; 7] = [
    (
        "renamed",
        |world| world.edit_last("Invoice", |form| form["PrivateNote"] = json!("see Bob")),
        FIRST,
    ),
    (
        "other amount",
        |world| amount(world, "Invoice", "9000.00"),
        ["9000.00", "426.67", "9426.67", "426.67"],
    ),
    (
        "voided",
        |world| world.void_last("Invoice"),
        ["0.00", "426.67", "426.67", "426.67"],
    ),
    (
        "deleted",
        |world| world.delete_last("Invoice"),
        ["0.00", "426.67", "426.67", "426.67"],
    ),
    (
        "other retainage",
        |world| amount(world, "JournalEntry", "500.00"),
        ["8106.65", "500.00", "8606.65", "500.00"],
    ),
    (
        "entry deleted",
        |world| world.delete_last("JournalEntry"),
        ["8106.65", "0.00", "8106.65", "0.00"],
    ),
    (
        "all deleted",
        |world| {
            ["Invoice", "JournalEntry"]
                .into_iter()
                .for_each(|kind| world.delete_last(kind))
        },
        NOTHING,
    ),
];

/// A pay app was posted, then `meddled` with, and RIVET revised it.
fn in_conflict(world: &World, meddle: fn(&World)) {
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    meddle(world);
    assert_eq!(world.deliver(body("06")), Outcome::Held);
    assert_eq!(view(world)["state"], "conflict");
}

fn amount(world: &World, kind: &str, amount: &str) {
    world.edit_last(kind, |object| {
        let lines = object["Line"].as_array_mut().unwrap();
        lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
        for line in lines {
            line["Amount"] = serde_json::from_str(amount).unwrap();
        }
    });
}

fn decide(world: &World, act: Act) -> Result<Value, Error> {
    world.settle(PAY_APP, &world.decision(act))
}

fn view(world: &World) -> Value {
    world.view(PAY_APP)
}

fn assert_books(world: &World, expected: Books, when: &str) {
    let accounts = world.accounts();
    let project = "prj_1057".parse().unwrap();
    let book = block_on(world.bridge.store.project(&world.firm, &project)).unwrap();
    let simulator = world.simulator();
    let ledger = simulator.ledger(&world.realm);
    let found = [
        ledger.balance(&accounts.receivable),
        ledger.balance(&accounts.retainage),
        Decimal::ZERO - ledger.balance(&accounts.revenue),
        book.retainage.values().sum(),
    ];
    assert_eq!(
        found.map(|amount| format!("{amount:.2}")),
        expected,
        "{when}"
    );
}

/// The second revision of the story under another number.
fn revised(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("06", |data| data["pay_app"]["revision"] = json!(revision))
}

fn voided(world: &World, revision: u32) -> Outcome {
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = json!("pa_1057_1");
        data["revision"] = json!(revision);
    })
}

#[test]
fn keeping_rivets_version_ends_in_its_balances_whatever_was_done_in_quickbooks() {
    for (name, meddle, _) in MEDDLINGS {
        let world = World::usual();
        in_conflict(&world, meddle);
        let told = decide(&world, Act::KeepRivet).unwrap();
        assert_eq!(
            (&told["state"], &told["decision"]["carried_out"]),
            (&json!("pending"), &json!(false))
        );
        world.next_run();
        assert_eq!(view(&world)["state"], "posted", "{name}: {}", view(&world));
        assert_books(&world, SECOND, name);
        assert_eq!(voided(&world, 2), Outcome::Posted, "{name}");
        assert_books(&world, NOTHING, name);
    }
}

#[test]
fn keeping_quickbooks_version_writes_nothing_and_later_changes_build_on_what_stands() {
    for (name, meddle, stands) in MEDDLINGS {
        let world = World::usual();
        in_conflict(&world, meddle);
        decide(&world, Act::KeepQuickbooks).unwrap();
        world.simulator().clear_traffic();
        world.next_run();
        assert!(
            world
                .simulator()
                .traffic()
                .iter()
                .all(|seen| !seen.class.writes()),
            "{name}"
        );
        let left = if stands == NOTHING {
            "voided"
        } else {
            "posted"
        };
        assert_eq!(view(&world)["state"], left, "{name}");
        assert_books(&world, stands, name);
        assert_eq!(world.deliver(body("06")), Outcome::Duplicate);
        assert_eq!(revised(&world, 3), Outcome::Posted, "{name}");
        assert_books(&world, SECOND, name);
    }
}

#[test]
fn a_void_after_quickbooks_version_was_kept_takes_back_exactly_that() {
    for (name, meddle, _) in MEDDLINGS {
        let world = World::usual();
        in_conflict(&world, meddle);
        decide(&world, Act::KeepQuickbooks).unwrap();
        world.next_run();
        voided(&world, 2);
        assert_eq!(view(&world)["state"], "voided", "{name}");
        assert_books(&world, NOTHING, name);
    }
}

#[test]
fn an_ignored_document_is_left_alone_until_its_next_revision() {
    for (name, meddle, stands) in MEDDLINGS {
        let world = World::usual();
        in_conflict(&world, meddle);
        decide(&world, Act::Ignore).unwrap();
        world.simulator().clear_traffic();
        world.next_run();
        assert!(world.simulator().traffic().is_empty(), "{name}");
        let ignored = view(&world);
        assert_eq!(
            (&ignored["state"], &ignored["reason"]["code"]),
            (&json!("skipped"), &json!("ignored_by_user"))
        );
        assert_books(&world, [stands[0], stands[1], stands[2], "426.67"], name);
        assert_eq!(world.deliver(body("06")), Outcome::Duplicate);
        assert_eq!(revised(&world, 3), Outcome::Held);
        assert_eq!(view(&world)["state"], "conflict", "{name}");
    }
}

#[test]
fn a_conflict_shows_both_sides_field_by_field_as_they_were_read() {
    let world = World::usual();
    in_conflict(&world, |world| amount(world, "Invoice", "9000.00"));
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
fn a_conflict_names_every_field_that_somebody_changed() {
    let world = World::usual();
    in_conflict(&world, |world| {
        world.edit_last("Invoice", |form| {
            form["DueDate"] = json!("2026-12-24");
            form["CustomerMemo"] = json!({"value": "Thank you"});
            form["Line"][0]["Description"] = json!("Work");
        });
        world.edit_last("JournalEntry", |entry| entry["DocNumber"] = json!("7"));
    });
    let conflict = view(&world)["conflict"].clone();
    let [invoice, entry] = [&conflict["objects"][0], &conflict["objects"][1]];
    let named = [
        "total",
        "balance",
        "private_note",
        "customer_memo",
        "due_date",
        "lines",
        "description",
    ];
    assert_eq!(invoice["differs"], json!(named));
    assert_eq!(invoice["quickbooks"]["due_date"], "2026-12-24");
    assert_eq!(invoice["quickbooks"]["customer_memo"], "Thank you");
    assert_eq!(invoice["quickbooks"]["description"], "Work");
    assert!(!invoice["rivet"]["description"].as_str().unwrap().is_empty());
    assert_eq!(entry["quickbooks"]["number"], "7");
}

#[test]
fn a_conflict_tells_what_is_gone_voided_or_paid() {
    let pays: fn(&World) = |world| pay(world, "100.00");
    let cases = [
        (MEDDLINGS[2].1, "voided", "changed_in_quickbooks"),
        (MEDDLINGS[3].1, "gone", "changed_in_quickbooks"),
        (pays, "partly_paid", "payments_applied"),
    ];
    for (meddle, state, code) in cases {
        let world = World::usual();
        in_conflict(&world, meddle);
        let shown = view(&world);
        assert_eq!(
            shown["conflict"]["objects"][0]["quickbooks"]["state"],
            state
        );
        assert_eq!(shown["reason"]["code"], code);
    }
}

fn pay(world: &World, amount: &str) {
    let invoice = world.last("Invoice");
    let amount: Value = serde_json::from_str(amount).unwrap();
    let payment = json!({
        "CustomerRef": invoice["CustomerRef"], "TotalAmt": amount,
        "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}],
    });
    world.enter("Payment", payment);
}

#[test]
fn a_paid_invoice_is_not_written_over_before_the_payment_is_removed() {
    let world = World::usual();
    in_conflict(&world, |world| pay(world, "100.00"));
    decide(&world, Act::KeepRivet).unwrap();
    world.next_run();
    let refused = view(&world);
    assert_eq!(
        (&refused["state"], &refused["reason"]["code"]),
        (&json!("conflict"), &json!("payments_applied"))
    );
    assert!(
        refused["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("remove them in QuickBooks first")
    );
    // The invoice has another version now, and all that RIVET wrote on it still stands.
    world.void_last("Payment");
    decide(&world, Act::KeepRivet).unwrap();
    world.next_run();
    assert_books(&world, SECOND, "after the payment was removed");
}

#[test]
fn a_paid_invoice_may_be_kept_as_it_is() {
    let world = World::usual();
    in_conflict(&world, |world| pay(world, "8106.65"));
    decide(&world, Act::KeepQuickbooks).unwrap();
    world.next_run();
    assert_books(&world, ["0.00", "426.67", "8533.32", "426.67"], "kept");
    assert_eq!(revised(&world, 3), Outcome::Held);
    assert_eq!(view(&world)["reason"]["code"], "payments_applied");
}

#[test]
fn what_is_edited_again_after_the_decision_is_a_new_conflict_and_not_written_over() {
    for act in [Act::KeepRivet, Act::KeepQuickbooks] {
        let world = World::usual();
        in_conflict(&world, MEDDLINGS[0].1);
        let before = view(&world)["conflict"]["seen_at"].clone();
        decide(&world, act).unwrap();
        amount(&world, "Invoice", "9000.00");
        world.next_run();
        let again = view(&world);
        assert_eq!(again["state"], "conflict");
        assert_ne!(again["conflict"]["seen_at"], before);
        assert_eq!(
            again["conflict"]["objects"][0]["quickbooks"]["total"],
            "9000.00"
        );
        assert_books(&world, MEDDLINGS[1].2, "edited twice");
        decide(&world, Act::KeepRivet).unwrap();
        world.next_run();
        assert_books(&world, SECOND, "decided again");
    }
}

#[test]
fn a_version_that_grew_between_our_look_and_our_write_is_looked_at_again() {
    let world = World::usual();
    world.deliver(body("04"));
    let stale = Effect::Refused {
        code: "5010".into(),
        message: "Stale Object Error".into(),
        detail: "You and Bob were working on this at the same time.".into(),
    };
    world
        .simulator()
        .inject(Injection::new(stale).kind(RequestKind::Write));
    assert_eq!(world.deliver(body("06")), Outcome::Queued);
    world.next_run();
    assert_eq!(view(&world)["state"], "posted");
    assert_books(&world, SECOND, "nobody had edited anything");
}

#[test]
fn a_newer_revision_ends_a_decision_that_was_made_without_it() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[0].1);
    decide(&world, Act::KeepQuickbooks).unwrap();
    assert_eq!(revised(&world, 3), Outcome::Held);
    let shown = view(&world);
    assert_eq!(
        (&shown["state"], &shown["revision"]),
        (&json!("conflict"), &json!(3))
    );
    assert_eq!(shown.get("decision"), None);
    let desk = block_on(world.bridge.store.desk(&world.firm)).unwrap();
    assert!(
        desk.recent
            .iter()
            .any(|line| line.detail.contains("something newer"))
    );
}

#[test]
fn a_version_that_was_not_seen_is_not_decided_about() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[0].1);
    let older = Decision {
        seen: Some((world.now() - SignedDuration::from_mins(1)).to_string()),
        ..world.decision(Act::KeepRivet)
    };
    let told = world.settle(PAY_APP, &older);
    assert!(matches!(told, Err(Error::ConflictChanged)));
}

#[test]
fn the_same_decision_twice_is_one_and_another_meanwhile_is_refused() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[2].1);
    decide(&world, Act::KeepRivet).unwrap();
    decide(&world, Act::KeepRivet).unwrap();
    assert!(matches!(
        decide(&world, Act::Ignore),
        Err(Error::NotDecidable(_))
    ));
    world.next_run();
    world.next_run();
    assert_eq!(decide(&world, Act::KeepRivet).unwrap()["state"], "posted");
    assert!(matches!(
        decide(&world, Act::KeepQuickbooks),
        Err(Error::NotInConflict)
    ));
    world.simulator().clear_traffic();
    world.next_run();
    assert!(world.simulator().traffic().is_empty());
    assert_books(&world, SECOND, "twice");
}

#[test]
fn every_decision_is_in_the_history_and_the_activity_with_its_user() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[0].1);
    decide(&world, Act::KeepQuickbooks).unwrap();
    world.next_run();
    let shown = view(&world);
    let attempt = shown["attempts"].as_array().unwrap().last().unwrap();
    assert_eq!(attempt["by"], "usr_17");
    assert!(
        attempt["detail"]
            .as_str()
            .unwrap()
            .starts_with("QuickBooks' version was kept.")
    );
    assert_eq!(shown["decision"]["act"], "keep_quickbooks");
    let desk = block_on(world.bridge.store.desk(&world.firm)).unwrap();
    let by: Vec<_> = desk.recent.iter().map(|line| line.by.is_some()).collect();
    assert_eq!(by, [false, false, true, true]);
}

#[test]
fn sync_now_and_retry_are_in_the_history_with_their_user() {
    let world = World::usual();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(body("04")), Outcome::Held);
    world.press_sync_now();
    let shown = view(&world);
    assert_eq!(
        (&shown["state"], &shown["attempts"][0]["by"]),
        (&json!("posted"), &json!("usr_17"))
    );
}

/// A worker that dies at any point, and a write whose answer or effect is lost at any point.
#[test]
fn a_decision_is_carried_out_exactly_once_whoever_dies_over_it() {
    for (name, meddle, stands) in MEDDLINGS {
        for (act, expected) in [(Act::KeepRivet, SECOND), (Act::KeepQuickbooks, stands)] {
            for polls in 1..8 {
                let world = World::usual();
                in_conflict(&world, meddle);
                decide(&world, act).unwrap();
                if polls > 4 {
                    let commit = if polls % 2 == 0 {
                        Commit::After
                    } else {
                        Commit::Before
                    };
                    let lost = Injection::new(Effect::Dropped(commit)).kind(RequestKind::Write);
                    world.simulator().inject(lost.after(u32::from(polls == 7)));
                }
                world.advance(SignedDuration::from_mins(2));
                polled(
                    polls,
                    sync_due(&world.bridge, &mut world.entropy(), || world.now()),
                );
                (0..3).for_each(|_| world.next_run());
                assert!(
                    matches!(view(&world)["state"].as_str(), Some("posted" | "voided")),
                    "{name} {act:?} {polls}"
                );
                assert_books(&world, expected, &format!("{name} {act:?} {polls}"));
            }
        }
    }
}

#[test]
fn a_decision_whose_answer_was_lost_may_be_sent_again() {
    for polls in 1..8 {
        let world = World::usual();
        in_conflict(&world, MEDDLINGS[2].1);
        let (document, decision) = (document(PAY_APP), world.decision(Act::KeepRivet));
        polled(
            polls,
            settle(&world.bridge.store, &world.firm, (&document, &decision)),
        );
        decide(&world, Act::KeepRivet).unwrap();
        world.next_run();
        assert_books(&world, SECOND, &format!("{polls}"));
    }
}

#[test]
fn a_decision_that_comes_while_a_worker_is_there_is_not_lost() {
    let world = World::usual();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(body("04")), Outcome::Held);
    let (store, document) = (&world.bridge.store, document(PAY_APP));
    block_on(store.sit_down(&world.firm, "worker", world.now())).unwrap();
    decide(&world, Act::Ignore).unwrap();
    let finished = Finished {
        document: document.clone(),
        revision: 1,
        void: None,
        decision: None,
        mark: Some(Mark::Held(Hold::Manual)),
        activity: Activity {
            at: world.now(),
            document,
            state: "held".into(),
            detail: String::new(),
            by: None,
            tell: None,
        },
        posted: false,
        objects: Vec::new(),
    };
    block_on(store.leave(&world.firm, &[finished], ("worker", None, world.now()))).unwrap();
    world.next_run();
    assert_eq!(view(&world)["reason"]["code"], "ignored_by_user");
}

#[test]
fn what_is_made_again_gets_another_number_only_if_quickbooks_demands_it() {
    for (warns, number) in [(false, "1057-1"), (true, "1057-1a")] {
        let given = Given::company(|company| company.warn_duplicate_numbers(warns));
        let world = World::ready(given, |_| {});
        in_conflict(&world, MEDDLINGS[2].1);
        decide(&world, Act::KeepRivet).unwrap();
        world.next_run();
        assert_eq!(world.last("Invoice")["DocNumber"], number);
        assert_books(&world, SECOND, number);
    }
}

#[test]
fn what_was_made_again_and_voided_again_is_made_a_third_time() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[2].1);
    for revision in 2..5 {
        decide(&world, Act::KeepRivet).unwrap();
        world.next_run();
        assert_books(&world, SECOND, "made again");
        world.void_last("Invoice");
        assert_eq!(revised(&world, revision + 1), Outcome::Held);
    }
}

#[test]
fn closed_books_hold_a_decision_until_they_are_open_again() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[1].1);
    let close = |day: Option<&str>| {
        let day = day.map(|day| day.parse().unwrap());
        world.person(|person| person.close_books(day));
    };
    close(Some("2026-03-31"));
    decide(&world, Act::KeepRivet).unwrap();
    world.next_run();
    let held = view(&world);
    assert_eq!(
        (&held["state"], &held["reason"]["code"]),
        (&json!("held"), &json!("books_closed"))
    );
    assert_books(&world, MEDDLINGS[1].2, "closed");
    close(None);
    world.press_sync_now();
    assert_books(&world, SECOND, "open");
}

#[test]
fn a_decision_waits_for_a_connection() {
    let world = World::usual();
    in_conflict(&world, MEDDLINGS[1].1);
    world.disconnect();
    decide(&world, Act::KeepRivet).unwrap();
    world.next_run();
    assert_eq!(view(&world)["reason"]["code"], "not_connected");
    world.connect();
    world.next_run();
    assert_books(&world, SECOND, "connected again");
}

#[test]
fn a_void_of_an_edited_pay_app_is_carried_out_once_somebody_says_so() {
    for (name, meddle, stands) in MEDDLINGS {
        for (act, expected) in [(Act::KeepRivet, NOTHING), (Act::KeepQuickbooks, stands)] {
            let world = World::usual();
            world.deliver(body("04"));
            meddle(&world);
            voided(&world, 1);
            assert_eq!(view(&world)["state"], "conflict", "{name}");
            decide(&world, act).unwrap();
            world.next_run();
            assert_books(&world, expected, name);
            assert_eq!(voided(&world, 1), Outcome::Duplicate);
        }
    }
}

#[test]
fn a_payment_that_was_edited_is_voided_once_somebody_says_so() {
    for (act, owed) in [(Act::KeepRivet, "43650.00"), (Act::KeepQuickbooks, "0.00")] {
        let world = World::usual();
        for name in ["03", "05"] {
            world.deliver(body(name));
        }
        let id: Value = serde_json::from_str(body("05")).unwrap();
        let id = id["data"]["payment"]["id"].as_str().unwrap();
        world.edit_last("Payment", |payment| {
            payment["PrivateNote"] = json!("bounced?")
        });
        let void = json!({ "type": "payment.voided", "timestamp": "2026-05-02T10:00:00Z", "data": {
            "firm_id": "firm_harbor", "plan": "pro", "payment_id": id, "voided_on": "2026-05-02" } });
        assert_eq!(world.deliver(&void.to_string()), Outcome::Held);
        world.settle(id, &world.decision(act)).unwrap();
        world.next_run();
        let receivable = world.accounts().receivable;
        assert_eq!(format!("{:.2}", world.balance(&receivable)), owed);
    }
}

#[test]
fn an_edited_form_with_a_retainage_line_is_kept_with_what_that_line_says() {
    let world = World::ready(Given::default(), |settings| {
        settings.retainage_method = RetainageMethod::InvoiceLine;
    });
    in_conflict(&world, |world| {
        world.edit_last("Invoice", |form| {
            let lines = form["Line"].as_array_mut().unwrap();
            lines.retain(|line| line["DetailType"] != "SubTotalLineDetail");
            lines.last_mut().unwrap()["Amount"] = serde_json::from_str("-500.00").unwrap();
        });
    });
    decide(&world, Act::KeepQuickbooks).unwrap();
    world.next_run();
    assert_books(&world, ["8033.32", "500.00", "8533.32", "500.00"], "kept");
    assert_eq!(revised(&world, 3), Outcome::Posted);
    assert_books(&world, SECOND, "revised");
}

/// A bookkeeper posts the pay app by hand while it waits: gives the ids of the invoice and the entry.
fn by_hand(world: &World, customer: &str, net: &str, retainage: &str) -> Vec<(TxnType, String)> {
    let (accounts, realm) = (world.accounts(), world.realm.clone());
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let mut simulator = world.simulator();
    let known = simulator.find(&realm, "Customer", customer);
    let mut person = simulator.person(&realm).unwrap();
    let customer = known.unwrap_or_else(|| {
        person
            .create("Customer", json!({ "DisplayName": customer }))
            .unwrap()
    });
    let item = json!({ "Name": format!("Work {net}"), "Type": "Service", "IncomeAccountRef": { "value": accounts.revenue } });
    let item = person.create("Item", item).unwrap();
    let invoice = json!({ "CustomerRef": { "value": customer }, "TxnDate": "2026-03-31", "Line": [
        { "Amount": number(net), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": { "ItemRef": { "value": item } } }] });
    let line = |account: &str, side: &str| {
        json!({ "Amount": number(retainage), "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": {
            "PostingType": side, "AccountRef": { "value": account },
            "Entity": { "Type": "Customer", "EntityRef": { "value": customer } } } })
    };
    let entry = json!({ "TxnDate": "2026-03-31", "Line": [line(&accounts.retainage, "Debit"), line(&accounts.revenue, "Credit")] });
    vec![
        (TxnType::Invoice, person.create("Invoice", invoice).unwrap()),
        (
            TxnType::JournalEntry,
            person.create("JournalEntry", entry).unwrap(),
        ),
    ]
}

const ASHGROVE: &str = "Ashgrove Builders, Inc.";

fn waiting_for_a_person() -> World {
    let world = World::usual();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver(body("04")), Outcome::Held);
    world
}

fn mark(world: &World, objects: Vec<(TxnType, String)>) -> Value {
    let decision = Decision {
        objects,
        ..world.decision(Act::Posted)
    };
    world.settle(PAY_APP, &decision).unwrap();
    world.next_run();
    view(world)
}

#[test]
fn what_was_posted_by_hand_is_verified_and_then_stands_as_if_rivet_had_posted_it() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, ASHGROVE, "8106.65", "426.67");
    world.simulator().clear_traffic();
    let marked = mark(&world, objects);
    assert_eq!(marked["state"], "posted", "{marked}");
    assert_books(&world, FIRST, "marked");
    assert_eq!(marked["quickbooks"].as_array().unwrap().len(), 2);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(body("06")), Outcome::Posted);
    assert_books(&world, SECOND, "revised");
    voided(&world, 2);
    assert_books(&world, NOTHING, "voided");
}

#[test]
fn what_was_posted_by_hand_otherwise_is_refused_naming_the_difference() {
    let cases: [(&str, &str, &str, usize, &str); 4] = [
        (
            ASHGROVE,
            "8106.66",
            "426.67",
            2,
            "comes to 8106.66, and the document to 8106.65",
        ),
        (
            ASHGROVE,
            "8106.65",
            "426.66",
            2,
            "comes to 426.66, and the document to 426.67",
        ),
        (ASHGROVE, "8106.65", "426.67", 1, "Journal Entry is missing"),
        (
            "Turner Bay Constructors",
            "8106.65",
            "426.67",
            2,
            "is of another customer (Turner Bay Constructors)",
        ),
    ];
    for (customer, net, retainage, named, difference) in cases {
        let world = waiting_for_a_person();
        by_hand(&world, ASHGROVE, "1.00", "1.00");
        let objects = by_hand(&world, customer, net, retainage);
        let told = mark(&world, objects[..named].to_vec());
        assert_eq!(
            (&told["state"], &told["reason"]["code"]),
            (&json!("failed"), &json!("not_as_marked"))
        );
        let message = told["reason"]["message"].as_str().unwrap();
        assert!(message.contains(difference), "{message}");
    }
}

#[test]
fn what_is_not_there_or_of_another_document_is_not_posted_by_hand() {
    let world = waiting_for_a_person();
    by_hand(&world, ASHGROVE, "1.00", "1.00");
    let none = [(TxnType::Invoice, "999"), (TxnType::JournalEntry, "998")];
    let told = mark(&world, none.map(|(kind, id)| (kind, id.to_owned())).into());
    assert!(
        told["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("is not in QuickBooks")
    );
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    assert_eq!(world.deliver(body("03")), Outcome::Posted);
    let [invoice, entry] = ["Invoice", "JournalEntry"].map(|kind| world.last_id(kind));
    let told = mark(
        &world,
        vec![(TxnType::Invoice, invoice), (TxnType::JournalEntry, entry)],
    );
    let message = told["reason"]["message"].as_str().unwrap();
    assert!(message.contains("for another document"), "{message}");
}

#[test]
fn a_customer_that_quickbooks_does_not_have_is_not_made_for_what_was_posted_by_hand() {
    let world = waiting_for_a_person();
    let objects = by_hand(&world, "Ashgrove", "8106.65", "426.67");
    assert_eq!(
        mark(&world, objects)["reason"]["code"],
        "customer_unmatched"
    );
    let customer = world
        .simulator()
        .find(&world.realm, "Customer", "Ashgrove")
        .unwrap();
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_ashgrove".to_owned(), customer)].into();
    });
    world.next_run();
    assert_eq!(view(&world)["state"], "posted");
    assert_books(&world, FIRST, "matched");
}

#[test]
fn a_version_made_by_hand_replaces_ours_only_once_ours_is_gone() {
    let world = World::usual();
    world.deliver(body("04"));
    world.void_last("Invoice");
    assert_eq!(revised(&world, 2), Outcome::Held);
    let objects = by_hand(&world, ASHGROVE, "7789.99", "410.00");
    let told = mark(&world, objects.clone());
    assert_eq!(told["state"], "conflict");
    assert!(
        told["reason"]["message"]
            .as_str()
            .unwrap()
            .contains("of RIVET's stands there too")
    );
    let ours = told["quickbooks"][1]["id"].as_str().unwrap().to_owned();
    world
        .person(|person| person.delete("JournalEntry", &ours))
        .unwrap();
    assert_eq!(mark(&world, objects)["state"], "posted");
    assert_books(&world, SECOND, "by hand");
}
