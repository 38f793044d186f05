//! Projects that the firm maps to a customer, job or project of QuickBooks.

use super::{JOB, full_names, id_of};
use crate::support::usual_bill::{BILL, USUAL};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::error::Error;
use bridge::replace_settings::{self, Replacement};
use futures::executor::block_on;
use mapping::JobMode;
use serde_json::json;

/// Returns a configured world with a project of the usual customer, opened in QuickBooks, and the project's id.
fn with_project() -> (World, String) {
    let world = World::configured();
    let parent = world.customer_named("Harbor Builders");
    let project = world.person(|person| person.open_project(&parent, "Tower"));
    (world, project.unwrap())
}

/// Chooses an entry of QuickBooks for the usual project.
fn choose(world: &World, entry: &str) -> Result<(), Error> {
    let before = block_on(world.services.store.settings(&world.firm)).unwrap();
    let mut settings = before.settings;
    let chosen = ("prj_1042".to_owned(), entry.to_owned());
    settings.customers.projects = [chosen].into();
    let replacement = Replacement {
        version: before.version,
        settings,
    };
    let saving =
        replace_settings::replace(&world.services, &world.firm, replacement, world.claimant());
    block_on(saving).map(|_| ())
}

fn wrong_field(saved: Result<(), Error>) -> String {
    match saved {
        Err(Error::Field { field, problem }) => format!("{field}: {problem}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn chosen_project_wins_over_new_job() {
    let (world, project) = with_project();
    world.save_settings(|settings| settings.customers.jobs = JobMode::AutoCreate);
    choose(&world, &project).unwrap();
    assert_eq!(world.bill(), Outcome::Posted);
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], project);
    assert_eq!(full_names(&world).len(), 2);
    let accounts = world.accounts();
    let of_project = |account: &str| {
        let simulator = world.simulator();
        let ledger = simulator.ledger(&world.realm);
        ledger.customer_balance(account, &project).to_string()
    };
    let [receivable, retainage] = [accounts.receivable, accounts.retainage];
    let found = [receivable, retainage].map(|account| of_project(&account));
    assert_eq!(found, ["43650.00", "4850.00"]);
    world.simulator().clear_traffic();
    world.bill_next(2, USUAL);
    assert_eq!(world.simulator().traffic().len(), 1);
}

#[test]
fn unknown_entry_is_refused_on_save() {
    let (world, _) = with_project();
    assert_eq!(
        wrong_field(choose(&world, "999")),
        "customers.projects.prj_1042: no active customer, job or project has this id"
    );
}

#[test]
fn entry_of_other_customer_is_refused_on_save() {
    let (world, project) = with_project();
    world.bill();
    let other = world.customer_named("Ashgrove");
    assert!(wrong_field(choose(&world, &other)).ends_with("nor a job or project of it"));
    choose(&world, &project).unwrap();
    let customer = id_of(&world, "Harbor Builders");
    choose(&world, &customer).unwrap();
}

#[test]
fn entry_of_other_customer_holds_first_document() {
    let world = World::configured();
    let other = world.customer_named("Ashgrove");
    choose(&world, &other).unwrap();
    assert_eq!(world.bill(), Outcome::Held);
    let reason = world.view(BILL)["reason"].clone();
    assert_eq!(reason["code"], "job_of_other_customer", "{reason}");
    assert_eq!(world.count("Invoice"), 0);
    let customer = id_of(&world, "Harbor Builders");
    choose(&world, &customer).unwrap();
    world.press_sync_now();
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], customer);
}

#[test]
fn offered_customers_include_jobs_by_full_name() {
    let (world, _) = with_project();
    let job = json!({"DisplayName": JOB, "Job": true,
        "ParentRef": {"value": id_of(&world, "Harbor Builders")}});
    world.enter("Customer", job);
    let offered = world.offered_customers("harbor b").unwrap();
    let job = format!("Harbor Builders:{JOB}");
    assert_eq!(offered, ["Harbor Builders", &job, "Harbor Builders:Tower"]);
    assert_eq!(world.offered_customers("Builders:1042").unwrap(), [job]);
}
