//! `postgres-manifest`: writes `spin.postgres.toml` from `spin.toml`.

use std::path::Path;

use anyhow::Context as _;

use crate::manifest::postgres_manifest;

/// Writes the manifest of the components that keep their records in PostgreSQL, in the current folder.
///
/// # Errors
/// Fails if a manifest cannot be read or written.
pub fn run() -> anyhow::Result<()> {
    let manifest = std::fs::read_to_string("spin.toml").context("cannot read spin.toml")?;
    let file = Path::new("spin.postgres.toml");
    std::fs::write(file, postgres_manifest(&manifest))
        .with_context(|| format!("cannot write {}", file.display()))
}
