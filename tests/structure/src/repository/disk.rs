//! Reads the sources from the disk.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The folders that hold our crates.
const PARTS: [&str; 3] = ["shared", "functions", "tests"];

/// Returns manifests and Rust files by their path below `root`, with `/` between folders.
pub(super) fn sources(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for part in PARTS {
        add_folder(&root.join(part), part, &mut sources)?;
    }
    Ok(sources)
}

fn add_folder(folder: &Path, path: &str, sources: &mut BTreeMap<String, String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("folder {path}"))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let below = format!("{path}/{name}");
        if entry.file_type()?.is_dir() {
            if name != "target" && !name.starts_with('.') {
                add_folder(&entry.path(), &below, sources)?;
            }
        } else if name == "Cargo.toml" || name.ends_with(".rs") {
            let text = fs::read_to_string(entry.path()).with_context(|| below.clone())?;
            sources.insert(below, text);
        }
    }
    Ok(())
}
