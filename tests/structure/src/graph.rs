//! The uses between the modules of one crate.
//!
//! A use is followed to the module that defines the item: a re-export of what lies below it is passed through and is no use.

mod components;
mod scope;
mod uses;

pub use components::circles;
pub use scope::Scope;
pub use uses::{Form, Use, uses};

use crate::finding::Place;
use crate::repository::Package;

/// A module uses an item that another module of the same crate defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The module that uses.
    pub from: Vec<String>,
    /// The module that defines.
    pub to: Vec<String>,
    /// The item, or the last name of the module.
    pub name: String,
    /// The place of the use.
    pub place: Place,
    /// The file that defines.
    pub to_file: String,
}

/// Returns the uses between modules of a crate, each item once a module, at its first place.
#[must_use]
pub fn edges(package: &Package) -> Vec<Edge> {
    let scope = Scope::of(package);
    let found = uses(package).into_iter();
    let mut edges: Vec<Edge> = found
        .filter_map(|found| edge(package, &scope, found))
        .collect();
    edges.sort();
    edges.dedup_by(|next, kept| next.is_same_use(kept));
    edges
}

impl Edge {
    fn is_same_use(&self, other: &Self) -> bool {
        (&self.from, &self.to, &self.name) == (&other.from, &other.to, &other.name)
    }
}

fn edge(package: &Package, scope: &Scope, found: Use) -> Option<Edge> {
    let definition = scope.resolve(&found.module, &found.path)?;
    let goes_down = definition.module.starts_with(&found.module);
    let is_passed_through = match found.form {
        Form::Import => definition.name.is_none(),
        Form::Reexport => definition.name.is_none() || goes_down,
        Form::Name => !scope.is_reexport(&found.module, &found.path[0]),
        Form::Path => false,
    };
    if is_passed_through || definition.module == found.module {
        return None;
    }
    let to_file = package.module(&definition.module)?.file.clone();
    let name = definition.name.or_else(|| found.path.last().cloned());
    Some(Edge {
        from: found.module,
        to: definition.module,
        name: name.unwrap_or_default(),
        place: found.place,
        to_file,
    })
}
