//! `crash --billing`: RIVET sends a firm's billing, the schedule runs, calls to QuickBooks go wrong, and the host is killed
//! again and again; afterwards every document stands in its company's books, once.

mod check;
mod deliveries;
mod draft;
mod expected;
mod lives;
mod report;
mod rest;
mod run;
mod story;
mod trouble;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Arguments, Rotation};
use run::Run;

/// How much is billed, and what is in the way.
#[derive(Args, Clone, Debug)]
pub(super) struct Load {
    /// Pay apps of all firms together; revisions, voids, releases and payments come on top
    #[arg(
        long,
        default_value_t = 1_000,
        value_name = "COUNT",
        requires = "billing"
    )]
    pay_apps: usize,
    /// Firms that bill, each in a company of its own
    #[arg(long, default_value_t = 5, value_name = "COUNT", requires = "billing")]
    firms: usize,
    /// How many of the calls to QuickBooks go wrong
    #[arg(long, default_value = "1%", value_name = "PERCENT", value_parser = percent, requires = "billing")]
    faults: f64,
    /// Events that RIVET sends at the same time
    #[arg(long, default_value_t = 8, value_name = "COUNT", requires = "billing")]
    senders: usize,
    /// Calls that a company takes in a second, beside 500 in a minute and 40 batches [default: as many as come]
    #[arg(long, value_name = "CALLS", requires = "billing")]
    per_second: Option<u32>,
    /// How long QuickBooks takes for each answer
    #[arg(
        long,
        default_value_t = 20,
        value_name = "MILLISECONDS",
        requires = "billing"
    )]
    latency: u64,
}

/// Plays it and prints a summary. Gives what did not hold.
pub(super) async fn play(
    arguments: &Arguments,
    seed: u64,
    folder: PathBuf,
) -> anyhow::Result<Vec<String>> {
    let setting = Setting {
        load: arguments.load.clone(),
        kills: arguments.kills(),
        rotation: arguments.rotation,
        seed,
    };
    let mut run = Run::begin(setting, folder).await?;
    let summary = match run.play().await {
        Ok(()) => run.summary(),
        // What was seen until then is told too: it may be why.
        Err(error) => {
            run.violations.push(format!("{error:#}"));
            run.summary()
        }
    };
    print!("{summary}");
    Ok(run.violations)
}

/// All that a run depends on, beside the machine that it runs on.
struct Setting {
    load: Load,
    kills: usize,
    rotation: Rotation,
    seed: u64,
}

impl Load {
    fn latency(&self) -> Duration {
        Duration::from_millis(self.latency)
    }
}

impl fmt::Display for Load {
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

fn percent(text: &str) -> Result<f64, String> {
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
    fn faults_are_told_in_percent() {
        assert_eq!((percent("1%"), percent("0.5")), (Ok(1.0), Ok(0.5)));
        assert!(percent("many").is_err() && percent("90%").is_err());
    }
}
