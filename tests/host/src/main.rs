//! The local host as a command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use host::commands::{bench, up};

/// Runs the components of spin.toml on this machine
#[derive(Parser)]
#[command(name = "rivet-books")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the components alone, like `spin up`
    Up(up::Arguments),
    /// Measure latency and throughput beside a component that does nothing
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Up(arguments) => up::run(arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
