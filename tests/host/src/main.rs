//! The local host as a command.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use host::commands::crash::restore_drill;
use host::commands::{bench, check_store, crash, postgres_manifest, screenshots, up};
use host::demo;
use host::store_arguments::StoreArguments;

/// Plays the sample firm's billing against a simulated QuickBooks and keeps serving
#[derive(Parser)]
#[command(name = "rivet-books")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// IP address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

#[derive(Subcommand)]
enum Command {
    /// Play the sample firm's billing and exit: 0 if every balance ties out, else 1
    Demo(StoreArguments),
    /// Serve the components alone, like `spin up`
    Up(up::Arguments),
    /// Judge a store by what every back end must do: 0 if records can be kept on it, else 1
    CheckStore(check_store::Arguments),
    /// Kill the host again and again while firms connect or bill, then check every firm
    Crash(crash::Arguments),
    /// Set the store back to an earlier copy while firms bill, then check every firm
    RestoreDrill(restore_drill::Arguments),
    /// Render each state of the Integrations page to a folder: light, dark and phone
    Screenshots(screenshots::Arguments),
    /// Write spin.postgres.toml from spin.toml
    PostgresManifest,
    /// Measure latency and throughput beside a component that does nothing
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        None => demo::play_and_serve(arguments.listen),
        Some(Command::Demo(store)) => demo::play_once(&store),
        Some(Command::Up(arguments)) => up::run(arguments).map(|()| true),
        Some(Command::CheckStore(arguments)) => check_store::run(&arguments),
        Some(Command::Crash(arguments)) => crash::run(&arguments),
        Some(Command::RestoreDrill(arguments)) => restore_drill::run(&arguments),
        Some(Command::Screenshots(arguments)) => screenshots::run(&arguments),
        Some(Command::PostgresManifest) => postgres_manifest::run().map(|()| true),
        Some(Command::Bench(arguments)) => bench::run(&arguments).map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
