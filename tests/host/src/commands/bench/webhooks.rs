//! `bench --webhooks`: accepting what Intuit tells, beside a component that does nothing but one write.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use http::Uri;
use jiff::SignedDuration;
use serde_json::json;
use simulator::Company;

use super::{firm, guest};
use crate::Storage;
use crate::demo::firm::Firm;
use crate::demo::stage::{Setting, Stage};
use crate::demo::{self, intuit};
use crate::load::{Load, Measurement, Requests, Subject, measure};

/// Each is measured so often, in turns, so that what else the machine does hits both.
const ROUNDS: usize = 3;

/// Events are spread over so many companies.
const COMPANIES: usize = 20;

/// Each company has so many objects that change again and again.
const OBJECTS: usize = 25;

/// Measures with the store in memory, and with one that waits for the disk.
///
/// # Errors
/// If something cannot be started, or a delivery is not accepted.
pub async fn run(load: Load) -> anyhow::Result<()> {
    println!(
        "{:<24} {:>9} {:>9} {:>9}  ratio of per s",
        "", "p50", "p99", "per s"
    );
    println!("the store in memory");
    compare(Storage::Memory, Storage::Memory, load).await?;
    let folder = Folder::new()?;
    println!("the store on disk");
    compare(folder.of("bare"), folder.of("stage"), load).await
}

async fn compare(bare: Storage, ours: Storage, load: Load) -> anyhow::Result<()> {
    let setting = Setting {
        storage: ours,
        ..Setting::default()
    };
    let stage = Stage::set(&demo::built()?, setting).await?;
    let companies = companies(&stage).await?;
    let bare = guest(bare)?;
    let (mut one_write, mut accepted) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let requests = deliveries(&stage, &companies, round * 2 * load.requests);
        let kept = Subject {
            name: "one write",
            app: bare.clone(),
            requests: to("/keeper", requests.clone()),
        };
        one_write.push(measure(&kept, load).await?);
        let told = Subject {
            name: "webhook from Intuit",
            app: stage.app.clone(),
            requests,
        };
        accepted.push(measure(&told, load).await?);
    }
    stage.stop().await;
    let (one_write, accepted) = (middle(one_write)?, middle(accepted)?);
    println!("{:<24} {one_write}  {:>6.2}", "  one write", 1.0);
    let ratio = accepted.throughput() / one_write.throughput();
    println!("{:<24} {accepted}  {ratio:>6.2}", "  webhook from Intuit");
    Ok(())
}

/// The round of the middle throughput.
fn middle(mut rounds: Vec<Measurement>) -> anyhow::Result<Measurement> {
    rounds.sort_by(|one, other| one.throughput().total_cmp(&other.throughput()));
    let middle = rounds.get(rounds.len() / 2).copied();
    middle.context("there was no round")
}

async fn companies(stage: &Stage) -> anyhow::Result<Arc<[String]>> {
    let mut companies = Vec::new();
    for number in 0..COMPANIES {
        let realm = stage
            .simulator()
            .add_company(Company::new("Harbor Electric LLC"));
        let id = firm(number);
        let office = Firm {
            stage,
            id,
            realm: realm.clone(),
        };
        office.connect().await?;
        companies.push(realm);
    }
    Ok(companies.into())
}

/// One event each, always a new one. The store has something to write every time.
fn deliveries(stage: &Stage, companies: &Arc<[String]>, first: usize) -> Requests {
    let (companies, now) = (companies.clone(), stage.now());
    Arc::new(move |number| {
        let number = first + number;
        let company = &companies[number % companies.len()];
        let object = (number / companies.len() % OBJECTS).to_string();
        let milliseconds = i64::try_from(number).unwrap_or_default();
        let at = now.saturating_add(SignedDuration::from_millis(milliseconds));
        let about = (company.as_str(), "invoice", object.as_str());
        let event = intuit::event(&format!("event-{number:030}"), about, at.unwrap_or(now));
        intuit::signed(Bytes::from(json!([event]).to_string()))
    })
}

/// The same requests for another component.
fn to(path: &'static str, requests: Requests) -> Requests {
    Arc::new(move |number| {
        let mut request = requests(number);
        *request.uri_mut() = Uri::from_static(path);
        request
    })
}

/// A folder for the measurement's stores, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let name = format!("rivet-bench-{}", std::process::id());
        // Beside the build: a temporary folder is often no disk.
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let folder = Path::new(&target).join(name);
        std::fs::create_dir_all(&folder).context("no folder for the store")?;
        Ok(Self(folder))
    }

    fn of(&self, name: &str) -> Storage {
        Storage::Folder(self.0.join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left of a measurement is in nobody's way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
