//! Jobs: documents of a project name a sub-customer of the project's customer.

mod payments;
mod settings;

use crate::support::bookkeeper::{TYPED_BILL, Typed};
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use mapping::JobMode;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind, Subscription};

/// The name of the usual project's job.
const JOB: &str = "1042 Harbor Point Tower";

/// Returns a configured world in which RIVET makes jobs.
fn world() -> World {
    world_of(WorldOptions::default())
}

fn world_of(options: WorldOptions) -> World {
    let world = World::configured_with(options, |settings| {
        settings.customers.jobs = JobMode::AutoCreate;
    });
    let subscription = Subscription::new("https://books.example/", "verifier");
    world.simulator().subscribe(subscription);
    world
}

/// Returns the customer with this display name.
fn customer(world: &World, name: &str) -> Value {
    let simulator = world.simulator();
    let mut all = simulator.entities(&world.realm, "Customer");
    all.find(|customer| customer["DisplayName"] == name)
        .expect(name)
        .clone()
}

/// Returns the id of the customer with this display name.
fn id_of(world: &World, name: &str) -> String {
    customer(world, name)["Id"].as_str().unwrap().to_owned()
}

/// Returns the full names of all customers.
fn full_names(world: &World) -> Vec<String> {
    let simulator = world.simulator();
    let all = simulator.entities(&world.realm, "Customer");
    all.map(|customer| customer["FullyQualifiedName"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the customers that the lines of the newest journal entry name.
fn entry_customers(world: &World) -> Vec<Value> {
    let entry = world.last("JournalEntry");
    let lines = entry["Line"].as_array().unwrap();
    let names = lines
        .iter()
        .map(|line| line["JournalEntryLineDetail"]["Entity"]["EntityRef"]["value"].clone());
    names.collect()
}

/// Delivers pay app 1 of another project of the same customer.
fn bill_other_project(world: &World) -> Outcome {
    let mut bill = pay_app(1, USUAL);
    bill["id"] = json!("pa_other");
    bill["project"] = json!({ "id": "prj_77", "number": "77", "name": "Pier" });
    world.deliver_pay_app("pay_app.approved", &bill)
}

#[test]
fn project_gets_a_job_below_its_customer() {
    let world = world();
    assert_eq!(world.bill(), Outcome::Posted);
    let job = customer(&world, JOB);
    assert_eq!(job["FullyQualifiedName"], format!("Harbor Builders:{JOB}"));
    assert_eq!(
        (&job["Job"], &job["BillWithParent"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], job["Id"]);
    assert_eq!(
        entry_customers(&world),
        [job["Id"].clone(), job["Id"].clone()]
    );
    let parent = customer(&world, "Harbor Builders");
    assert_eq!(parent["BalanceWithJobs"].to_string(), "43650.00");
    assert_eq!(parent["Balance"].to_string(), "0.00");
}

#[test]
fn later_pay_app_of_job_costs_one_call() {
    let world = world();
    world.bill();
    world.simulator().clear_traffic();
    world.bill_next(2, USUAL);
    let calls = world.simulator().traffic().len();
    assert_eq!(calls, 1);
    assert_eq!(full_names(&world).len(), 2);
}

#[test]
fn first_document_of_project_costs_one_write_more() {
    let world = world();
    world.bill();
    world.simulator().clear_traffic();
    assert_eq!(bill_other_project(&world), Outcome::Posted);
    let simulator = world.simulator();
    let classes: Vec<_> = simulator.traffic().iter().map(|seen| seen.class).collect();
    let writes = classes.iter().filter(|class| class.can_write()).count();
    // A look for the job and for its numbers, the job, the posting.
    assert_eq!((classes.len(), writes), (3, 2), "{classes:?}");
}

#[test]
fn existing_job_is_matched_by_name() {
    let world = world();
    let parent = world.enter("Customer", json!({ "DisplayName": "Harbor Builders" }));
    let other = world.enter("Customer", json!({ "DisplayName": "Ashgrove" }));
    for (parent, name) in [(&parent, "1042 harbor point tower"), (&other, "1042 Tower")] {
        let job = json!({"DisplayName": name, "Job": true, "ParentRef": {"value": parent}});
        world.enter("Customer", job);
    }
    world.bill();
    let matched = id_of(&world, "1042 harbor point tower");
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], matched);
    assert_eq!(full_names(&world).len(), 4);
}

#[test]
fn job_name_of_another_customer_gets_a_suffix() {
    let world = world();
    let other = world.enter("Customer", json!({ "DisplayName": "Ashgrove" }));
    let job = json!({"DisplayName": JOB, "Job": true, "ParentRef": {"value": other}});
    world.enter("Customer", job);
    world.bill();
    world.run_next_sync();
    assert!(full_names(&world).contains(&format!("Harbor Builders:{JOB} (Job)")));
    assert_eq!(world.view(BILL)["state"], "posted");
}

#[test]
fn inactive_job_holds_the_document() {
    let world = world();
    world.bill();
    let job = id_of(&world, JOB);
    world.void_bill(BILL, "2026-04-02");
    world
        .person(|person| person.set_active("Customer", &job, false))
        .unwrap();
    world.bill_next(2, USUAL);
    let reason = world.view("pa_2")["reason"].clone();
    assert_eq!(reason["code"], "customer_inactive");
    let message = reason["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("\"Harbor Builders:{JOB}\"")),
        "{message}"
    );
}

#[test]
fn lost_answer_to_job_creation_makes_one_job() {
    let world = world();
    world.enter("Customer", json!({ "DisplayName": "Harbor Builders" }));
    let lost = Effect::Dropped(Commit::After);
    let creation = Injection::new(lost).kind(RequestKind::Write);
    world.simulator().inject(creation);
    world.bill();
    assert_eq!(world.view(BILL)["state"], "uncertain");
    world.run_next_sync();
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(full_names(&world).len(), 2);
}

#[test]
fn document_posted_without_job_keeps_its_customer() {
    let world = World::configured();
    world.bill();
    world.save_settings(|settings| settings.customers.jobs = JobMode::AutoCreate);
    let parent = id_of(&world, "Harbor Builders");
    let figures = Figures {
        billed: "48000.00",
        retainage: "4800.00",
    };
    assert_eq!(world.revise_bill(figures), Outcome::Posted);
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], parent);
    world.bill_next(2, USUAL);
    let job = id_of(&world, JOB);
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], job);
    // The oldest retainage was withheld from the customer itself.
    world.release(1, "4800.00");
    assert_eq!(entry_customers(&world), [json!(parent), json!(parent)]);
    world.release(2, "4850.00");
    assert_eq!(entry_customers(&world), [json!(job), json!(job)]);
}

#[test]
fn document_posted_for_job_keeps_the_job() {
    let world = world();
    world.bill();
    let job = id_of(&world, JOB);
    world.save_settings(|settings| settings.customers.jobs = JobMode::Off);
    let figures = Figures {
        billed: "48000.00",
        retainage: "4800.00",
    };
    world.revise_bill(figures);
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], job);
    world.release(1, "100.00");
    assert_eq!(entry_customers(&world), [json!(job), json!(job)]);
    world.bill_next(2, USUAL);
    let parent = id_of(&world, "Harbor Builders");
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], parent);
}

#[test]
fn void_of_job_document_nets_to_zero() {
    let world = world();
    world.bill();
    world.void_bill(BILL, "2026-04-02");
    assert_eq!(world.view(BILL)["state"], "voided");
    assert_eq!(
        customer(&world, "Harbor Builders")["BalanceWithJobs"].to_string(),
        "0.00"
    );
    assert!(world.balance(&world.accounts().retainage).is_zero());
}

#[test]
fn merged_job_is_followed() {
    let world = world();
    world.bill();
    let (job, parent) = (id_of(&world, JOB), id_of(&world, "Harbor Builders"));
    let other = json!({"DisplayName": "Tower", "Job": true, "ParentRef": {"value": parent}});
    let other = world.enter("Customer", other);
    world
        .person(|person| person.merge("Customer", &job, &other))
        .unwrap();
    world.deliver_events_and_scan();
    world.bill_next(2, USUAL);
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], other);
}

#[test]
fn move_below_same_customer_is_no_conflict() {
    let world = world();
    world.bill();
    let parent = id_of(&world, "Harbor Builders");
    world.advance(SignedDuration::from_mins(1));
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerRef"] = json!({ "value": parent });
    });
    world.deliver_events_and_scan();
    assert_eq!(world.view(BILL)["state"], "posted");
    let figures = Figures {
        billed: "48000.00",
        retainage: "4800.00",
    };
    world.revise_bill(figures);
    assert_eq!(world.view(BILL)["state"], "posted", "{}", world.view(BILL));
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], parent);
}

#[test]
fn bill_typed_for_the_customer_is_found() {
    let world = world();
    world.type_invoice(Typed {
        amount: "43000.00",
        ..TYPED_BILL
    });
    world.bill();
    assert_eq!(world.view(BILL)["reason"]["code"], "already_in_quickbooks");
}
