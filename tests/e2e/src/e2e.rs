//! The real components on the local host, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

mod attacks;
mod malformed_requests;
mod connections;
mod hot_path;
mod intuit_webhooks;
mod decisions;
mod failing_store;
mod operations;
mod reports;
mod routes;

use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use host::{Logs, Manifest, Storage, build};
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};
use simulator::{ClassTracking, Company, Rotation};
use std::path::Path;
use std::sync::OnceLock;

/// Returns the workspace's manifest. Its components are built once for all tests.
fn manifest() -> &'static Manifest {
    static BUILT: OnceLock<Manifest> = OnceLock::new();
    BUILT.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spin.toml");
        let manifest = Manifest::read_for_test(&file).unwrap();
        build::components(&manifest).unwrap();
        manifest
    })
}

/// Starts a deployment of its own for a test, with an empty store in memory.
pub async fn start_deployment() -> LocalDeployment {
    start_deployment_with(&[]).await
}

/// Starts a deployment with these variables in place of its own.
pub async fn start_deployment_with(variables: &[(&str, &str)]) -> LocalDeployment {
    start_deployment_on(Storage::Memory, variables).await
}

/// Starts a deployment whose store lies there.
pub async fn start_deployment_on(storage: Storage, variables: &[(&str, &str)]) -> LocalDeployment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let options = DeploymentOptions {
        listen: ([127, 0, 0, 1], 0).into(),
        storage,
        logs: Logs::in_memory(),
        rotation: Rotation::Strict,
        variables: variables.iter().map(owned).collect(),
        ..DeploymentOptions::default()
    };
    LocalDeployment::start(manifest(), options).await.unwrap()
}

/// Returns the sample firm with a new company, not connected yet.
pub fn new_firm(deployment: &LocalDeployment) -> Firm<'_> {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = deployment.simulator().add_company(company);
    Firm {
        deployment,
        id: "firm_harbor".into(),
        realm,
    }
}

/// Connects the sample firm and maps its accounts.
pub async fn connect_firm(deployment: &LocalDeployment) -> Firm<'_> {
    let firm = new_firm(deployment);
    firm.connect().await.unwrap();
    firm.map_accounts(|settings| settings["class_tracking"]["mode"] = "auto_create".into())
        .await
        .unwrap();
    firm
}

/// Returns the body of the page at this path, as the firm sees it.
pub async fn load_page(firm: &Firm<'_>, path: &str) -> Value {
    firm.call(get(path), None).await.unwrap().body
}

/// Connects the firm and asserts the end of the outcome.
pub async fn assert_connect_outcome(firm: &Firm<'_>, outcome: &str) {
    let found = firm.connect().await.unwrap();
    assert!(found.ends_with(outcome), "{found}");
}

/// The owner's confirmation of a disconnect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// The body says `"confirm": true`.
    Given,
    /// The body says `"confirm": false`.
    Missing,
}

/// Disconnects the firm as its owner.
pub async fn disconnect(firm: &Firm<'_>, confirmation: Confirmation) -> Answer {
    let ending = Request::post("/v1/quickbooks/disconnect");
    let body = json!({ "confirm": confirmation == Confirmation::Given });
    firm.call(ending, Some(&body)).await.unwrap()
}

/// Sends a request without a session.
pub async fn send(
    deployment: &LocalDeployment,
    request: Builder,
    body: impl Into<bytes::Bytes>,
) -> Answer {
    parse_answer(
        deployment
            .send(request.body(body.into()).unwrap())
            .await
            .unwrap(),
    )
}

/// Returns a GET request.
pub fn get(path: &str) -> Builder {
    Request::get(path)
}
