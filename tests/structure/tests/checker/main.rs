//! The checker finds what it must, where it is, on small sources.

mod marks;
mod order;
mod rules;
mod signatures;

use anyhow::Result;
use std::collections::BTreeMap;
use structure::finding::Finding;
use structure::repository::Repository;

/// Returns a repository of files by path. A crate whose manifest is not given has one with its folder's name.
fn repository(files: &[(&str, &str)]) -> Result<Repository> {
    let mut texts = BTreeMap::new();
    for (path, _) in files {
        if let Some((folder, _)) = path.split_once("/src/") {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            let manifest = format!("[package]\nname = \"{name}\"\n");
            texts.insert(format!("{folder}/Cargo.toml"), manifest);
        }
    }
    texts.extend(
        files
            .iter()
            .map(|(path, text)| (path.to_string(), text.to_string())),
    );
    Repository::from_sources(texts)
}

/// Returns findings as they are printed.
fn printed(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}
