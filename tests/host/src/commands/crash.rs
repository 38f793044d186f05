//! `crash`: kills the host again and again while firms connect and grants are refreshed, or while they bill, and checks what is
//! left.
//!
//! QuickBooks, RIVET and time live in this process and survive. The host is a child, this same program with `up`;
//! it is killed with SIGKILL at moments that the seed draws, and started again on the same folder.

mod billing;
mod cast;
mod check;
mod host;
mod kills;
mod life;
mod receiver;
mod tally;
mod world;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::demo;
use life::Run;

/// What `crash` can be told.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// How often the host is killed [default: 100, or 20 with --billing]
    #[arg(long)]
    kills: Option<usize>,
    /// Draws who does what, and when the host dies [default: another each time]
    #[arg(long)]
    seed: Option<u64>,
    /// What becomes of a refresh token's old value when a refresh changes it
    #[arg(long, value_enum, default_value_t = Rotation::Strict)]
    rotation: Rotation,
    /// Have connected firms bill meanwhile, and hold their companies' books against it, instead of connecting firms
    #[arg(long)]
    billing: bool,
    #[command(flatten)]
    load: billing::Load,
}

/// Each refresh changes the refresh token; Intuit's texts disagree about the old value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Rotation {
    /// It dies at once
    Strict,
    /// It works for 24 hours more
    Grace,
}

/// Plays it and prints a summary. Says whether everything held.
///
/// # Errors
/// If something cannot be built or started.
pub fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    demo::built()?;
    let folder = std::env::temp_dir().join(format!("rivet-books-crash-{}", std::process::id()));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    let held = runtime.block_on(play(arguments, folder.clone()))?;
    if held {
        std::fs::remove_dir_all(&folder)?;
    } else {
        println!(
            "The host's log and records are left in {}",
            folder.display()
        );
    }
    Ok(held)
}

async fn play(arguments: &Arguments, folder: PathBuf) -> anyhow::Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..100_000));
    let name = arguments.rotation.to_possible_value();
    let name = name.as_ref().map_or("", |value| value.get_name());
    let mut again = format!("--seed {seed} --rotation {name}");
    if arguments.billing {
        again.push_str(&format!(" --billing {}", arguments.load));
    }
    let kills = arguments.kills();
    println!("Killing the host {kills} times: {again}");
    let began = Instant::now();
    let violations = match arguments.billing {
        true => billing::play(arguments, seed, folder).await?,
        false => connect((kills, arguments.rotation), seed, folder).await?,
    };
    println!("  {:.1} s", began.elapsed().as_secs_f64());
    for violation in &violations {
        println!("VIOLATION ({again}): {violation}");
    }
    Ok(violations.is_empty())
}

async fn connect(
    (kills, rotation): (usize, Rotation),
    seed: u64,
    folder: PathBuf,
) -> anyhow::Result<Vec<String>> {
    let mut run = Run::begin(rotation, seed, folder).await?;
    run.measure().await?;
    while run.tally.kills.total < kills && run.tally.violations.is_empty() {
        run.streak(kills).await?;
        run.check().await?;
    }
    print!("{}", run.tally);
    Ok(run.tally.violations)
}

impl Arguments {
    fn kills(&self) -> usize {
        let default = if self.billing { 20 } else { 100 };
        self.kills.unwrap_or(default)
    }
}
