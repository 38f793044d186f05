//! Walks through the views that compare: check-up, tie-out and retainage.

use crate::stage::{COMPANY, Stage};
use serde_json::json;
use simulator::Company;

#[tokio::test(flavor = "multi_thread")]
async fn checkup_names_what_to_look_at() {
    let company = Company::new(COMPANY).auto_apply_credit(true);
    let Some(stage) = Stage::connected(company, |_| {}).await else {
        return;
    };
    stage.view("check-up").await;
    stage
        .shows("QuickBooks applies credits to invoices by itself.")
        .await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tie_out_shows_difference_of_one_cent() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.bill(3).await;
    stage.view("tie-out").await;
    stage.shows("Tied out to the cent").await;
    raise_invoice_by_one_cent(&stage);
    stage
        .deployment
        .advance(std::time::Duration::from_secs(120));
    stage.click("#compare").await;
    stage.shows("Off by $0.01 in Accounts Receivable").await;
    stage.shows("In both, but different · 1").await;
    stage.close().await;
}

fn raise_invoice_by_one_cent(stage: &Stage) {
    let mut simulator = stage.deployment.simulator();
    let invoice = simulator.entities(&stage.realm, "Invoice").next().unwrap();
    let id = invoice["Id"].as_str().unwrap().to_owned();
    let mut line = invoice["Line"][0].clone();
    line["Amount"] = json!(43650.01);
    let mut person = simulator.person(&stage.realm).unwrap();
    person
        .edit("Invoice", &id, json!({ "Line": [line] }))
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn retainage_is_shown_by_project() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.bill(3).await;
    stage.view("retainage").await;
    stage.shows("1042 Harbor Point Tower").await;
    stage.shows("$4,850.00").await;
    stage.close().await;
}
