//! Follows `mod` items from the root of a crate and keeps all that is no test.

use super::SourceFile;
use super::pruning::Pruned;
use crate::syntax;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use syn::{Attribute, File, Item};

/// A module without its tests: a file or an inline `mod`.
pub struct Module {
    /// Names of the modules around it and its own; empty for the root of the crate.
    pub path: Vec<String>,
    /// The file that holds it.
    pub file: String,
    /// The attributes of the module itself, such as its documentation.
    pub attributes: Vec<Attribute>,
    /// The items. An inline `mod` among them is empty: its content is a module of its own.
    pub items: Vec<Item>,
}

impl Module {
    /// Returns its path as it is written, for example `crate::queue::entry`.
    #[must_use]
    pub fn name(&self) -> String {
        syntax::module_name(&self.path)
    }

    /// Returns the names and lines of the modules that it declares, in their order.
    pub fn children(&self) -> impl Iterator<Item = (String, usize)> {
        self.items.iter().filter_map(|item| match item {
            Item::Mod(module) => {
                let line = module.ident.span().start().line;
                Some((module.ident.to_string(), line))
            }
            _ => None,
        })
    }
}

/// Collects the modules of one crate.
pub(super) struct Reader<'a> {
    /// Every file, ordered by path.
    files: &'a [SourceFile],
    modules: Vec<Module>,
    file_lines: BTreeMap<String, usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(files: &'a [SourceFile]) -> Self {
        Self {
            files,
            modules: Vec::new(),
            file_lines: BTreeMap::new(),
        }
    }

    /// Reads the tree of modules under the root file of a crate, if that file exists.
    pub(super) fn read_root(&mut self, file: &str) -> Result<()> {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.read_file(file, folder, Vec::new())
    }

    pub(super) fn finish(self) -> (Vec<Module>, BTreeMap<String, usize>) {
        (self.modules, self.file_lines)
    }

    /// Reads one file; `folder` is where the files of its child modules lie.
    fn read_file(&mut self, file: &str, folder: &str, path: Vec<String>) -> Result<()> {
        let files = self.files;
        let Ok(index) = files.binary_search_by(|one| one.path.as_str().cmp(file)) else {
            return Ok(());
        };
        let source = &files[index];
        let parsed: File =
            syn::parse2(source.tokens()?.clone()).with_context(|| file.to_string())?;
        if syntax::is_test(&parsed.attrs) {
            return Ok(());
        }
        let pruned = Pruned::new(parsed.items);
        let lines = source.text.lines().count();
        self.file_lines
            .insert(file.into(), lines.saturating_sub(pruned.removed_lines));
        let at = Location { file, folder };
        self.add(&at, path, parsed.attrs, pruned.items)
    }

    /// Adds a module, then the modules that it declares.
    fn add(
        &mut self,
        at: &Location<'_>,
        path: Vec<String>,
        attributes: Vec<Attribute>,
        mut items: Vec<Item>,
    ) -> Result<()> {
        let mut children = Vec::new();
        for item in &mut items {
            if let Item::Mod(child) = item {
                let content = child.content.as_mut();
                let content = content.map(|(_, items)| std::mem::take(items));
                children.push((child.ident.to_string(), content));
            }
        }
        let module = Module {
            path,
            file: at.file.into(),
            attributes,
            items,
        };
        let path = module.path.clone();
        self.modules.push(module);
        for (name, content) in children {
            let below = format!("{}/{name}", at.folder);
            let path = [path.as_slice(), &[name]].concat();
            match content {
                Some(items) => {
                    let at = Location {
                        file: at.file,
                        folder: &below,
                    };
                    self.add(&at, path, Vec::new(), items)?;
                }
                None => {
                    self.read_file(&format!("{below}.rs"), &below, path.clone())?;
                    self.read_file(&format!("{below}/mod.rs"), &below, path)?;
                }
            }
        }
        Ok(())
    }
}

/// The file that holds a module, and the folder that holds its children.
struct Location<'a> {
    file: &'a str,
    folder: &'a str,
}
