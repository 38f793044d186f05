//! The local host as a command.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use host::commands::up;

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
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Up(arguments) => up::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
