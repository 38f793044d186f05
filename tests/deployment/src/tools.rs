//! Runs the programs of others that check what we wrote.

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};

/// The end of a program's run.
#[derive(Debug)]
pub enum Ran {
    /// The program is not installed; a line said so.
    Missing,
    /// The program ran to its end.
    Ended {
        /// The exit status.
        status: ExitStatus,
        /// The standard output.
        output: String,
        /// The standard error.
        errors: String,
    },
}

/// Runs a program with some arguments in the root of the repository, without input.
///
/// # Errors
/// If the program is missing although `RIVET_TESTS` is `full`, or does not start.
pub fn run(program: &str, arguments: &[&str]) -> Result<Ran> {
    let started = Command::new(program)
        .args(arguments)
        .current_dir(crate::root())
        .stdin(Stdio::null())
        .output();
    match started {
        Ok(ended) => Ok(Ran::Ended {
            status: ended.status,
            output: String::from_utf8(ended.stdout)?,
            errors: String::from_utf8(ended.stderr)?,
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing(program),
        Err(error) => Err(error).with_context(|| format!("cannot run {program}")),
    }
}

fn missing(program: &str) -> Result<Ran> {
    if std::env::var("RIVET_TESTS").is_ok_and(|size| size == "full") {
        bail!("{program} is not installed, and a full run needs it");
    }
    // Not `eprintln!`, which the test harness keeps to itself.
    writeln!(
        std::io::stderr(),
        "skipped: {program} is not installed, so what it checks was not checked"
    )?;
    Ok(Ran::Missing)
}
