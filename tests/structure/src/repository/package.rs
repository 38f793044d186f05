//! One crate: its manifest and its modules.

use super::SourceFile;
use super::module::{Module, Reader};
use anyhow::Result;
use std::collections::BTreeMap;
use toml::Table;

/// The folder that a crate lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `shared/`.
    Shared,
    /// `functions/`.
    Functions,
    /// `tests/`.
    Tests,
}

impl Part {
    /// Returns the part that a path belongs to.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path.split('/').next()? {
            "shared" => Some(Self::Shared),
            "functions" => Some(Self::Functions),
            "tests" => Some(Self::Tests),
            _ => None,
        }
    }
}

/// A crate.
pub struct Package {
    /// Its name, as in its manifest.
    pub name: String,
    /// Its folder below the root of the repository.
    pub folder: String,
    /// Where it belongs.
    pub part: Part,
    /// Its manifest.
    pub manifest: Table,
    /// The text of its manifest.
    pub manifest_text: String,
    /// Its modules without tests, parents before children; empty for a crate below `tests/`.
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

    /// Returns the number of its lines without tests.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.file_lines.values().sum()
    }

    /// Returns the module at a path, if there is one without tests.
    #[must_use]
    pub fn module(&self, path: &[String]) -> Option<&Module> {
        self.modules.iter().find(|module| module.path == path)
    }
}
