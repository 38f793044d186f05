//! Walks with billing: classes, manual mode, holds with their decisions, and failures with their cures.

use crate::stage::{COMPANY, Stage};
use rust_decimal::Decimal;
use serde_json::json;
use simulator::{ClassTracking, Company, Effect, Injection, RequestKind, Typed};

fn company_with_classes() -> Company {
    Company::new(COMPANY).class_tracking(ClassTracking::PerLine)
}

#[tokio::test(flavor = "multi_thread")]
async fn chosen_classes_are_on_invoices() {
    let Some(stage) = Stage::connected(company_with_classes(), |_| {}).await else {
        return;
    };
    stage.view("settings").await;
    stage.click("[id='class_tracking.mode-1']").await;
    stage.shows("Saving changes Classes.").await;
    stage.click("#save").await;
    stage.shows("The settings are saved.").await;
    stage.bill(3).await;
    assert_eq!(class_of_last_invoice(&stage), "1042 Harbor Point Tower");
    let class = json!({ "Name": "By hand" });
    let class = stage
        .deployment
        .simulator()
        .person(&stage.realm)
        .unwrap()
        .create("Class", class);
    class.unwrap();
    stage
        .deployment
        .advance(std::time::Duration::from_secs(120));
    stage.view("settings").await;
    stage.click("[id='class_tracking.mode-2']").await;
    stage
        .page()
        .type_into("[id='class_tracking.projects-key']", "prj_1057")
        .await
        .unwrap();
    stage
        .page()
        .choose("[id='class_tracking.projects-target']", "By hand")
        .await
        .unwrap();
    stage.click("[id='class_tracking.projects-add']").await;
    stage.shows("prj_1057 → By hand").await;
    stage.click("#save").await;
    stage.shows("The settings are saved.").await;
    stage.bill(4).await;
    assert_eq!(class_of_last_invoice(&stage), "By hand");
    stage.close().await;
}

fn class_of_last_invoice(stage: &Stage) -> String {
    let simulator = stage.deployment.simulator();
    let invoice = simulator.entities(&stage.realm, "Invoice").last().unwrap();
    let class = &invoice["Line"][0]["SalesItemLineDetail"]["ClassRef"]["value"];
    let mut classes = simulator.entities(&stage.realm, "Class");
    let found = classes.find(|entity| entity["Id"] == *class).unwrap();
    found["Name"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn manual_mode_posts_on_sync_now() {
    let manual = |settings: &mut serde_json::Value| settings["sync"]["mode"] = "manual".into();
    let Some(stage) = Stage::connected(Company::new(COMPANY), manual).await else {
        return;
    };
    stage.bill(3).await;
    stage.bill(4).await;
    stage.visit("").await;
    stage.shows("2 pay apps wait for Sync now").await;
    stage.click("#sync").await;
    stage.shows("Everything is posted.").await;
    assert_eq!(
        stage
            .deployment
            .simulator()
            .entities(&stage.realm, "Invoice")
            .count(),
        2
    );
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entered_bill_is_decided_on_the_page() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    enter_by_hand(&stage, "1042-1");
    stage.bill(3).await;
    stage.visit("").await;
    stage.shows("Pay app 1042-1 is in QuickBooks already").await;
    stage
        .click("#need-already_in_quickbooks-pa_1042_1-anyway")
        .await;
    stage.shows("QuickBooks will then have both").await;
    stage
        .click("#need-already_in_quickbooks-pa_1042_1-anyway-yes")
        .await;
    stage.shows("is posted on the next run.").await;
    stage.run_schedule().await;
    stage.visit("").await;
    stage.shows("Everything is posted.").await;
    assert_eq!(
        stage
            .deployment
            .simulator()
            .entities(&stage.realm, "Invoice")
            .count(),
        2
    );
    stage.close().await;
}

/// Enters a bill of the sample customer in QuickBooks, as a bookkeeper does.
fn enter_by_hand(stage: &Stage, number: &str) {
    let mut simulator = stage.deployment.simulator();
    let mut person = simulator.person(&stage.realm).unwrap();
    let name = json!({ "DisplayName": "Turner Bay Constructors" });
    let customer = person.create("Customer", name).unwrap();
    let typed = Typed {
        customer: &customer,
        number,
        date: "2026-03-31",
        amount: Decimal::new(4_365_000, 2),
    };
    person.bill("Invoice", &typed).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_month_is_reopened_and_retried() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    let close = |until: Option<&str>| {
        let until = until.map(|day| day.parse().unwrap());
        stage
            .deployment
            .simulator()
            .person(&stage.realm)
            .unwrap()
            .close_books(until);
    };
    close(Some("2026-03-31"));
    stage
        .deployment
        .advance(std::time::Duration::from_secs(90_000));
    stage.bill(3).await;
    stage.visit("").await;
    stage.shows("is dated in a closed period").await;
    close(None);
    stage.click("[id^=need-books_closed][id$=-retry]").await;
    stage.shows("Everything is posted.").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failure_is_cured_in_quickbooks_and_retried() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.deployment.simulator().inject(refusal());
    stage.bill(3).await;
    stage.visit("").await;
    stage.shows("QuickBooks refused Pay app 1042-1").await;
    stage.deployment.simulator().clear_injections();
    stage
        .click("[id^=need-refused_by_quickbooks][id$=-retry]")
        .await;
    stage.shows("Everything is posted.").await;
    stage.close().await;
}

/// Returns a rule by which QuickBooks refuses each first item of a batch, as its business rules do.
fn refusal() -> Injection {
    let item = Effect::Item {
        index: 0,
        code: "6000".into(),
        message: "A business validation error has occurred while processing your request".into(),
        detail: "Business Validation Error: The customer is on hold.".into(),
    };
    Injection::new(item).kind(RequestKind::Batch).times(20)
}
