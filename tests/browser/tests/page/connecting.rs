//! Walks to a connection, away from it, and back.

use crate::stage::{COMPANY, Stage};
use host::demo::firm::Firm;
use http::Request;
use simulator::Company;

#[tokio::test(flavor = "multi_thread")]
async fn owner_connects_confirms_and_maps_accounts() {
    let Some(stage) = Stage::open().await else {
        return;
    };
    stage.shows("Who signs in").await;
    stage.click("#connect").await;
    stage.sign_in("connect").await;
    stage
        .shows("Connect Harbor Electric LLC to this firm?")
        .await;
    stage.click("#confirm").await;
    stage.shows("Harbor Electric LLC is connected.").await;
    stage.shows("A few answers, then billing is posted").await;
    stage.click("#use-suggestions").await;
    stage.click("#save").await;
    stage.shows("The settings are saved.").await;
    stage.shows("Nothing to post yet.").await;
    stage.bill(3).await;
    stage.visit("").await;
    stage.shows("Pay app 1042-1").await;
    stage.page().switch_to_tab(1).await.unwrap();
    stage.shows("● Connected").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_permission_is_explained_on_return() {
    let Some(stage) = Stage::open().await else {
        return;
    };
    stage.click("#connect").await;
    stage.sign_in("cancel").await;
    stage.shows("the permission was declined at Intuit").await;
    stage.shows("○ Disconnected").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn link_of_another_person_binds_nothing() {
    let Some(stage) = Stage::open().await else {
        return;
    };
    let link = connect_link(&stage.firm()).await;
    stage.visit("local/manager").await;
    stage.shows("Morgan T. · Manager").await;
    stage.page().open(&link).await.unwrap();
    stage.click("button[value=connect]").await;
    stage.shows("You signed in at Intuit.").await;
    stage.click("#confirm").await;
    stage.shows("Somebody else started this sign-in.").await;
    stage.shows("○ Disconnected").await;
    stage.close().await;
}

/// Asks for a link as the owner, who then sends it to somebody.
async fn connect_link(firm: &Firm<'_>) -> String {
    let asked = Request::post("/v1/quickbooks/connect");
    let issued = firm.call(asked, None).await.unwrap();
    issued.body["connect_url"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn lapsed_grant_is_renewed_with_history_intact() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.bill(3).await;
    stage
        .deployment
        .simulator()
        .person(&stage.realm)
        .unwrap()
        .disconnect_app();
    stage
        .deployment
        .advance(std::time::Duration::from_secs(7200));
    stage.bill(4).await;
    stage.visit("").await;
    stage.shows("▲ Needs Reauthorization").await;
    stage.shows("Pay app 1042-1").await;
    stage.click("#reconnect").await;
    stage.sign_in("connect").await;
    stage.shows("QuickBooks is connected again.").await;
    stage.run_schedule().await;
    stage.visit("").await;
    stage.shows("Everything is posted.").await;
    stage.shows("Pay app 1042-1").await;
    stage.shows("Pay app 1057-1").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn billing_waits_while_disconnected_and_then_flows() {
    let Some(stage) = Stage::connected(Company::new(COMPANY), |_| {}).await else {
        return;
    };
    stage.bill(3).await;
    stage.visit("").await;
    stage.click("#more > summary").await;
    stage.click("#disconnect").await;
    stage
        .shows("New billing waits until you connect again.")
        .await;
    stage.click("#disconnect-yes").await;
    stage.shows("Harbor Electric LLC is disconnected.").await;
    stage.bill(4).await;
    stage.visit("").await;
    stage.shows("waits for a connection").await;
    stage.click("#connect").await;
    stage.sign_in("connect").await;
    stage.shows("QuickBooks is connected again.").await;
    stage.run_schedule().await;
    stage.visit("").await;
    stage.shows("Everything is posted.").await;
    stage.close().await;
}
