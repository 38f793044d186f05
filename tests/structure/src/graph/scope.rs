//! Resolves paths to the modules that define their items.

use super::uses::{Form, imports};
use crate::repository::{Module, Package};
use std::collections::{BTreeMap, BTreeSet};
use syn::Item;

/// The number of imports that a path may go through. A longer chain is a circle.
const LONGEST_CHAIN: usize = 16;

/// The names of each module of a crate.
pub struct Scope {
    modules: BTreeMap<Vec<String>, Names>,
}

#[derive(Default)]
struct Names {
    defined: BTreeSet<String>,
    imported: BTreeMap<String, Imported>,
    /// Modules all of whose names are imported.
    globs: Vec<Vec<String>>,
}

struct Imported {
    path: Vec<String>,
    is_reexport: bool,
}

/// The item or the module that a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The module that defines the item, or the named module.
    pub module: Vec<String>,
    /// The item; nothing if the path names the module.
    pub name: Option<String>,
}

impl Scope {
    /// Reads the names of a crate.
    #[must_use]
    pub fn of(package: &Package) -> Self {
        let modules = package.modules.iter();
        Self {
            modules: modules
                .map(|module| (module.path.clone(), Names::of(module)))
                .collect(),
        }
    }

    /// Resolves a path that is written in `module`; nothing if the path leads out of the crate.
    #[must_use]
    pub fn resolve(&self, module: &[String], path: &[String]) -> Option<Definition> {
        self.follow(module, path, LONGEST_CHAIN)
    }

    /// Returns whether a module re-exports a name.
    #[must_use]
    pub fn is_reexport(&self, module: &[String], name: &str) -> bool {
        let import = self.import(module, name);
        import.is_some_and(|import| import.is_reexport)
    }

    /// Returns a path with its first name replaced by what the module imports under that name.
    #[must_use]
    pub fn expand(&self, module: &[String], path: &[String]) -> Vec<String> {
        match path.split_first() {
            Some((first, rest)) => match self.import(module, first) {
                Some(import) => [&import.path, rest].concat(),
                None => path.to_vec(),
            },
            None => Vec::new(),
        }
    }

    fn import(&self, module: &[String], name: &str) -> Option<&Imported> {
        self.modules.get(module)?.imported.get(name)
    }

    fn follow(&self, module: &[String], path: &[String], left: usize) -> Option<Definition> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.descend(Vec::new(), rest, left),
            "self" => self.descend(module.to_vec(), rest, left),
            "super" => {
                let (_, parent) = module.split_last()?;
                let rest = [&["self".to_string()], rest].concat();
                self.follow(parent, &rest, left)
            }
            _ => self.descend_if_known(module, path, left),
        }
    }

    /// Follows names from a module on, of which all must be known.
    fn descend(&self, module: Vec<String>, path: &[String], left: usize) -> Option<Definition> {
        let Some((first, rest)) = path.split_first() else {
            return Some(Definition { module, name: None });
        };
        if first == "super" || first == "self" {
            return self.follow(&module, path, left);
        }
        self.descend_if_known(&module, path, left).or_else(|| {
            // Items that a macro defines are not seen. Such a name belongs to the module that the path names.
            let name = rest.is_empty() || first.starts_with(char::is_uppercase);
            (name && self.modules.contains_key(&module)).then(|| Definition {
                module,
                name: Some(first.clone()),
            })
        })
    }

    fn descend_if_known(
        &self,
        module: &[String],
        path: &[String],
        left: usize,
    ) -> Option<Definition> {
        let left = left.checked_sub(1)?;
        let (first, rest) = path.split_first()?;
        let names = self.modules.get(module)?;
        let child = [module, std::slice::from_ref(first)].concat();
        let is_module = self.modules.contains_key(&child);
        if is_module && (!rest.is_empty() || !names.has_item(first)) {
            return self.descend(child, rest, left);
        }
        if names.defined.contains(first) {
            return Some(Definition {
                module: module.to_vec(),
                name: Some(first.clone()),
            });
        }
        if let Some(import) = names.imported.get(first) {
            let path = [&import.path, rest].concat();
            return self.follow(module, &path, left);
        }
        names.globs.iter().find_map(|glob| {
            let target = self.follow(module, glob, left)?;
            self.descend_if_known(&target.module, path, left)
        })
    }
}

impl Names {
    fn of(module: &Module) -> Self {
        let mut names = Self {
            defined: module.items.iter().filter_map(defined_name).collect(),
            ..Self::default()
        };
        for import in imports(module) {
            if import.alias == "*" {
                names.globs.push(import.path);
            } else {
                let imported = Imported {
                    path: import.path,
                    is_reexport: import.form == Form::Reexport,
                };
                names.imported.insert(import.alias, imported);
            }
        }
        names
    }

    fn has_item(&self, name: &str) -> bool {
        self.defined.contains(name) || self.imported.contains_key(name)
    }
}

fn defined_name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
