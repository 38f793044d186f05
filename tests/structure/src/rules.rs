//! The rules of the design that must always hold: the order of modules and crates, absences, and rooms.

mod suggestion;
mod absences;
mod absence_table;
mod dependencies;
mod ownership;
mod order;

pub use absence_table::{ABSENCES, Absence};
pub use dependencies::BELOW;
pub use order::MARKER;
pub use suggestion::suggested_order;

use crate::finding::Finding;
use crate::repository::Repository;

/// The breaches of each rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaches {
    /// A module uses a module that does not stand below it.
    pub order: Vec<Finding>,
    /// A crate depends on a crate that does not stand below it.
    pub dependencies: Vec<Finding>,
    /// A crate writes a path that is absent from it by design.
    pub absences: Vec<Finding>,
    /// A type has inherent methods outside its room.
    pub ownership: Vec<Finding>,
}

/// Checks every rule.
#[must_use]
pub fn breaches(repository: &Repository) -> Breaches {
    Breaches {
        order: order::breaches(repository),
        dependencies: dependencies::breaches(repository),
        absences: absences::breaches(repository),
        ownership: ownership::breaches(repository),
    }
}

/// Returns the crates below `shared/` whose `lib.rs` does not say that its modules are ordered.
#[must_use]
pub fn crates_without_order(repository: &Repository) -> Vec<String> {
    repository
        .shared()
        .filter(|package| !order::is_ordered(repository, package))
        .map(|package| package.name.clone())
        .collect()
}

/// Returns the paths in [`ABSENCES`] that begin with a crate of ours and name nothing in it.
#[must_use]
pub fn stale_absences(repository: &Repository) -> Vec<&'static str> {
    absences::stale(repository)
}
