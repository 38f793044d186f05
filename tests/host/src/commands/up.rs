//! `up`: serves the components alone, against whatever the variables name.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::{App, Clock, Logs, Manifest, Options, Running, Storage, build, from_environment};

/// What `up` can be told.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// IP address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Value of a variable, before one from the environment (SPIN_VARIABLE_NAME)
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    variable: Vec<(String, String)>,
    /// Folder of the key-value store [default: .spin beside the manifest]
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,
    /// Manifest to run
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    from: PathBuf,
    /// Run the components as they were built last
    #[arg(long)]
    no_build: bool,
    /// Run ahead of the machine's clock by so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide = true)]
    clock_offset: u64,
}

/// Builds, loads and serves until interrupted.
///
/// # Errors
/// If any of it fails; the message is for the person at the terminal.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let manifest = Manifest::read(&arguments.from)?;
    if !arguments.no_build {
        build::components(&manifest)?;
    }
    let mut variables = from_environment();
    variables.extend(arguments.variable);
    let folder = arguments
        .state_dir
        .unwrap_or_else(|| manifest.folder.join(".spin"));
    let clock = Clock::system();
    clock.advance(Duration::from_secs(arguments.clock_offset));
    println!("Storing key-value data in {}", folder.display());
    let options = Options {
        variables,
        storage: Storage::Folder(folder),
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
    let running = app.listen(address).await?;
    running
        .until_interrupted(|running| announce(app, running))
        .await
}

fn announce(app: &App, running: &Running) {
    println!("Serving {}", running.url());
    println!("Available Routes:");
    for (route, component) in app.routes() {
        let shown = route
            .strip_suffix("/...")
            .map_or_else(|| route.to_owned(), |prefix| format!("{prefix} (wildcard)"));
        println!("  {component}: {}{shown}", running.url());
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_keeps_every_later_equals_sign() {
        assert_eq!(
            variable("keys=k1:abc=").unwrap(),
            ("keys".to_owned(), "k1:abc=".to_owned())
        );
        assert!(variable("keys").is_err());
    }
}
