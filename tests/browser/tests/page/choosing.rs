//! Walks with choices that people make by hand: which customer of QuickBooks is meant, and which job a project is posted for.

use crate::stage::{COMPANY, Stage};
use serde_json::{Value, json};
use simulator::Company;

/// Connects a firm that makes no customers by itself.
async fn with_existing_customers() -> Option<Stage> {
    let existing = |settings: &mut Value| settings["customers"]["auto_create"] = false.into();
    Stage::connected(Company::new(COMPANY), existing).await
}

/// Enters a customer in QuickBooks and returns its id.
fn enter_customer(stage: &Stage, customer: Value) -> String {
    let mut simulator = stage.deployment.simulator();
    let mut person = simulator.person(&stage.realm).unwrap();
    person.create("Customer", customer).unwrap()
}

/// Returns the customers of all invoices, by their ids in QuickBooks.
fn billed_customers(stage: &Stage) -> Vec<String> {
    let simulator = stage.deployment.simulator();
    let invoices = simulator.entities(&stage.realm, "Invoice");
    let customers = invoices.map(|invoice| invoice["CustomerRef"]["value"].as_str().unwrap());
    customers.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn unmatched_customer_is_chosen_in_its_card() {
    let Some(stage) = with_existing_customers().await else {
        return;
    };
    let name = json!({ "DisplayName": "Turner Bay (the old name)" });
    let customer = enter_customer(&stage, name);
    stage.bill(3).await;
    stage.visit("").await;
    stage
        .shows("Pay app 1042-1 has no customer in QuickBooks")
        .await;
    stage.click("[id$=-fix]").await;
    stage.shows("Which customer in QuickBooks is it?").await;
    stage.shows("Turner Bay (the old name)").await;
    stage.click("[id$=-fix-save]").await;
    stage.shows("Turner Bay (the old name) is chosen.").await;
    stage.shows("Everything is posted.").await;
    assert_eq!(billed_customers(&stage), [customer]);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn project_is_mapped_to_existing_job() {
    let Some(stage) = with_existing_customers().await else {
        return;
    };
    let name = json!({ "DisplayName": "Turner Bay Constructors" });
    let parent = enter_customer(&stage, name);
    let job =
        json!({ "DisplayName": "Tower by hand", "Job": true, "ParentRef": { "value": parent } });
    let job = enter_customer(&stage, job);
    stage.bill(3).await;
    stage.view("settings").await;
    let page = stage.page();
    let key = "[id='customers.projects-key']";
    stage.click(key).await;
    page.type_into(key, "1042 Harbor Point Tower")
        .await
        .unwrap();
    stage.click("[id='customers.projects-find']").await;
    stage.shows("Turner Bay Constructors:Tower by hand").await;
    page.choose(
        "[id='customers.projects-target']",
        "Turner Bay Constructors:Tower by hand",
    )
    .await
    .unwrap();
    stage.click("[id='customers.projects-add']").await;
    stage
        .shows("1042 Harbor Point Tower → Turner Bay Constructors:Tower by hand")
        .await;
    stage.click("#save").await;
    stage.shows("The settings are saved.").await;
    stage.bill(7).await;
    assert_eq!(billed_customers(&stage), [parent, job]);
    stage.close().await;
}
