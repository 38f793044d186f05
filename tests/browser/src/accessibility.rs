//! The rules of axe-core (<https://github.com/dequelabs/axe-core>), which finds violations of WCAG in a page. It is a tool of tests
//! only: npm installs it below the target folder, and the driver runs it in the page.

use crate::run_size::is_full;
use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

const PACKAGE: &str = "axe-core@4.11.0";

/// Runs all rules and returns each violation as one line.
pub const RUN: &str = "return axe.run({ resultTypes: ['violations'] }).then((found) => found.violations.map((violation) => \
    `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.html).join(' ')}`));";

/// Returns the script that defines `axe`, which is installed the first time. `None` if npm is not there and the tests need not be
/// complete.
///
/// # Errors
/// If it cannot be installed or read, or has to be there and is not.
pub fn script() -> anyhow::Result<Option<&'static str>> {
    static SCRIPT: OnceLock<Option<String>> = OnceLock::new();
    if let Some(script) = SCRIPT.get() {
        return Ok(script.as_deref());
    }
    let read = install()?;
    Ok(SCRIPT.get_or_init(|| read).as_deref())
}

fn install() -> anyhow::Result<Option<String>> {
    let folder = folder();
    let file = folder.join("node_modules/axe-core/axe.min.js");
    if !file.exists() {
        fs::create_dir_all(&folder)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--prefix"]);
        let installed = npm.arg(&folder).arg(PACKAGE).output();
        if !installed
            .as_ref()
            .is_ok_and(|output| output.status.success())
        {
            return missing();
        }
    }
    Ok(Some(fs::read_to_string(&file).context("axe-core")?))
}

fn missing() -> anyhow::Result<Option<String>> {
    if is_full() {
        bail!("npm did not install {PACKAGE}");
    }
    println!("skipped: npm did not install {PACKAGE}, so the rules of WCAG are not tested");
    Ok(None)
}

fn folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target");
    target.unwrap_or_else(default).join("axe-core")
}
