//! `screenshots`: renders each state of the page. A crate of its own steers the browser, so that the host needs no WebDriver.

use anyhow::Context as _;
use clap::Args;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The arguments of `screenshots`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Folder of the pictures
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Builds the crate `browser` and lets it render the states. Returns whether all of them show what they should.
///
/// # Errors
/// Fails if cargo cannot be started.
pub fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "-p", "browser", "--"]);
    let status = command.arg(&arguments.folder).status();
    Ok(status.context("cargo cannot be started")?.success())
}
