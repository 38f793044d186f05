//! A crate: its manifest and its modules.

use super::module::{Module, Reader};
use super::{Part, SourceFile};
use anyhow::Result;
use std::collections::BTreeMap;
use toml::Table;

/// A crate.
pub struct Package {
    /// The name in the manifest.
    pub name: String,
    /// The folder below the root of the repository.
    pub folder: String,
    /// The part of the repository that holds the folder.
    pub part: Part,
    /// The manifest.
    pub manifest: Table,
    /// The text of the manifest.
    pub manifest_text: String,
    /// The modules without tests, parents before children; empty for a crate below `tests/`.
    pub modules: Vec<Module>,
    /// Lines without tests, by file.
    pub file_lines: BTreeMap<String, usize>,
}

impl Package {
    /// Reads the crate in `folder`.
    pub(super) fn read(folder: &str, manifest: &str, files: &[SourceFile]) -> Result<Self> {
        let manifest_text = manifest.to_string();
        let manifest: Table = manifest.parse()?;
        let name = manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(|name| name.as_str())
            .unwrap_or(folder)
            .to_string();
        let part = Part::of(folder).unwrap_or(Part::Tests);
        let mut reader = Reader::new(files);
        if part != Part::Tests {
            for root in ["src/lib.rs", "src/main.rs"] {
                reader.read_root(&format!("{folder}/{root}"))?;
            }
        }
        let (modules, file_lines) = reader.finish();
        Ok(Self {
            name,
            folder: folder.into(),
            part,
            manifest,
            manifest_text,
            modules,
            file_lines,
        })
    }

    /// Returns the module at a path, if there is one without tests.
    #[must_use]
    pub fn module(&self, path: &[String]) -> Option<&Module> {
        self.modules.iter().find(|module| module.path == path)
    }
}
