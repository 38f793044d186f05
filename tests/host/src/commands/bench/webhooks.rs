//! `bench --webhooks`: measures accepting Intuit's webhooks, and compares with a component that only does one write.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::Uri;
use jiff::SignedDuration;
use serde_json::json;
use simulator::Company;

use super::{firm, load_guests};
use crate::Storage;
use crate::demo::build_workspace;
use crate::demo::firm::Firm;
use crate::demo::intuit_webhooks::{ChangedObject, cloud_event, signed_delivery};
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment};
use crate::load::{Load, Measurement, Requests, Subject, measure};

/// The number of measurements of each component. They alternate, so that other load on the machine affects both.
const REPETITIONS: usize = 3;

/// The number of companies that the events are spread over.
const COMPANIES: usize = 20;

/// The number of objects of each company that change again and again.
const OBJECTS: usize = 25;

/// Measures with the store in memory, and with a store that waits for the disk.
///
/// # Errors
/// Fails if the components cannot be started, or a delivery is not accepted.
pub async fn run(load: Load) -> anyhow::Result<()> {
    println!(
        "{:<24} {:>9} {:>9} {:>9}  ratio of per s",
        "", "p50", "p99", "per s"
    );
    println!("store in memory");
    compare(Storage::Memory, Storage::Memory, load).await?;
    let folder = Folder::new()?;
    println!("store on disk");
    compare(folder.storage("bare"), folder.storage("product"), load).await
}

async fn compare(guest: Storage, product: Storage, load: Load) -> anyhow::Result<()> {
    let options = DeploymentOptions {
        storage: product,
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(&build_workspace()?, options).await?;
    let companies = connect_companies(&deployment).await?;
    let guests = load_guests(guest)?;
    let (mut one_write, mut accepted) = (Vec::new(), Vec::new());
    for repetition in 0..REPETITIONS {
        let requests = deliveries(&deployment, &companies, repetition * 2 * load.requests);
        let keeper = Subject {
            name: "one write",
            app: guests.clone(),
            requests: with_path("/keeper", requests.clone()),
        };
        one_write.push(measure(&keeper, load).await?);
        let webhook = Subject {
            name: "webhook from Intuit",
            app: deployment.app.clone(),
            requests,
        };
        accepted.push(measure(&webhook, load).await?);
    }
    deployment.stop().await;
    let (one_write, accepted) = (median(one_write)?, median(accepted)?);
    println!("{:<24} {one_write}  {:>6.2}", "  one write", 1.0);
    let ratio = accepted.throughput() / one_write.throughput();
    println!("{:<24} {accepted}  {ratio:>6.2}", "  webhook from Intuit");
    Ok(())
}

/// Returns the measurement with the median throughput.
fn median(mut measurements: Vec<Measurement>) -> anyhow::Result<Measurement> {
    measurements.sort_by(|one, other| one.throughput().total_cmp(&other.throughput()));
    let median = measurements.get(measurements.len() / 2).copied();
    median.context("nothing was measured")
}

async fn connect_companies(deployment: &LocalDeployment) -> anyhow::Result<Arc<[String]>> {
    let mut companies = Vec::new();
    for number in 0..COMPANIES {
        let realm = deployment
            .simulator()
            .add_company(Company::new("Harbor Electric LLC"));
        let firm = Firm {
            deployment,
            id: firm(number),
            realm: realm.clone(),
        };
        firm.connect().await?;
        companies.push(realm);
    }
    Ok(companies.into())
}

/// Returns deliveries of one new event each, so that every delivery writes to the store.
fn deliveries(deployment: &LocalDeployment, companies: &Arc<[String]>, first: usize) -> Requests {
    let (companies, now) = (companies.clone(), deployment.now());
    Arc::new(move |number| {
        let number = first + number;
        let invoice = ChangedObject {
            realm: &companies[number % companies.len()],
            kind: "invoice",
            id: (number / companies.len() % OBJECTS).to_string(),
        };
        let milliseconds = i64::try_from(number).unwrap_or_default();
        let changed_at = now.saturating_add(SignedDuration::from_millis(milliseconds));
        let event = cloud_event(
            &format!("event-{number:030}"),
            &invoice,
            changed_at.unwrap_or(now),
        );
        signed_delivery(Bytes::from(json!([event]).to_string()))
    })
}

/// Returns the same requests with another path.
fn with_path(path: &'static str, requests: Requests) -> Requests {
    Arc::new(move |number| {
        let mut request = requests(number);
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
