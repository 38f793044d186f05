//! `up`: serves the components without a simulator. The variables name RIVET and Intuit.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::store_arguments::{StoreArguments, StoreChoice};
use crate::{App, Clock, Logs, Manifest, Options, RunningApp, build, from_environment};

/// The arguments of `up`.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// IP address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Value of a variable; precedes one from the environment (SPIN_VARIABLE_NAME)
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    variable: Vec<(String, String)>,
    #[command(flatten)]
    store: StoreArguments,
    /// Manifest to run [default: spin.toml, or spin.postgres.toml for records in PostgreSQL]
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Run the components without building them again
    #[arg(long)]
    no_build: bool,
    /// Set the components' clock ahead of the machine's by this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide = true)]
    clock_offset: u64,
}

/// Builds and loads the components, and serves until Ctrl-C.
///
/// # Errors
/// Fails if a step fails. The message is for the person at the terminal.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut variables = from_environment();
    variables.extend(arguments.variable);
    let folder = arguments.from.as_ref().and_then(|file| file.parent());
    let folder = folder.unwrap_or(Path::new("")).join(".spin");
    let storage = arguments.store.storage(StoreChoice::Sqlite, &folder);
    let storage = storage.with_url_from(&variables);
    let file = arguments.from.unwrap_or_else(|| storage.manifest().into());
    let manifest = Manifest::read(&file)?;
    if !arguments.no_build {
        build::components(&manifest)?;
    }
    let clock = Clock::system();
    clock.advance(Duration::from_secs(arguments.clock_offset));
    let options = Options {
        variables,
        storage,
        clock,
        logs: Logs::terminal(),
        ..Options::default()
    };
    let app = App::load(&manifest, options)?;
    tokio::runtime::Runtime::new()
        .context("cannot start threads")?
        .block_on(serve(&app, arguments.listen))
}

async fn serve(app: &App, address: SocketAddr) -> anyhow::Result<()> {
    app.verify_stores().await?;
    let running = app.listen(address).await?;
    running
        .serve_until_interrupted(|running| announce(app, running))
        .await
}

fn announce(app: &App, running: &RunningApp) {
    println!("Storing records: {}", app.stores().name());
    println!("Serving {}", running.url());
    println!("Available Routes:");
    for (route, component) in app.routes() {
        let shown = route
            .strip_suffix("/...")
            .map_or_else(|| route.to_owned(), |prefix| format!("{prefix} (wildcard)"));
        println!("  {component}: {}{shown}", running.url());
    }
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_value_keeps_equals_signs() {
        assert_eq!(
            parse_variable("keys=k1:abc=").unwrap(),
            ("keys".to_owned(), "k1:abc=".to_owned())
        );
        assert!(parse_variable("keys").is_err());
    }
}
