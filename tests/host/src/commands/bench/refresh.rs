//! `bench --refresh`: measures one run of the scheduled token refresh over up to 100 000 firms.

use std::time::{Duration, Instant};

use anyhow::ensure;
use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use serde_json::Value;
use simulator::{CallClass, Effect, Injection, RequestKind};

use crate::Storage;
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment, SCHEDULER_SECRET};
use crate::{Manifest, demo};
use samples::connected_firms::ConnectedFirms;

/// The number of token calls that a run has open at the same time.
const CONCURRENT_CALLS: usize = 10;

/// A case, printed as one line of the table.
struct Case {
    firms: ConnectedFirms,
    /// The time that the token endpoint takes for each answer.
    latency: Duration,
}

const CASES: [Case; 5] = [
    Case::with_hundred_due(100),
    Case::with_hundred_due(1_000),
    Case::with_hundred_due(10_000),
    Case::with_hundred_due(100_000),
    Case {
        firms: ConnectedFirms {
            firms: 1_000,
            due: 1_000,
        },
        latency: Duration::from_millis(100),
    },
];

impl Case {
    /// Returns a case in which 100 connections are due, and the token endpoint answers at once.
    const fn with_hundred_due(firms: usize) -> Self {
        Self {
            firms: ConnectedFirms { firms, due: 100 },
            latency: Duration::ZERO,
        }
    }
}

/// Runs each case on an empty store and prints its cost. The store is empty afterwards.
///
/// # Errors
/// Fails if the store is not empty, the components cannot be started, or a run does not refresh every due connection.
pub async fn measure(storage: &Storage) -> anyhow::Result<()> {
    let manifest = demo::build_workspace(storage)?;
    println!("One run of the scheduled token refresh:");
    println!(
        "{:>7} {:>6} {:>8} {:>8} {:>8} {:>12} {:>9}",
        "firms", "due", "reads", "writes", "calls", "call takes", "run takes"
    );
    for case in &CASES {
        println!("{}", measure_case(&manifest, storage, case).await?);
    }
    Ok(())
}

async fn measure_case(
    manifest: &Manifest,
    storage: &Storage,
    case: &Case,
) -> anyhow::Result<String> {
    let options = DeploymentOptions {
        storage: storage.clone(),
        ..DeploymentOptions::default()
    };
    let deployment = LocalDeployment::start(manifest, options).await?;
    let stores = deployment.app.stores().clone();
    stores.require_empty()?;
    populate(&deployment, case).await?;
    let before = deployment.counts();
    let began = Instant::now();
    refresh_all(&deployment, case.firms.due).await?;
    let elapsed = began.elapsed();
    let counts = deployment.counts() - before;
    let calls = token_calls(&deployment);
    deployment.stop().await;
    stores.remove_records()?;
    let Case { firms, latency } = case;
    let least = *latency * u32::try_from(firms.due.div_ceil(CONCURRENT_CALLS))?;
    let comparison = match least.is_zero() {
        true => String::new(),
        false => format!(
            "  {:.2} times the least possible {:.1} s",
            elapsed.as_secs_f64() / least.as_secs_f64(),
            least.as_secs_f64()
        ),
    };
    Ok(format!(
        "{:>7} {:>6} {:>8} {:>8} {calls:>8} {:>9} ms {:>7.2} s{comparison}",
        firms.firms,
        firms.due,
        counts.get,
        counts.writes(),
        latency.as_millis(),
        elapsed.as_secs_f64(),
    ))
}

async fn populate(deployment: &LocalDeployment, case: &Case) -> anyhow::Result<()> {
    let grants = case.firms.issue_grants(&mut deployment.simulator());
    case.firms
        .save(&deployment.records(), grants, deployment.now())
        .await?;
    let slow = Effect::Slow(SignedDuration::try_from(case.latency)?);
    let slow = Injection::new(slow).kind(RequestKind::Token).always();
    deployment.simulator().inject(slow);
    Ok(())
}

/// Calls the scheduled route once, which must refresh every due connection.
async fn refresh_all(deployment: &LocalDeployment, due: usize) -> anyhow::Result<()> {
    let path = format!("/v1/scheduled/token-refresh?key={SCHEDULER_SECRET}");
    let answer = deployment
        .send(Request::get(path).body(Bytes::new())?)
        .await?;
    let report: Value = serde_json::from_slice(answer.body())?;
    ensure!(report["refreshed"] == due, "the run was answered {report}");
    Ok(())
}

fn token_calls(deployment: &LocalDeployment) -> usize {
    let simulator = deployment.simulator();
    let calls = simulator.traffic().iter();
    calls.filter(|seen| seen.class == CallClass::Token).count()
}
