//! The real components on the local host, over HTTP.

mod attacks;
mod bad_input;
mod connections;
mod receiving;
mod resolve;
mod story;

use host::demo::firm::{Firm, Told, told};
use host::demo::stage::{Setting, Stage};
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
pub async fn stage() -> Stage {
    stage_with(&[]).await
}

/// The same with these variables in place of its own.
pub async fn stage_with(variables: &[(&str, &str)]) -> Stage {
    stage_on(Storage::Memory, variables).await
}

/// The same with its values kept elsewhere.
pub async fn stage_on(storage: Storage, variables: &[(&str, &str)]) -> Stage {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let setting = Setting {
        listen: ([127, 0, 0, 1], 0).into(),
        storage,
        logs: Logs::kept(),
        rotation: Rotation::Strict,
        variables: variables.iter().map(owned).collect(),
    };
    Stage::set(manifest(), setting).await.unwrap()
}

/// The sample firm with a company of its own, not connected yet.
pub fn firm(stage: &Stage) -> Firm<'_> {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = stage.simulator().add_company(company);
    Firm {
        stage,
        id: "firm_harbor".into(),
        realm,
    }
}

/// The sample firm, connected and with its accounts chosen.
pub async fn ready(stage: &Stage) -> Firm<'_> {
    let firm = firm(stage);
    firm.connect().await.unwrap();
    firm.choose(|settings| settings["class_tracking"]["mode"] = "auto_create".into())
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
pub async fn disconnect(firm: &Firm<'_>, confirmed: bool) -> Told {
    let ending = Request::post("/v1/quickbooks/disconnect");
    let body = json!({ "confirm": confirmed });
    firm.call(ending, Some(&body)).await.unwrap()
}

/// Sends a request as it is, as nobody.
pub async fn send(stage: &Stage, request: Builder, body: impl Into<bytes::Bytes>) -> Told {
    told(
        stage
            .send(request.body(body.into()).unwrap())
            .await
            .unwrap(),
    )
}

pub fn get(path: &str) -> Builder {
    Request::get(path)
}
