//! `bench`: the product's components beside bare ones that do the least that the work needs, with the store in memory and on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Uri};

use super::deliveries::{billing_events, hold_queues, intuit_deliveries, with_path};
use super::firms::{BenchFirm, connect_firms};
use crate::demo::build_workspace;
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use crate::load::{COLUMNS, Load, Requests, Subject, compare};
use crate::{App, Logs, Manifest, Options, Storage, guests};

/// Measures with the store in memory, and with a store that waits for the disk.
///
/// # Errors
/// Fails if the components cannot be started, or an answer has no 2xx status.
pub(super) async fn run(load: Load) -> anyhow::Result<()> {
    let manifest = build_workspace(&Storage::Memory)?;
    println!("{COLUMNS}\nstore in memory");
    run_on(&manifest, [Storage::Memory, Storage::Memory], load).await?;
    let folder = Folder::new()?;
    println!("store on disk");
    let storages = ["bare", "product"].map(|name| folder.storage(name));
    run_on(&manifest, storages, load).await
}

async fn run_on(
    manifest: &Manifest,
    [bare, product]: [Storage; 2],
    load: Load,
) -> anyhow::Result<()> {
    let options = DeploymentOptions {
        storage: product,
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(manifest, options).await?;
    let firms = connect_firms(&deployment).await?;
    hold_queues(&deployment, &firms).await?;
    let options = Options {
        storage: bare,
        logs: Logs::in_memory(),
        ..Options::default()
    };
    let guests = guests::load(options)?;
    for Pair { base, subject } in pairs(&deployment, &firms, &guests) {
        let compared = compare(&base, &subject, load).await?;
        println!("{}", compared.lines(&base, &subject));
    }
    deployment.stop().await;
    Ok(())
}

/// A component of the product and the bare one that it is compared with.
struct Pair {
    base: Subject,
    subject: Subject,
}

fn pairs(deployment: &LocalDeployment, firms: &[BenchFirm], guests: &App) -> [Pair; 3] {
    let bare = |name, requests| Subject {
        name,
        app: guests.clone(),
        requests,
    };
    let product = |name, requests| Subject {
        name,
        app: deployment.app.clone(),
        requests,
    };
    let (intuit, billing) = (
        intuit_deliveries(deployment, firms),
        billing_events(deployment, firms),
    );
    [
        Pair {
            base: bare("bare", get("/hello")),
            subject: product("status", status_requests(deployment, firms)),
        },
        Pair {
            base: bare("one write", with_path("/keeper", intuit.clone())),
            subject: product("Intuit's webhook", intuit),
        },
        Pair {
            base: bare("two writes", with_path("/keeper/twice", billing.clone())),
            subject: product("RIVET's, only queued", billing),
        },
    ]
}

/// Returns requests for the status, which RIVET's page asks for often: three records are read, and QuickBooks is not called.
pub(super) fn status_requests(deployment: &LocalDeployment, firms: &[BenchFirm]) -> Requests {
    let token = |firm: &BenchFirm| deployment.rivet.session_token(&firm.id, deployment.now());
    let tokens: Arc<[String]> = firms.iter().map(token).collect();
    Arc::new(move |number| {
        let bearer = HeaderValue::try_from(format!("Bearer {}", tokens[number % tokens.len()]));
        let mut request = get("/v1/quickbooks/status")(number);
        let headers = request.headers_mut();
        headers.extend(bearer.ok().map(|bearer| (AUTHORIZATION, bearer)));
        request
    })
}

fn get(path: &'static str) -> Requests {
    Arc::new(move |_| {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::from_static(path);
        request
    })
}

/// A folder for the stores of a measurement, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let name = format!("rivet-bench-{}", std::process::id());
        // The target folder is on a disk. A temporary folder may be in memory.
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let folder = Path::new(&target).join(name);
        std::fs::create_dir_all(&folder).context("cannot create a folder for the store")?;
        Ok(Self(folder))
    }

    fn storage(&self, name: &str) -> Storage {
        Storage::Folder(self.0.join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
