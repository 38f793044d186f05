//! `bench --posting`: what pay apps with retainage cost, one as it arrives and many that a person lets go.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::Request;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::{ClassTracking, Company};

use crate::bills::{Figures, Project};
use crate::calls::Calls;
use crate::demo::firm::Firm;
use crate::demo::stage::{SCHEDULER_SECRET, Setting, Stage};
use crate::{Counts, Manifest, demo};

const FIRM: &str = "firm_bench";

/// The pay apps are spread over so many projects.
const PROJECTS: usize = 10;

/// Projects of one customer.
const TO_A_CUSTOMER: usize = 2;

/// When the company's limit for a minute was met, the next run comes after this.
const MINUTE: Duration = Duration::from_secs(61);

/// More runs of the schedule than any case needs.
const RUNS: usize = 1_000;

/// What a part of a case cost.
struct Cost {
    calls: Calls,
    counts: Counts,
    took: Duration,
}

/// Runs each case on a store of its own and prints what it cost.
///
/// # Errors
/// If something cannot be started, or is not posted.
pub async fn measure() -> anyhow::Result<()> {
    let manifest = demo::built()?;
    println!(
        "Pay apps with retainage, of customers and projects that are known, the store in memory:"
    );
    println!(
        "{:>24} {:>8} {:>7} {:>6} {:>10} {:>10} {:>11} {:>9}",
        "", "batches", "writes", "reads", "kv reads", "kv writes", "a document", "takes"
    );
    println!("{}", one_event(&manifest).await?);
    for documents in [1, 30, 1_000] {
        for line in bulk(&manifest, documents).await? {
            println!("{line}");
        }
    }
    Ok(())
}

/// A single pay app that arrives while nothing else is to be done.
async fn one_event(manifest: &Manifest) -> anyhow::Result<String> {
    let stage = Stage::set(manifest, Setting::default()).await?;
    let firm = office(&stage).await?;
    let cost = measured(&stage, deliver(&firm, 1..2)).await?;
    stage.stop().await;
    Ok(cost.line("1 arrives", 1))
}

/// So many pay apps wait in manual mode; then Sync Now and the schedule post them.
async fn bulk(manifest: &Manifest, documents: usize) -> anyhow::Result<[String; 2]> {
    let stage = Stage::set(manifest, Setting::default()).await?;
    let firm = office(&stage).await?;
    firm.choose(|settings| settings["sync"]["mode"] = "manual".into())
        .await?;
    let accepted = measured(&stage, deliver(&firm, 1..documents + 1)).await?;
    let posted = measured(&stage, post_all(&stage, &firm)).await?;
    let invoices = stage.simulator().entities(&firm.realm, "Invoice").count();
    ensure!(
        invoices == documents + PROJECTS,
        "{invoices} invoices of {documents}"
    );
    stage.stop().await;
    Ok([
        accepted.line(&format!("{documents} accepted"), documents),
        posted.line(&format!("{documents} posted"), documents),
    ])
}

/// The firm is connected and has billed once for each of its projects.
async fn office(stage: &Stage) -> anyhow::Result<Firm<'_>> {
    let company = Company::new("Harbor Electric LLC").class_tracking(ClassTracking::PerLine);
    let realm = stage.simulator().add_company(company);
    let firm = Firm {
        stage,
        id: FIRM.to_owned(),
        realm,
    };
    firm.connect().await?;
    firm.choose(|settings| settings["class_tracking"]["mode"] = "auto_create".into())
        .await?;
    for number in 0..PROJECTS {
        let first = project(number).pay_app((1, 1), figures(number));
        let told = firm.deliver(&format!("evt_first_{number}"), &first).await?;
        ensure!(told.body["outcome"] == "posted", "answered {}", told.body);
    }
    // The company has forgotten those calls when it is measured.
    stage.advance(MINUTE);
    Ok(firm)
}

async fn deliver(firm: &Firm<'_>, numbers: std::ops::Range<usize>) -> anyhow::Result<()> {
    for number in numbers {
        let app = 2 + number / PROJECTS;
        let body = project(number % PROJECTS).pay_app((app, 1), figures(number));
        let told = firm.deliver(&format!("evt_{number}"), &body).await?;
        ensure!(
            told.status == 202,
            "answered {}: {}",
            told.status,
            told.body
        );
    }
    Ok(())
}

async fn post_all(stage: &Stage, firm: &Firm<'_>) -> anyhow::Result<()> {
    let asked = firm
        .call(Request::post("/v1/quickbooks/sync"), None)
        .await?;
    ensure!(asked.status == 202, "Sync Now was answered {}", asked.body);
    for _ in 0..RUNS {
        let path = format!("/v1/scheduled/sync?key={SCHEDULER_SECRET}");
        let answer = stage.send(Request::get(path).body(Bytes::new())?).await?;
        let report: Value = serde_json::from_slice(answer.body())?;
        let remaining = report["remaining"].as_u64();
        let remaining = remaining.with_context(|| format!("the run was answered {report}"))?;
        if remaining == 0 {
            return Ok(());
        }
        stage.advance(MINUTE);
    }
    anyhow::bail!("after {RUNS} runs something waits")
}

fn project(number: usize) -> Project {
    Project {
        firm: FIRM.to_owned(),
        number,
        customer: number / TO_A_CUSTOMER,
    }
}

fn figures(number: usize) -> Figures {
    Figures::with_a_tenth_held(100_000 + i64::try_from(number).unwrap_or_default())
}

async fn measured(
    stage: &Stage,
    part: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<Cost> {
    stage.simulator().clear_traffic();
    let (before, began) = (stage.counts(), Instant::now());
    part.await?;
    Ok(Cost {
        took: began.elapsed(),
        calls: Calls::of(stage.simulator().traffic()),
        counts: stage.counts() - before,
    })
}

impl Cost {
    fn line(&self, what: &str, documents: usize) -> String {
        let Calls {
            batches,
            writes,
            reads,
        } = self.calls;
        let (kv_reads, kv_writes) = (self.counts.get, self.counts.writes());
        let each = Decimal::from(kv_writes) / Decimal::from(documents);
        format!(
            "{what:>24} {batches:>8} {writes:>7} {reads:>6} {kv_reads:>10} {kv_writes:>10} {each:>11.3} {:>7.2} s",
            self.took.as_secs_f64()
        )
    }
}
