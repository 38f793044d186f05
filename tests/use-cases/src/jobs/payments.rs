//! Payments of a customer for its jobs.

use super::{JOB, bill_other_project, id_of, world, world_of};
use crate::support::usual_bill::{BILL, USUAL, customer};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::SyncMode;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};

const CHECK: &str = "pay_check";

/// Delivers one check of the customer for both projects, with 100.00 more than they owe.
fn pay_both(world: &World) -> Outcome {
    pay_check(world, "87400.00")
}

fn pay_check(world: &World, amount: &str) -> Outcome {
    let part = |id: &str| json!({ "kind": "pay_app", "id": id, "amount": "43650.00" });
    let payment = json!({
        "id": CHECK, "received_on": "2026-04-28", "amount": amount, "reference": "4711",
        "customer": customer(), "applied": [part(BILL), part("pa_other")],
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }))
}

/// Returns a world with a bill for each of two jobs, whose QuickBooks takes no payment of the customer for its jobs.
fn strict() -> World {
    let world = world();
    world
        .simulator()
        .switches_mut()
        .should_refuse_payment_for_job = true;
    world.bill();
    bill_other_project(&world);
    world
}

/// Returns such a world in which RIVET knows by now that each job needs a payment of its own.
fn learned() -> World {
    let world = strict();
    world.bill_next(2, USUAL);
    world.pay("pa_2", "43650.00");
    world.run_next_sync();
    assert_eq!(world.view("pay_pa_2")["state"], "posted");
    world
}

fn payments(world: &World) -> Vec<Value> {
    let simulator = world.simulator();
    simulator
        .entities(&world.realm, "Payment")
        .cloned()
        .collect()
}

fn owed(world: &World) -> String {
    super::customer(world, "Harbor Builders")["BalanceWithJobs"].to_string()
}

#[test]
fn payment_for_a_job_names_the_customer() {
    let world = world();
    world.bill();
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Posted);
    let payer = world.last("Payment")["CustomerRef"]["value"].clone();
    assert_eq!(payer, id_of(&world, "Harbor Builders"));
    assert_eq!(owed(&world), "0.00");
}

#[test]
fn refused_payment_becomes_one_for_each_job() {
    let world = strict();
    pay_both(&world);
    world.run_next_sync();
    assert_eq!(
        world.view(CHECK)["state"],
        "posted",
        "{}",
        world.view(CHECK)
    );
    let all = payments(&world);
    let payers: Vec<&Value> = all.iter().map(|one| &one["CustomerRef"]["value"]).collect();
    let names = [JOB, "77 Pier", "Harbor Builders"].map(|name| id_of(&world, name));
    assert_eq!(payers, names.each_ref().map(|id| id.as_str()));
    let amounts: Vec<String> = all.iter().map(|one| one["TotalAmt"].to_string()).collect();
    assert_eq!(amounts, ["43650.00", "43650.00", "100.00"]);
    assert!(all.iter().all(|one| one["PaymentRefNum"] == "4711"));
    assert_eq!(owed(&world), "-100.00");
}

#[test]
fn next_payment_is_divided_from_the_start() {
    let world = strict();
    world.pay(BILL, "43650.00");
    world.run_next_sync();
    world.simulator().clear_traffic();
    world.pay("pa_other", "43650.00");
    assert_eq!(world.view("pay_pa_other")["state"], "posted");
    assert_eq!(owed(&world), "0.00");
    let simulator = world.simulator();
    let writes = simulator.traffic().iter();
    assert_eq!(writes.filter(|seen| seen.class.can_write()).count(), 1);
}

#[test]
fn lost_answer_to_divided_payment_posts_once() {
    let world = learned();
    let lost = Effect::Dropped(Commit::After);
    let part = Injection::new(lost).body_containing("revision 1 job 2");
    world.simulator().inject(part);
    pay_both(&world);
    assert_eq!(world.view(CHECK)["state"], "uncertain");
    world.run_next_sync();
    world.run_next_sync();
    assert_eq!(
        world.view(CHECK)["state"],
        "posted",
        "{}",
        world.view(CHECK)
    );
    assert_eq!(owed(&world), "-100.00");
}

#[test]
fn payment_refused_after_outage_is_divided() {
    let world = strict();
    let unwell = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Write);
    world.simulator().inject(unwell);
    pay_both(&world);
    assert_eq!(world.view(CHECK)["state"], "uncertain");
    for _ in 0..4 {
        world.run_next_sync();
    }
    let view = world.view(CHECK);
    assert_eq!(view["state"], "posted", "{view}");
    assert_eq!(owed(&world), "-100.00");
}

#[test]
fn batched_payments_refused_after_outage_are_divided() {
    let world = strict();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    for document in [BILL, "pa_other"] {
        assert_eq!(world.pay(document, "43650.00"), Outcome::Held);
    }
    let unwell = Injection::new(Effect::Dropped(Commit::Before)).kind(RequestKind::Write);
    world.simulator().inject(unwell);
    world.save_settings(|settings| settings.sync.mode = SyncMode::Automatic);
    world.run_next_sync();
    let states = || ["pay_pa_1", "pay_pa_other"].map(|id| world.view(id)["state"].clone());
    assert_eq!(states(), ["uncertain", "uncertain"]);
    for _ in 0..4 {
        world.run_next_sync();
    }
    assert_eq!(states(), ["posted", "posted"]);
    assert_eq!(owed(&world), "0.00");
}

#[test]
fn void_takes_all_parts_back() {
    let world = strict();
    pay_both(&world);
    world.run_next_sync();
    void(&world);
    assert_eq!(world.view(CHECK)["state"], "voided");
    assert_eq!(owed(&world), "87300.00");
}

fn void(world: &World) -> Outcome {
    let void = json!({ "payment_id": CHECK, "voided_on": "2026-05-02" });
    world.deliver_data("payment.voided", void)
}

#[test]
fn void_finds_all_parts_of_forgotten_payment() {
    let world = strict();
    let snapshot = world.snapshot();
    pay_both(&world);
    world.run_next_sync();
    world.set_back(&snapshot);
    void(&world);
    pay_both(&world);
    world.run_next_sync();
    world.run_next_sync();
    let view = world.view(CHECK);
    assert_eq!(view["state"], "voided", "{view}");
    assert_eq!(owed(&world), "87300.00");
}

/// Delivers the check for both projects of such a world, closes the books of its day, and delivers its return.
fn returned(world: &World) {
    pay_both(world);
    world.run_next_sync();
    world.close_books("2026-04-30");
    let void = json!({ "payment_id": CHECK, "voided_on": "2026-05-12" });
    world.deliver_data("payment.voided", void);
    world.run_next_sync();
}

#[test]
fn returned_divided_check_has_an_entry_for_each_part() {
    let world = strict();
    returned(&world);
    let view = world.view(CHECK);
    assert_eq!(view["state"], "voided", "{view}");
    assert_eq!(owed(&world), "87300.00");
    let names = [JOB, "77 Pier", "Harbor Builders"];
    let owed = names.map(|name| super::customer(&world, name)["Balance"].to_string());
    assert_eq!(owed, ["43650.00", "43650.00", "0.00"]);
}

#[test]
fn returned_divided_check_is_paid_again() {
    let world = strict();
    returned(&world);
    for (id, document) in [("pay_again", BILL), ("pay_rest", "pa_other")] {
        let applied = json!([{ "kind": "pay_app", "id": document, "amount": "43650.00" }]);
        let payment = json!({ "id": id, "received_on": "2026-05-20", "amount": "43650.00",
            "reference": id, "customer": customer(), "applied": applied });
        world.deliver_data("payment.recorded", json!({ "payment": payment }));
        world.run_next_sync();
        let view = world.view(id);
        assert_eq!(view["state"], "posted", "{view}");
    }
    assert_eq!(owed(&world), "0.00");
    for name in [JOB, "77 Pier"] {
        assert_eq!(
            super::customer(&world, name)["Balance"].to_string(),
            "0.00",
            "{name}"
        );
    }
}

#[test]
fn returned_divided_check_is_paid_again_by_one_check() {
    let world = strict();
    returned(&world);
    let part = |id: &str| json!({ "kind": "pay_app", "id": id, "amount": "43650.00" });
    let payment = json!({ "id": "pay_again", "received_on": "2026-05-20", "amount": "87300.00",
        "reference": "4712", "customer": customer(), "applied": [part(BILL), part("pa_other")] });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
    world.run_next_sync();
    let view = world.view("pay_again");
    assert_eq!(view["state"], "posted", "{view}");
    assert_eq!(owed(&world), "0.00");
    let mut rests: Vec<String> = payments(&world)
        .iter()
        .map(|one| one["UnappliedAmt"].to_string())
        .collect();
    rests.retain(|rest| rest != "0.00");
    assert_eq!(rests, ["100.00"], "the rest of the first check");
    world.close_books("2026-05-31");
    let void = json!({ "payment_id": "pay_again", "voided_on": "2026-06-03" });
    world.deliver_data("payment.voided", void);
    world.run_next_sync();
    assert_eq!(world.view("pay_again")["state"], "voided");
    assert_eq!(owed(&world), "87300.00");
}

#[test]
fn check_typed_for_a_job_is_found() {
    let world = world();
    world.bill();
    let job = id_of(&world, JOB);
    let check =
        json!({ "CustomerRef": { "value": job }, "TotalAmt": 43650, "TxnDate": "2026-04-27" });
    world.enter("Payment", check);
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    let reason = world.view("pay_pa_1")["reason"].clone();
    assert_eq!(reason["code"], "already_in_quickbooks");
}

#[test]
fn whole_check_typed_before_divided_one_is_found() {
    let world = learned();
    world.type_check("Harbor Builders", "87400.00", "2026-04-27");
    world.deliver_events_and_scan();
    pay_both(&world);
    let reason = world.view(CHECK)["reason"].clone();
    assert_eq!(reason["code"], "already_in_quickbooks", "{reason}");
}

#[test]
fn second_payment_for_jobs_costs_no_read() {
    let world = world();
    world.bill();
    bill_other_project(&world);
    world.pay(BILL, "100.00");
    let part = |id: &str, document: &str, amount: &str| {
        let applied = json!([{ "kind": "pay_app", "id": document, "amount": amount }]);
        let payment = json!({ "id": id, "received_on": "2026-04-29", "amount": amount,
            "reference": id, "customer": customer(), "applied": applied });
        world.deliver_data("payment.recorded", json!({ "payment": payment }));
    };
    part("pay_2", "pa_other", "200.00");
    world.simulator().clear_traffic();
    part("pay_3", BILL, "300.00");
    part("pay_4", "pa_other", "400.00");
    assert_eq!(world.simulator().traffic().len(), 2);
}

#[test]
fn remainder_on_another_job_is_told() {
    let options = WorldOptions::with_company(simulator::Company::auto_apply_payments);
    let world = world_of(options);
    world.bill();
    bill_other_project(&world);
    world.advance(SignedDuration::from_mins(1));
    let applied = json!([{ "kind": "pay_app", "id": BILL, "amount": "43650.00" }]);
    let payment = json!({ "id": CHECK, "received_on": "2026-04-28", "amount": "50000.00",
        "reference": "4711", "customer": customer(), "applied": applied });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
    world.deliver_events_and_scan();
    let view = world.view(CHECK);
    let other = world.view("pa_other");
    assert_eq!(view["state"], "posted", "{view}");
    let told = other["attempts"].to_string();
    assert!(told.contains("6350.00"), "{other}");
    assert_eq!(other["payment"]["balance"], "37300.00", "{other}");
}
