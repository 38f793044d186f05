//! The sources of the repository: its crates, their modules without tests, and every file.

mod disk;
mod package;
mod module;
mod pruning;
mod source;
mod part;

pub use module::Module;
pub use package::Package;
pub use part::Part;
pub use source::SourceFile;

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// All sources below `shared/`, `functions/` and `tests/`.
pub struct Repository {
    /// The crates, ordered by folder.
    pub packages: Vec<Package>,
    /// Every Rust file, also those that hold only tests, ordered by path.
    pub files: Vec<SourceFile>,
}

impl Repository {
    /// Reads the repository whose root is `root`.
    ///
    /// # Errors
    /// A file cannot be read or is no Rust.
    pub fn read(root: &Path) -> Result<Self> {
        Self::from_sources(disk::sources(root)?)
    }

    /// Makes a repository of texts by path: manifests and Rust files.
    ///
    /// # Errors
    /// A text is no manifest or no Rust.
    pub fn from_sources(texts: BTreeMap<String, String>) -> Result<Self> {
        let (manifests, files): (Vec<_>, Vec<_>) = texts
            .into_iter()
            .partition(|(path, _)| path.ends_with("/Cargo.toml"));
        let files = files.into_iter();
        let files = files
            .filter_map(|(path, text)| SourceFile::new(path, text))
            .collect();
        let mut repository = Self {
            packages: Vec::new(),
            files,
        };
        for (path, text) in manifests {
            let folder = path.trim_end_matches("/Cargo.toml");
            let package = Package::read(folder, &text, &repository.files);
            let package = package.with_context(|| format!("crate in {folder}"))?;
            repository.packages.push(package);
        }
        Ok(repository)
    }

    /// Returns the crates of the product, those below `shared/` and `functions/`.
    pub fn product(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.part != Part::Tests)
    }

    /// Returns the crates below `shared/`.
    pub fn shared(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.part == Part::Shared)
    }

    /// Returns the crate of that name, if there is one.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}
