//! Tests of the host through real components, which the tests build and run.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic fails the test"
)]

mod commands;
mod crash;
mod erasure;
mod instances;
mod key_rotation;
mod key_value;
mod load;
mod manifests;
mod outbound;
mod permissions;
mod postgres;
mod requests;
mod stores;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use host::{App, Logs, Manifest, Options, build};
use http::{Request, StatusCode};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guests/spin.toml");

/// Returns the manifest of the guests. The first call builds them.
fn guests() -> Manifest {
    static BUILT: OnceLock<()> = OnceLock::new();
    let manifest = Manifest::read_for_test(Path::new(MANIFEST)).unwrap();
    BUILT.get_or_init(|| build::components(&manifest).unwrap());
    manifest
}

/// Returns the folder of the workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns a manifest of the product. Its components are built by the first test that needs them.
fn product(name: &str) -> Manifest {
    static BUILT: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let manifest = Manifest::read_for_test(&workspace().join(name)).unwrap();
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.iter().any(|known| known == name) {
        build::components(&manifest).unwrap();
        built.push(name.to_owned());
    }
    manifest
}

/// Returns whether the tests run in full, as in CI.
fn is_full() -> bool {
    std::env::var("RIVET_TESTS").is_ok_and(|tests| tests == "full")
}

/// Returns the last database of the test server, so that others find the first one empty. `None` if there is no server.
fn redis_address() -> Option<String> {
    redis_database(15)
}

/// Returns a database of the test server. `None` if there is no server.
fn redis_database(number: u8) -> Option<String> {
    match std::env::var("RIVET_TEST_REDIS") {
        Ok(address) => Some(format!("{address}/{number}")),
        Err(_) => {
            assert!(
                !is_full(),
                "RIVET_TEST_REDIS names no server; see .ci/services"
            );
            eprintln!("skipped: RIVET_TEST_REDIS names no server; see .ci/services");
            None
        }
    }
}

/// Returns the command of the host, which builds the components as [`Manifest::read_for_test`] does.
fn rivet_books() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rivet-books"));
    if !is_full() {
        command.env("RIVET_COMPONENTS", "quick");
    }
    command
}

fn options() -> Options {
    let variables = [("key", "opensesame"), ("other_key", "unused")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Options {
        variables: variables.into(),
        logs: Logs::in_memory(),
        ..Options::default()
    }
}

fn load(options: Options) -> App {
    App::load(&guests(), options).unwrap()
}

/// Sends a script to a component and returns its answers, one for each line.
async fn run_in(app: &App, component: &str, script: &str) -> Vec<String> {
    let (status, body) = attempt(app, component, script).await;
    assert_eq!(status, StatusCode::OK, "{script}");
    body.lines().map(str::to_owned).collect()
}

async fn run(app: &App, script: &str) -> Vec<String> {
    run_in(app, "probe", script).await
}

async fn attempt(app: &App, component: &str, script: &str) -> (StatusCode, String) {
    let request = Request::post(format!("/{component}/script"));
    let request = request
        .body(Bytes::copy_from_slice(script.as_bytes()))
        .unwrap();
    let response = app.handle(request).await.unwrap();
    (
        response.status(),
        String::from_utf8_lossy(response.body()).into_owned(),
    )
}
