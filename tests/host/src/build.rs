//! Builds the components of a manifest with cargo, as `spin build` does, but in as few cargo calls as possible.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, anyhow, bail, ensure};

use crate::manifest::{Component, Manifest};

pub(crate) const TARGET: &str = "wasm32-wasip2";
const TARGET_FOLDER: &str = "CARGO_TARGET_DIR";

/// Runs the build commands of a manifest, and adds the compilation target to the toolchain if it is missing.
///
/// Cargo's progress goes to standard error. Commands that differ only in the package become one call of cargo. If
/// nothing changed, cargo then checks the workspace once.
///
/// # Errors
/// Fails if the compilation target cannot be added, the target folder cannot be written, a command is not a
/// `cargo build`, or the build fails.
pub fn components(manifest: &Manifest) -> anyhow::Result<()> {
    let mut calls = BTreeMap::<CargoCall, Vec<&str>>::new();
    for component in &manifest.components {
        for (call, package) in
            cargo_calls(component).with_context(|| format!("[component.{}.build]", component.id))?
        {
            calls.entry(call).or_default().push(package);
        }
        check_writable(&source(&manifest.folder, &component.block.source))?;
    }
    if !calls.is_empty() {
        add_target()?;
    }
    for (call, packages) in calls {
        call.run(&manifest.folder, &packages)?;
    }
    Ok(())
}

/// Returns the file of each component of a manifest.
pub fn files(manifest: &Manifest) -> Vec<PathBuf> {
    let sources = manifest.components.iter();
    let file = |component: &Component| source(&manifest.folder, &component.block.source);
    sources.map(file).collect()
}

/// Returns the file of a component's `source`. If `CARGO_TARGET_DIR` is set, a path under `target/` is moved there.
pub(crate) fn source(folder: &Path, source: &str) -> PathBuf {
    let built = source
        .split_once("target/")
        .filter(|(before, _)| before.is_empty() || before.ends_with('/'));
    match (std::env::var_os(TARGET_FOLDER), built) {
        (Some(target), Some((_, below))) => PathBuf::from(target).join(below),
        _ => folder.join(source),
    }
}

/// A call of cargo, without the packages to build.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CargoCall {
    folder: String,
    arguments: Vec<String>,
}

fn cargo_calls(component: &Component) -> anyhow::Result<Vec<(CargoCall, &str)>> {
    let Some(build) = &component.block.build else {
        return Ok(Vec::new());
    };
    let folder = build.workdir.clone().unwrap_or_default();
    build
        .command
        .all()
        .iter()
        .map(|command| parse_command(&folder, command))
        .collect()
}

fn parse_command<'a>(folder: &str, command: &'a str) -> anyhow::Result<(CargoCall, &'a str)> {
    let mut words = command.split_whitespace();
    ensure!(
        words.next() == Some("cargo"),
        "this host builds with cargo only, not with {command:?}"
    );
    let mut arguments = Vec::new();
    let mut package = None;
    while let Some(word) = words.next() {
        match word {
            "-p" | "--package" => package = words.next(),
            _ => arguments.push(word.to_owned()),
        }
    }
    let package = package.with_context(|| format!("{command:?} names no package (-p)"))?;
    Ok((
        CargoCall {
            folder: folder.to_owned(),
            arguments,
        },
        package,
    ))
}

impl CargoCall {
    /// Returns the arguments of the call. A folder of its own for what is built is moved with `CARGO_TARGET_DIR`, like the sources.
    fn arguments(&self, folder: &Path) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = self.arguments.iter().map(Into::into).collect();
        let option = self
            .arguments
            .iter()
            .position(|word| word == "--target-dir");
        if let Some(at) = option.map(|at| at + 1).filter(|at| *at < arguments.len())
            && let Ok(moved) = std::path::absolute(source(folder, &self.arguments[at]))
        {
            arguments[at] = moved.into();
        }
        arguments
    }

    fn run(&self, folder: &Path, packages: &[&str]) -> anyhow::Result<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(self.arguments(folder))
            .current_dir(std::path::absolute(folder.join(&self.folder))?);
        for package in packages {
            cargo.args(["-p", package]);
        }
        if let Some(target) = std::env::var_os(TARGET_FOLDER) {
            cargo.env(TARGET_FOLDER, std::path::absolute(target)?);
        }
        let status = cargo.status().map_err(|problem| match problem.kind() {
            ErrorKind::NotFound => {
                anyhow!("cargo was not found; install Rust from https://rustup.rs")
            }
            _ => anyhow!("cargo could not be started: {problem}"),
        })?;
        ensure!(
            status.success(),
            "the components could not be built; see cargo's messages above"
        );
        Ok(())
    }
}

fn add_target() -> anyhow::Result<()> {
    let found = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let installed = found
        .is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).exists());
    if installed {
        return Ok(());
    }
    eprintln!("Adding the compilation target {TARGET} with rustup");
    match Command::new("rustup")
        .args(["target", "add", TARGET])
        .status()
    {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => bail!("the compilation target {TARGET} is missing, and rustup could not add it"),
        Err(_) => bail!(
            "the compilation target {TARGET} is missing, and there is no rustup to add it; see https://rustup.rs"
        ),
    }
}

/// Creates the folder of a file and writes to it. Cargo's own message would name one of its lock files instead.
fn check_writable(file: &Path) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    // Several hosts may check the same folder at the same time.
    let probe = folder.join(format!(".writable-{}", std::process::id()));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, ""))
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| {
            format!(
                "cannot write to {}; set {TARGET_FOLDER} to a folder that is writable",
                folder.display()
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_with_different_packages_become_one_call() {
        let (first, one) =
            parse_command("", "cargo build --target wasm32-wasip2 -p status --release").unwrap();
        let (second, two) = parse_command(
            "",
            "cargo build --target wasm32-wasip2 --package settings --release",
        )
        .unwrap();
        assert_eq!(first, second);
        assert_eq!((one, two), ("status", "settings"));
    }

    #[test]
    fn non_cargo_command_is_refused() {
        assert!(
            parse_command("", "npm run build")
                .unwrap_err()
                .to_string()
                .contains("cargo only")
        );
        assert!(
            parse_command("", "cargo build --release")
                .unwrap_err()
                .to_string()
                .contains("no package")
        );
    }

    #[test]
    fn unwritable_folder_error_suggests_target_variable() {
        let error = check_writable(Path::new("/proc/target/hello.wasm"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/proc/target") && error.contains("CARGO_TARGET_DIR"),
            "{error}"
        );
    }
}
