//! `crash`: kills the host again and again while firms connect or bill, and checks the records and books afterwards.
//!
//! QuickBooks, RIVET and the clock are in this process and survive. The host is a child process: this program with `up`.
//! SIGKILL ends it at moments that are drawn from the seed, and it is started again on the same records.

pub mod restore_drill;
mod billing;
mod check;
mod connection_run;
mod firms;
mod host;
mod kills;
mod receiver;
mod summary;
mod world;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};

use crate::demo;
use crate::key_value::{Storage, Stores};
use crate::store_arguments::StoreChoice;
use connection_run::ConnectionRun;
use host::Place;

/// The arguments of `crash`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Number of kills [default: 100, or 20 with --billing]
    #[arg(long)]
    kills: Option<usize>,
    /// Seed of the random choices; the same seed plays the same requests and kills [default: random]
    #[arg(long)]
    seed: Option<u64>,
    /// Validity of an old refresh token after a refresh has replaced it
    #[arg(long, value_enum, default_value_t = Rotation::Strict)]
    rotation: Rotation,
    /// Let connected firms bill while the host is killed, then compare their companies' books; without it, firms connect
    #[arg(long)]
    billing: bool,
    /// Store of the records: sqlite, redis://HOST:PORT or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, value_name = "STORE", default_value = "sqlite")]
    store: StoreChoice,
    #[command(flatten)]
    load: billing::BillingLoad,
}

/// The rule for the old refresh token after a refresh. Intuit's documents contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rotation {
    /// The old token is invalid at once
    Strict,
    /// The old token stays valid for 24 hours
    Grace,
}

/// Runs the kills and the checks, and prints a summary. Returns whether every check passed.
///
/// # Errors
/// Fails if a component cannot be built or started.
pub fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    with_empty_store(&arguments.store, async |place, _| {
        play(arguments, place).await
    })
}

/// Builds the components and plays with an empty store. If it passed, the records and the host's log are removed.
fn with_empty_store(
    store: &StoreChoice,
    play: impl AsyncFnOnce(Place, &Stores) -> anyhow::Result<bool>,
) -> anyhow::Result<bool> {
    let folder = std::env::temp_dir().join(format!("rivet-books-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let storage = lasting_storage(store, &folder)?;
    demo::build_workspace(&storage)?;
    let stores = Stores::open(&storage)?;
    stores.require_empty()?;
    let place = Place {
        folder: folder.clone(),
        store: store.clone(),
    };
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    let passed = runtime.block_on(play(place, &stores))?;
    if passed {
        stores.remove_records()?;
        drop(stores);
        std::fs::remove_dir_all(&folder)?;
    } else {
        println!("The records are in {}", stores.name());
        println!("The host's log is in {}", folder.display());
    }
    Ok(passed)
}

/// Returns the place of the records, which must survive a kill.
fn lasting_storage(store: &StoreChoice, folder: &Path) -> anyhow::Result<Storage> {
    ensure!(
        *store != StoreChoice::Memory,
        "--store: records in memory do not survive a kill; choose sqlite, redis://… or postgres://…"
    );
    Ok(store.clone().storage(folder.to_owned(), Duration::ZERO))
}

async fn play(arguments: &Arguments, place: Place) -> anyhow::Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..100_000));
    let name = arguments.rotation.to_possible_value();
    let name = name.as_ref().map_or("", |value| value.get_name());
    let mut replay = format!("--seed {seed} --rotation {name}");
    if arguments.billing {
        replay.push_str(&format!(" --billing {}", arguments.load));
    }
    let kills = arguments.kills();
    println!("Killing the host {kills} times: {replay}");
    let began = Instant::now();
    let violations = match arguments.billing {
        true => billing::play(arguments, seed, place).await?,
        false => play_connections(arguments, seed, place).await?,
    };
    println!("  {:.1} s", began.elapsed().as_secs_f64());
    for violation in &violations {
        println!("VIOLATION ({replay}): {violation}");
    }
    Ok(violations.is_empty())
}

async fn play_connections(
    arguments: &Arguments,
    seed: u64,
    place: Place,
) -> anyhow::Result<Vec<String>> {
    let kills = arguments.kills();
    let mut run = ConnectionRun::new(arguments.rotation, seed, place).await?;
    run.measure().await?;
    while run.summary.kills.total < kills && run.summary.violations.is_empty() {
        run.kill_series(kills).await?;
        run.check().await?;
    }
    print!("{}", run.summary);
    Ok(run.summary.violations)
}

impl Arguments {
    fn kills(&self) -> usize {
        let default = if self.billing { 20 } else { 100 };
        self.kills.unwrap_or(default)
    }
}
