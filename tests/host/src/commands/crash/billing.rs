//! `crash --billing`: firms bill, calls to QuickBooks fail, and the host is killed again and again. Afterwards each document
//! must be in its company's books exactly once.

mod check;
mod deliveries;
mod expected;
mod faults;
mod final_state;
mod generator;
mod kill_cycles;
mod report;
mod run;
mod scenario;
mod set_back;

use std::fmt;
use std::time::Duration;

use clap::Args;

use super::host::Place;
use super::{Arguments, Rotation};
use crate::key_value::Stores;
use run::BillingRun;

/// The amount of billing, and the faults that disturb it.
#[derive(Args, Clone, Debug)]
pub(super) struct BillingLoad {
    /// Pay apps of all firms together; revisions, voids, releases and payments come on top
    #[arg(
        long,
        default_value_t = 1_000,
        value_name = "COUNT",
        requires = "billing"
    )]
    pay_apps: usize,
    /// Firms that bill, each with its own company
    #[arg(long, default_value_t = 5, value_name = "COUNT", requires = "billing")]
    firms: usize,
    /// Share of the calls to QuickBooks that fail
    #[arg(long, default_value = "1%", value_name = "PERCENT", value_parser = parse_percent, requires = "billing")]
    faults: f64,
    /// Events that RIVET sends at the same time
    #[arg(long, default_value_t = 8, value_name = "COUNT", requires = "billing")]
    senders: usize,
    /// Calls per second that a company accepts, beside 500 calls and 40 batches a minute [default: unlimited]
    #[arg(long, value_name = "CALLS", requires = "billing")]
    per_second: Option<u32>,
    /// Time that QuickBooks takes for each answer
    #[arg(
        long,
        default_value_t = 20,
        value_name = "MILLISECONDS",
        requires = "billing"
    )]
    latency: u64,
}

/// Runs the billing and the kills, and prints a summary. Returns the violations.
pub(super) async fn play(
    arguments: &Arguments,
    seed: u64,
    place: Place,
) -> anyhow::Result<Vec<String>> {
    let options = RunOptions {
        load: arguments.load.clone(),
        kills: arguments.kills(),
        rotation: arguments.rotation,
        seed,
    };
    let mut run = BillingRun::new(options, place).await?;
    let summary = match run.play().await {
        Ok(()) => run.summary(),
        // The summary and the violations so far may explain the error.
        Err(error) => {
            run.violations.push(format!("{error:#}"));
            run.summary()
        }
    };
    print!("{summary}");
    Ok(run.violations)
}

/// The size of a drill, and the seed of its billing and of both moments.
pub(super) struct Drill {
    pub pay_apps: usize,
    pub firms: usize,
    pub seed: u64,
}

/// Lets firms bill while the store is set back, and prints a summary. Returns the violations.
pub(super) async fn drill(
    drill: Drill,
    place: Place,
    stores: &Stores,
) -> anyhow::Result<Vec<String>> {
    let load = BillingLoad {
        pay_apps: drill.pay_apps,
        firms: drill.firms,
        faults: 0.0,
        senders: 8,
        per_second: None,
        latency: 20,
    };
    let options = RunOptions {
        load,
        kills: 0,
        rotation: Rotation::Strict,
        seed: drill.seed,
    };
    let folder = place.folder.clone();
    let mut run = BillingRun::new(options, place).await?;
    run.play_restore(stores, &folder).await?;
    println!("  {}", run.result());
    Ok(run.violations)
}

/// The options that determine a run, apart from the machine's speed.
struct RunOptions {
    load: BillingLoad,
    kills: usize,
    rotation: Rotation,
    seed: u64,
}

impl BillingLoad {
    fn latency(&self) -> Duration {
        Duration::from_millis(self.latency)
    }
}

impl fmt::Display for BillingLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pay_apps,
            firms,
            faults,
            senders,
            per_second,
            latency,
        } = self;
        write!(
            f,
            "--pay-apps {pay_apps} --firms {firms} --faults {faults}% --senders {senders} --latency {latency}"
        )?;
        match per_second {
            Some(calls) => write!(f, " --per-second {calls}"),
            None => Ok(()),
        }
    }
}

fn parse_percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse::<f64>();
    match number {
        Ok(percent) if (0.0..=50.0).contains(&percent) => Ok(percent),
        _ => Err("write it as 1%, up to 50%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_as_percent() {
        assert_eq!(
            (parse_percent("1%"), parse_percent("0.5")),
            (Ok(1.0), Ok(0.5))
        );
        assert!(parse_percent("many").is_err() && parse_percent("90%").is_err());
    }
}
