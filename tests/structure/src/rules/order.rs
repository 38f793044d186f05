//! A file lists its modules top first, and a module uses only modules below it in that list.
//!
//! The file that lists has no line in its list. Its place follows from its uses: it stands below every module of the
//! list that uses its items, and above every one whose items it uses.

use crate::finding::Finding;
use crate::graph::{Edge, edges};
use crate::repository::{Package, Repository};
use crate::syntax::module_name;
use std::collections::BTreeMap;

/// The line above the first module of a `lib.rs` whose crate keeps to the order.
pub const MARKER: &str = "// Top first: a module uses only modules below it.";

/// Returns the uses against the order, of the crates below `shared/` that keep to it.
pub(super) fn breaches(repository: &Repository) -> Vec<Finding> {
    let packages = repository.shared();
    packages
        .filter(|package| is_ordered(repository, package))
        .flat_map(breaches_of)
        .collect()
}

/// Returns whether the `lib.rs` of a crate has the marker, right above a module.
pub(super) fn is_ordered(repository: &Repository, package: &Package) -> bool {
    let root = format!("{}/src/lib.rs", package.folder);
    let file = repository.files.iter().find(|file| file.path == root);
    let mut lines = file.into_iter().flat_map(|file| file.text.lines());
    lines.any(|line| line == MARKER) && lines.next().is_some_and(begins_module)
}

fn begins_module(line: &str) -> bool {
    ["mod ", "pub mod ", "pub(crate) mod ", "#["]
        .iter()
        .any(|begin| line.starts_with(begin))
}

/// The place of each module in the list of its parent.
struct Positions(BTreeMap<Vec<String>, usize>);

impl Positions {
    fn of(package: &Package) -> Self {
        let mut positions = BTreeMap::new();
        for module in &package.modules {
            for (position, (name, _)) in module.children().enumerate() {
                positions.insert([module.path.as_slice(), &[name]].concat(), position);
            }
        }
        Self(positions)
    }

    /// Returns the position of the module of `depth` names that a path goes through.
    fn at(&self, path: &[String], depth: usize) -> Option<usize> {
        self.0.get(path.get(..depth)?).copied()
    }
}

fn breaches_of(package: &Package) -> Vec<Finding> {
    let positions = Positions::of(package);
    let edges = edges(package);
    let parents = lowest_users(&edges, &positions);
    edges
        .iter()
        .filter_map(|edge| {
            let shared = shared_depth(edge);
            let from = positions.at(&edge.from, shared + 1);
            let to = positions.at(&edge.to, shared + 1)?;
            let reason = match from {
                Some(from) if from > to => "stands above it",
                None if parents.get(&edge.from).is_some_and(|user| *user >= to) => {
                    "uses it or stands above a module that does"
                }
                _ => return None,
            };
            let (user, used) = (module_name(&edge.from), module_name(&edge.to));
            let text = format!("{user} uses `{}` of {used}, which {reason}", edge.name);
            Some(Finding {
                place: edge.place.clone(),
                text,
            })
        })
        .collect()
}

/// Returns, for each module whose items are used by modules inside it, the position of the lowest of them.
fn lowest_users(edges: &[Edge], positions: &Positions) -> BTreeMap<Vec<String>, usize> {
    let mut lowest = BTreeMap::new();
    for edge in edges {
        let shared = shared_depth(edge);
        if shared == edge.to.len()
            && let Some(position) = positions.at(&edge.from, shared + 1)
        {
            let known = lowest.entry(edge.to.clone()).or_insert(position);
            *known = position.max(*known);
        }
    }
    lowest
}

/// Returns how many modules are around both ends of a use.
fn shared_depth(edge: &Edge) -> usize {
    let names = edge.from.iter().zip(&edge.to);
    names.take_while(|(from, to)| from == to).count()
}
