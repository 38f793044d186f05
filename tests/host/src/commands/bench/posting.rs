//! `bench --posting`: the cost of posting pay apps with retainage, one that arrives alone and many after Sync Now.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::Request;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::{ClassTracking, Company};

use crate::Storage;
use crate::demo::firm::Firm;
use crate::demo::local_deployment::{DeploymentOptions, LocalDeployment, SCHEDULER_SECRET};
use crate::{Counts, Manifest, demo};
use samples::billing::{Figures, Project};
use samples::call_counts::CallCounts;

const FIRM: &str = "firm_bench";

/// The number of projects that the pay apps are spread over.
const PROJECTS: usize = 10;

/// The number of projects of each customer.
const PROJECTS_PER_CUSTOMER: usize = 2;

/// The time to the next run of the schedule. By then a company's calls of the last minute no longer count.
const MINUTE: Duration = Duration::from_secs(61);

/// The largest number of runs of the schedule, more than any case needs.
const MAX_RUNS: usize = 1_000;

/// The heads of the columns.
pub(super) const COLUMNS: &str = "                          batches  writes  reads   kv reads  kv writes writes each      time without Intuit    memory";

/// The number of bytes in a MiB.
const MIB: f64 = 1_048_576.0;

/// The cost of one part of a case.
pub(super) struct Cost {
    calls: CallCounts,
    counts: Counts,
    elapsed: Duration,
    /// The part of the time that the simulated Intuit spent on its answers.
    intuit: Duration,
    /// The most bytes of linear memory that an instance had so far.
    peak_memory: usize,
}

/// Runs each case on a new store and prints its cost.
///
/// # Errors
/// Fails if the components cannot be started, or a document is not posted.
pub async fn measure() -> anyhow::Result<()> {
    let manifest = demo::build_workspace(&Storage::Memory)?;
    println!("Pay apps with retainage of known customers and projects, with the store in memory:");
    println!("{COLUMNS}");
    println!("{}", one_event(&manifest).await?);
    for documents in [1, 30, 1_000] {
        for line in bulk(&manifest, documents).await? {
            println!("{line}");
        }
    }
    Ok(())
}

/// Measures one pay app that arrives while no other document waits.
async fn one_event(manifest: &Manifest) -> anyhow::Result<String> {
    let deployment = LocalDeployment::start(manifest, DeploymentOptions::default()).await?;
    let firm = connect_firm(&deployment).await?;
    let cost = measure_part(&deployment, deliver(&firm, 1..2)).await?;
    deployment.stop().await;
    Ok(cost.line("1 arrives", 1))
}

/// Measures pay apps that wait in manual mode, until Sync Now and the schedule have posted them.
async fn bulk(manifest: &Manifest, documents: usize) -> anyhow::Result<[String; 2]> {
    let deployment = LocalDeployment::start(manifest, DeploymentOptions::default()).await?;
    let firm = connect_firm(&deployment).await?;
    firm.map_accounts(|settings| settings["sync"]["mode"] = "manual".into())
        .await?;
    let accepted = measure_part(&deployment, deliver(&firm, 1..documents + 1)).await?;
    let posted = measure_part(&deployment, post_all(&deployment, &firm)).await?;
    let invoices = deployment
        .simulator()
        .entities(&firm.realm, "Invoice")
        .count();
    ensure!(
        invoices == documents + PROJECTS,
        "{invoices} invoices instead of {}",
        documents + PROJECTS
    );
    deployment.stop().await;
    Ok([
        accepted.line(&format!("{documents} accepted"), documents),
        posted.line(&format!("{documents} posted"), documents),
    ])
}

/// Connects a firm and bills once for each of its projects.
pub(super) async fn connect_firm(deployment: &LocalDeployment) -> anyhow::Result<Firm<'_>> {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = deployment.simulator().add_company(company);
    let firm = Firm {
        deployment,
        id: FIRM.to_owned(),
        realm,
    };
    firm.connect().await?;
    firm.map_accounts(|settings| settings["class_tracking"]["mode"] = "auto_create".into())
        .await?;
    for number in 0..PROJECTS {
        let first = project(number).pay_app_event(1, 1, figures(number));
        let answer = firm.deliver(&format!("evt_first_{number}"), &first).await?;
        ensure!(
            answer.body["outcome"] == "posted",
            "answered {}",
            answer.body
        );
    }
    // After a minute these calls no longer count against the company's limit.
    deployment.advance(MINUTE);
    Ok(firm)
}

/// Delivers these pay apps.
pub(super) async fn deliver(
    firm: &Firm<'_>,
    numbers: std::ops::Range<usize>,
) -> anyhow::Result<()> {
    for number in numbers {
        let app = 2 + number / PROJECTS;
        let body = project(number % PROJECTS).pay_app_event(app, 1, figures(number));
        let answer = firm.deliver(&format!("evt_{number}"), &body).await?;
        ensure!(
            answer.status == 202,
            "answered {}: {}",
            answer.status,
            answer.body
        );
    }
    Ok(())
}

/// Presses Sync Now, and runs the schedule until no document waits.
pub(super) async fn post_all(deployment: &LocalDeployment, firm: &Firm<'_>) -> anyhow::Result<()> {
    let answer = firm
        .call(Request::post("/v1/quickbooks/sync"), None)
        .await?;
    ensure!(
        answer.status == 202,
        "Sync Now was answered {}",
        answer.body
    );
    for _ in 0..MAX_RUNS {
        let path = format!("/v1/scheduled/sync?key={SCHEDULER_SECRET}");
        let answer = deployment
            .send(Request::get(path).body(Bytes::new())?)
            .await?;
        let report: Value = serde_json::from_slice(answer.body())?;
        let remaining = report["remaining"].as_u64();
        let remaining = remaining.with_context(|| format!("the run was answered {report}"))?;
        if remaining == 0 {
            return Ok(());
        }
        deployment.advance(MINUTE);
    }
    anyhow::bail!("documents still wait after {MAX_RUNS} runs of the schedule")
}

fn project(number: usize) -> Project {
    Project {
        firm: FIRM.to_owned(),
        number,
        customer: number / PROJECTS_PER_CUSTOMER,
    }
}

fn figures(number: usize) -> Figures {
    Figures::with_ten_percent_retainage(100_000 + i64::try_from(number).unwrap_or_default())
}

/// Measures the cost of a part.
pub(super) async fn measure_part(
    deployment: &LocalDeployment,
    part: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<Cost> {
    deployment.simulator().clear_traffic();
    let (before, busy) = (deployment.counts(), deployment.intuit_busy_for());
    let began = Instant::now();
    part.await?;
    Ok(Cost {
        elapsed: began.elapsed(),
        intuit: deployment.intuit_busy_for() - busy,
        calls: CallCounts::count(deployment.simulator().traffic()),
        counts: deployment.counts() - before,
        peak_memory: deployment.app.peak_memory(),
    })
}

impl Cost {
    /// Returns the line of a table.
    pub(super) fn line(&self, what: &str, documents: usize) -> String {
        let CallCounts {
            batches,
            writes,
            reads,
        } = self.calls;
        let (kv_reads, kv_writes) = (self.counts.get, self.counts.writes());
        let each = Decimal::from(kv_writes) / Decimal::from(documents);
        format!(
            "{what:>24} {batches:>8} {writes:>7} {reads:>6} {kv_reads:>10} {kv_writes:>10} {each:>11.3} {:>7.3} s {:>11.3} s {:>6.1} MiB",
            self.elapsed.as_secs_f64(),
            self.elapsed.saturating_sub(self.intuit).as_secs_f64(),
            self.peak_memory as f64 / MIB
        )
    }
}
