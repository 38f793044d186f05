//! Measures the repository and prints its marks.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::ExitCode;
use structure::marks::{State, marks};
use structure::report::{places, table};
use structure::repository::Repository;
use structure::rules::suggested_order;

const USAGE: &str = "usage: structure [--list | list MARK | order CRATE]";

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let repository = Repository::read(&root)?;
    if let ["order", name] = arguments.as_slice() {
        let package = repository.package(name).context(USAGE)?;
        print!("{}", suggested_order(package));
        return Ok(ExitCode::SUCCESS);
    }
    let mut marks = marks(&repository)?;
    match arguments.as_slice() {
        [] => print!("{}", table(&marks)),
        ["--list"] => print!("{}{}", table(&marks), places(&marks)),
        ["list", key] => {
            marks.retain(|mark| mark.key == *key);
            if marks.is_empty() {
                bail!("there is no mark {key}; {USAGE}");
            }
            print!("{}{}", table(&marks), places(&marks));
        }
        _ => bail!(USAGE),
    }
    let is_missed = marks.iter().any(|mark| mark.state == State::Missed);
    Ok(ExitCode::from(u8::from(is_missed)))
}
