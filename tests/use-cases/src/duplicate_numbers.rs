//! Document numbers in companies that refuse a number that is taken.

use crate::support::events::{event_body, void_event};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use serde_json::{Value, json};
use simulator::{Commit, Company, Effect, Injection, RequestKind};

/// Returns a firm whose company refuses duplicate numbers (fault 6140). The customer and items of the first pay app exist.
fn world() -> World {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = World::configured_with(options, |_| {});
    world.deliver(event_body("01"));
    world.deliver(event_body("04"));
    world
}

/// Enters a sales form of another customer and amount as a bookkeeper would, and returns its id.
fn enter_form(world: &World, kind: &str, number: &str, note: &str) -> String {
    let customer = world.customer_named("Somebody else");
    let simulator = world.simulator();
    let item = simulator.entities(&world.realm, "Item").next().unwrap()["Id"].clone();
    drop(simulator);
    let line = json!({"DetailType": "SalesItemLineDetail", "Amount": 100.00,
        "SalesItemLineDetail": {"ItemRef": {"value": item}}});
    let form = json!({"CustomerRef": {"value": customer}, "DocNumber": number,
        "PrivateNote": note, "Line": [line]});
    world.enter(kind, form)
}

/// Enters a journal entry as a bookkeeper would, and returns its id.
fn enter_journal_entry(world: &World, number: &str) -> String {
    let accounts = world.accounts();
    let line = |account: &str, side: &str| {
        json!({"DetailType": "JournalEntryLineDetail", "Amount": 5.00,
            "JournalEntryLineDetail": {"PostingType": side, "AccountRef": {"value": account}}})
    };
    let lines = [
        line(&accounts.revenue, "Debit"),
        line(&accounts.retainage, "Credit"),
    ];
    let entry = json!({"DocNumber": number, "Line": lines});
    world.enter("JournalEntry", entry)
}

/// Returns the numbers of a kind with this prefix, in the order of creation.
fn numbers(world: &World, kind: &str, prefix: &str) -> Vec<String> {
    let simulator = world.simulator();
    let entities = simulator.entities(&world.realm, kind);
    let numbers =
        entities.map(|entity| entity["DocNumber"].as_str().unwrap_or_default().to_owned());
    numbers
        .filter(|number| number.starts_with(prefix))
        .collect()
}

fn view(world: &World) -> Value {
    world.view("pa_1042_1")
}

/// Returns the number of reads and of writes since the traffic was cleared.
fn reads_and_writes(world: &World) -> (usize, usize) {
    let simulator = world.simulator();
    let writes = simulator
        .traffic()
        .iter()
        .filter(|seen| seen.class.can_write());
    let writes = writes.count();
    (simulator.traffic().len() - writes, writes)
}

#[test]
fn taken_number_gets_letter_shown_on_document() {
    let world = world();
    enter_form(&world, "Invoice", "1042-1", "");
    world.simulator().clear_traffic();
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    assert_eq!(reads_and_writes(&world), (1, 2));
    assert_eq!(numbers(&world, "Invoice", "1042-"), ["1042-1", "1042-1a"]);
    let view = view(&world);
    assert_eq!(view["quickbooks"][0]["number"], "1042-1a");
    assert_eq!(view["quickbooks"][1]["number"], "1042-1R");
}

#[test]
fn first_free_letter_is_used_after_retry() {
    let world = world();
    enter_form(&world, "Invoice", "1042-1", "");
    enter_form(&world, "Invoice", "1042-1a", "");
    enter_form(&world, "CreditMemo", "1042-1b", "");
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    assert_eq!(view(&world)["quickbooks"][0]["number"], "1042-1c");
}

#[test]
fn unresolved_duplicate_number_fails_with_link() {
    let world = world();
    enter_form(&world, "CreditMemo", "1042-1", "");
    enter_form(&world, "CreditMemo", "1042-1a", "");
    let last = enter_form(&world, "CreditMemo", "1042-1b", "");
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    assert!(numbers(&world, "Invoice", "1042-").is_empty());
    let reason = view(&world)["reason"].clone();
    assert_eq!(reason["code"], "duplicate_number");
    let link = format!("https://app.qbo.intuit.com/app/creditmemo?txnId={last}");
    assert_eq!(reason["link"], link);
}

#[test]
fn own_number_is_adopted_without_reposting() {
    let world = world();
    let id = enter_form(
        &world,
        "Invoice",
        "1042-1",
        "RIVET pay_app pa_1042_1 revision 1",
    );
    world.deliver(event_body("03"));
    assert_eq!(numbers(&world, "Invoice", "1042-"), ["1042-1"]);
    assert_eq!(view(&world)["quickbooks"][0]["id"], id);
}

#[test]
fn transaction_named_by_fault_is_adopted() {
    let world = world();
    let id = enter_form(
        &world,
        "Invoice",
        "renumbered",
        "RIVET pay_app pa_1042_1 revision 1",
    );
    let taken = Effect::Item {
        index: 0,
        code: "6140".into(),
        message: "Duplicate Document Number Error".into(),
        detail: format!("DocNumber=1042-1 is assigned to TxnType=Invoice with TxnId={id}"),
    };
    world
        .simulator()
        .inject(Injection::new(taken).body_containing("JournalEntry"));
    world.deliver(event_body("03"));
    assert_eq!(view(&world)["quickbooks"][0]["id"], id);
}

#[test]
fn new_number_is_saved_before_sending() {
    let world = world();
    enter_form(&world, "Invoice", "1042-1", "");
    let lost = Injection::new(Effect::Dropped(Commit::After)).path_containing("/invoice");
    world.simulator().inject(lost.kind(RequestKind::Write));
    assert_eq!(world.deliver(event_body("03")), Outcome::Queued);
    world.person(|person| person.forget_request_ids());
    world.run_next_sync();
    assert_eq!(numbers(&world, "Invoice", "1042-"), ["1042-1", "1042-1a"]);
    assert_eq!(view(&world)["state"], "posted");
}

#[test]
fn each_number_has_its_own_request_id() {
    let world = world();
    world
        .simulator()
        .switches_mut()
        .should_refuse_changed_replay = true;
    enter_form(&world, "Invoice", "1042-1", "");
    world.simulator().clear_traffic();
    world.deliver(event_body("03"));
    let simulator = world.simulator();
    let ids = simulator
        .traffic()
        .iter()
        .filter_map(|seen| seen.request_id.clone());
    let ids: std::collections::BTreeSet<_> = ids.collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn reversal_keeps_letter_of_its_entry() {
    let world = world();
    enter_journal_entry(&world, "1042-1R");
    world.deliver(event_body("03"));
    assert_eq!(
        numbers(&world, "JournalEntry", "1042-1R"),
        ["1042-1R", "1042-1Ra"]
    );
    let void = void_event("pa_1042_1");
    assert_eq!(world.deliver(&void), Outcome::Posted);
    let numbers = numbers(&world, "JournalEntry", "1042-1R");
    assert_eq!(numbers, ["1042-1R", "1042-1Ra", "1042-1RaV"]);
}

#[test]
fn credit_memo_with_taken_number_gets_letter() {
    let world = world();
    enter_form(&world, "Invoice", "1042-1", "");
    let negative = |data: &mut Value| {
        let app = &mut data["pay_app"];
        let mut line = app["lines"][0].clone();
        line["work_completed"] = json!("-100.00");
        line["materials_stored"] = json!("0.00");
        line["retainage"] = json!("-10.00");
        app["lines"] = json!([line]);
        app["totals"] = json!({"billed": "-100.00", "retainage": "-10.00", "net": "-90.00"});
    };
    assert_eq!(world.deliver_changed("03", negative), Outcome::Posted);
    assert_eq!(numbers(&world, "CreditMemo", "1042-"), ["1042-1a"]);
}

#[test]
fn retry_keeps_invoice_with_letter() {
    let world = world();
    enter_form(&world, "Invoice", "1042-1", "");
    world.refuse_item(1);
    assert_eq!(world.deliver(event_body("03")), Outcome::Held);
    world.simulator().clear_traffic();
    assert_eq!(world.press_sync_now().posted, 1);
    assert_eq!(reads_and_writes(&world).1, 1);
    assert_eq!(view(&world)["quickbooks"][0]["number"], "1042-1a");
}

#[test]
fn automatic_numbering_skips_number_lookup() {
    let automatic = |company: Company| company.warn_duplicate_numbers(true).custom_numbers(false);
    let world = World::configured_with(WorldOptions::with_company(automatic), |_| {});
    world.deliver(event_body("01"));
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    assert_eq!(numbers(&world, "Invoice", ""), ["1001"]);
    assert_eq!(view(&world)["quickbooks"][0]["number"], "1001");
}

/// The company assigns numbers, and keeps one that is sent.
#[test]
fn taken_number_gets_a_letter_without_custom_numbers() {
    let automatic = |company: Company| company.warn_duplicate_numbers(true).custom_numbers(false);
    let world = World::configured_with(WorldOptions::with_company(automatic), |_| {});
    world.simulator().switches_mut().should_replace_numbers = false;
    world.deliver(event_body("01"));
    world.deliver(event_body("04"));
    enter_form(&world, "Invoice", "1042-1", "");
    assert_eq!(world.deliver(event_body("03")), Outcome::Posted);
    assert_eq!(numbers(&world, "Invoice", "1042-"), ["1042-1", "1042-1a"]);
    assert_eq!(view(&world)["quickbooks"][0]["number"], "1042-1a");
}
