//! The real components on the local host, over HTTP.

mod attacks;
mod bad_input;
mod connections;
mod receiving;
mod resolve;
mod story;

use host::demo::firm::{Answer, Firm, parse_answer};
use host::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use host::{Logs, Manifest, Storage, build};
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};
use simulator::{ClassTracking, Company, Rotation};
use std::path::Path;
use std::sync::OnceLock;

/// The workspace's manifest, with its components built once for all tests.
fn manifest() -> &'static Manifest {
    static BUILT: OnceLock<Manifest> = OnceLock::new();
    BUILT.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spin.toml");
        let manifest = Manifest::read(&file).unwrap();
        build::components(&manifest).unwrap();
        manifest
    })
}

/// A stage of its own for each test: no test sees what another left.
pub async fn start_deployment() -> LocalDeployment {
    start_deployment_with(&[]).await
}

/// The same with these variables in place of its own.
pub async fn start_deployment_with(variables: &[(&str, &str)]) -> LocalDeployment {
    start_deployment_on(Storage::Memory, variables).await
}

/// The same with its values kept elsewhere.
pub async fn start_deployment_on(storage: Storage, variables: &[(&str, &str)]) -> LocalDeployment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let options = DeploymentOptions {
        listen: ([127, 0, 0, 1], 0).into(),
        storage,
        logs: Logs::in_memory(),
        rotation: Rotation::Strict,
        variables: variables.iter().map(owned).collect(),
    };
    LocalDeployment::start(manifest(), options).await.unwrap()
}

/// The sample firm with a company of its own, not connected yet.
pub fn firm(deployment: &LocalDeployment) -> Firm<'_> {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = deployment.simulator().add_company(company);
    Firm {
        deployment,
        id: "firm_harbor".into(),
        realm,
    }
}

/// The sample firm, connected and with its accounts chosen.
pub async fn ready(deployment: &LocalDeployment) -> Firm<'_> {
    let firm = firm(deployment);
    firm.connect().await.unwrap();
    firm.map_accounts(|settings| settings["class_tracking"]["mode"] = "auto_create".into())
        .await
        .unwrap();
    firm
}

/// What the firm is shown at this address.
pub async fn shown(firm: &Firm<'_>, path: &str) -> Value {
    firm.call(get(path), None).await.unwrap().body
}

/// A person connects the firm, and their browser lands where this says.
pub async fn assert_lands_at(firm: &Firm<'_>, outcome: &str) {
    let address = firm.connect().await.unwrap();
    assert!(address.ends_with(outcome), "{address}");
}

/// The firm is disconnected, with its owner's confirmation or without.
pub async fn disconnect(firm: &Firm<'_>, confirmed: bool) -> Answer {
    let ending = Request::post("/v1/quickbooks/disconnect");
    let body = json!({ "confirm": confirmed });
    firm.call(ending, Some(&body)).await.unwrap()
}

/// Sends a request as it is, as nobody.
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

pub fn get(path: &str) -> Builder {
    Request::get(path)
}
