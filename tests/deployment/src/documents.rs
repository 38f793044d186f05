//! Reads the files of the repository.

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Returns the root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the text of a file, named from the root of the repository.
///
/// # Errors
/// If the file cannot be read.
pub fn file(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))
}

/// Returns the YAML documents of a text.
///
/// # Errors
/// If the text is not YAML.
pub fn documents(text: &str) -> Result<Vec<Value>> {
    Ok(serde_saphyr::from_multiple(text)?)
}

/// Returns the only YAML document of a file, named from the root of the repository.
///
/// # Errors
/// If the file cannot be read or is not YAML.
pub fn document(path: &str) -> Result<Value> {
    serde_saphyr::from_str(&file(path)?).with_context(|| format!("{path} is not YAML"))
}
