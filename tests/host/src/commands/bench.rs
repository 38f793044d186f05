//! `bench`: measures the components beside bare ones, and counts what their work costs.

// Top first: a module uses only modules below it.
mod cold;
mod side_by_side;
mod deliveries;
mod firms;
mod reports;
mod posting;
mod refresh;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::load::Load;
use crate::store_arguments::StoreChoice;

/// The arguments of `bench`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Requests that are open at the same time
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Requests measured for each component, five times
    #[arg(long, default_value_t = 1_000)]
    requests: usize,
    /// Measure the scheduled token refresh of thousands of connections instead
    #[arg(long)]
    refresh: bool,
    /// Store of that measurement: memory, redis://HOST:PORT or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        value_name = "STORE",
        default_value = "memory",
        requires = "refresh"
    )]
    store: StoreChoice,
    /// Count the calls, reads and writes of posting 1, 30 and 1 000 pay apps instead
    #[arg(long, conflicts_with = "refresh")]
    posting: bool,
    /// Measure the tie-out, the check-up and the retainage schedule of a firm with 1 000 pay apps instead
    #[arg(long, conflicts_with_all = ["refresh", "posting"])]
    reports: bool,
    /// Measure what a new instance costs instead
    #[arg(long, conflicts_with_all = ["refresh", "posting", "reports"])]
    cold: bool,
}

/// Builds the components, measures them and prints a table.
///
/// # Errors
/// Fails if a component cannot be built, loaded or reached, or an answer has no 2xx status.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let load = Load {
        connections: arguments.connections,
        requests: arguments.requests,
    };
    let runtime = tokio::runtime::Runtime::new().context("cannot start threads")?;
    if arguments.refresh {
        let folder = std::env::temp_dir().join(format!("rivet-books-bench-{}", std::process::id()));
        let storage = arguments
            .store
            .clone()
            .storage(folder.clone(), Duration::ZERO);
        runtime.block_on(refresh::measure(&storage))?;
        return remove_folder(&folder);
    }
    if arguments.posting {
        return runtime.block_on(posting::measure());
    }
    if arguments.reports {
        return runtime.block_on(reports::measure());
    }
    if arguments.cold {
        return runtime.block_on(cold::run());
    }
    runtime.block_on(side_by_side::run(load))
}

/// Removes the folder of a store on SQLite.
fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}
