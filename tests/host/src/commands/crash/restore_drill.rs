//! `restore-drill`: firms bill, the store is set back to an earlier copy, and RIVET sends everything since again.

use clap::Args;

use super::{billing, with_empty_store};
use crate::store_arguments::StoreChoice;

/// The arguments of `restore-drill`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Store of the records: sqlite, redis://HOST:PORT or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(long, value_name = "STORE", default_value = "sqlite")]
    store: StoreChoice,
    /// Pay apps of all firms together; revisions, voids, releases and payments come on top
    #[arg(long, default_value_t = 200, value_name = "COUNT")]
    pay_apps: usize,
    /// Firms that bill, each with its own company
    #[arg(long, default_value_t = 2, value_name = "COUNT")]
    firms: usize,
    /// Seed of the billing and of both moments [default: random]
    #[arg(long)]
    seed: Option<u64>,
}

/// Plays the drill and prints a summary. Returns whether each document is in the books once and all ties out.
///
/// # Errors
/// Fails if a component cannot be built or started, or the store is not empty.
pub fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..100_000));
    let drill = billing::Drill {
        pay_apps: arguments.pay_apps,
        firms: arguments.firms,
        seed,
    };
    println!("Setting the store back while firms bill: --seed {seed}");
    with_empty_store(&arguments.store, async |place, stores| {
        let violations = billing::drill(drill, place, stores).await?;
        for violation in &violations {
            println!("VIOLATION (--seed {seed}): {violation}");
        }
        Ok(violations.is_empty())
    })
}
