//! `bench --refresh`: one run of the scheduled refresh over a crowd of firms.

use std::time::{Duration, Instant};

use anyhow::ensure;
use bytes::Bytes;
use http::Request;
use jiff::SignedDuration;
use serde_json::Value;
use simulator::{CallClass, Effect, Injection, RequestKind};

use crate::Manifest;
use crate::crowd::Crowd;
use crate::demo;
use crate::demo::stage::{SCHEDULER_SECRET, Setting, Stage};

/// Token calls that a run has under way at once.
const AT_ONCE: usize = 10;

/// One line of the table.
struct Case {
    crowd: Crowd,
    /// How long the token endpoint takes.
    latency: Duration,
}

const CASES: [Case; 3] = [
    Case {
        crowd: Crowd {
            firms: 100,
            due: 100,
        },
        latency: Duration::ZERO,
    },
    Case {
        crowd: Crowd {
            firms: 10_000,
            due: 100,
        },
        latency: Duration::ZERO,
    },
    Case {
        crowd: Crowd {
            firms: 1_000,
            due: 1_000,
        },
        latency: Duration::from_millis(100),
    },
];

/// Runs each case on a store of its own and prints what it cost.
///
/// # Errors
/// If something cannot be started, or a run leaves something due.
pub async fn measure() -> anyhow::Result<()> {
    let manifest = demo::built()?;
    println!("One run of the scheduled refresh, the store in memory:");
    println!(
        "{:>7} {:>6} {:>8} {:>8} {:>8} {:>12} {:>9}",
        "firms", "due", "reads", "writes", "calls", "call takes", "run takes"
    );
    for case in &CASES {
        println!("{}", line(&manifest, case).await?);
    }
    Ok(())
}

async fn line(manifest: &Manifest, case: &Case) -> anyhow::Result<String> {
    let stage = Stage::set(manifest, Setting::default()).await?;
    populate(&stage, case).await?;
    let before = stage.counts();
    let began = Instant::now();
    run(&stage, case.crowd.due).await?;
    let took = began.elapsed();
    let counts = stage.counts() - before;
    let calls = token_calls(&stage);
    stage.stop().await;
    let Case { crowd, latency } = case;
    let floor = *latency * u32::try_from(crowd.due.div_ceil(AT_ONCE))?;
    let beside = match floor.is_zero() {
        true => String::new(),
        false => format!(
            "  {:.2} times the floor of {:.1} s",
            took.as_secs_f64() / floor.as_secs_f64(),
            floor.as_secs_f64()
        ),
    };
    Ok(format!(
        "{:>7} {:>6} {:>8} {:>8} {calls:>8} {:>9} ms {:>7.2} s{beside}",
        crowd.firms,
        crowd.due,
        counts.get,
        counts.writes(),
        latency.as_millis(),
        took.as_secs_f64(),
    ))
}

async fn populate(stage: &Stage, case: &Case) -> anyhow::Result<()> {
    let grants = case.crowd.grants(&mut stage.simulator());
    case.crowd
        .settle(&stage.records(), grants, stage.now())
        .await?;
    let slow = Effect::Slow(SignedDuration::try_from(case.latency)?);
    let slow = Injection::new(slow).kind(RequestKind::Token).always();
    stage.simulator().inject(slow);
    Ok(())
}

/// A run that refreshes all that is due.
async fn run(stage: &Stage, due: usize) -> anyhow::Result<()> {
    let path = format!("/v1/scheduled/token-refresh?key={SCHEDULER_SECRET}");
    let answer = stage.send(Request::get(path).body(Bytes::new())?).await?;
    let report: Value = serde_json::from_slice(answer.body())?;
    ensure!(report["refreshed"] == due, "the run was answered {report}");
    Ok(())
}

fn token_calls(stage: &Stage) -> usize {
    let simulator = stage.simulator();
    let calls = simulator.traffic().iter();
    calls.filter(|seen| seen.class == CallClass::Token).count()
}
