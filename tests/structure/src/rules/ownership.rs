//! A type has inherent methods only in its own room: the top-level module that defines it.

use super::order::is_ordered;
use crate::finding::Finding;
use crate::inherent::{ImplBlock, SPREAD_TYPE, impl_blocks};
use crate::repository::{Package, Repository};
use crate::syntax::module_name;

/// Returns the `impl` blocks in other rooms, of the crates below `shared/` that keep to the order.
pub(super) fn breaches(repository: &Repository) -> Vec<Finding> {
    let packages = repository.shared();
    packages
        .filter(|package| is_ordered(repository, package))
        .flat_map(breaches_of)
        .collect()
}

fn breaches_of(package: &Package) -> Vec<Finding> {
    let is_stray = |block: &ImplBlock| {
        let is_spread = (package.name.as_str(), block.type_name.as_str()) == SPREAD_TYPE;
        block.module.first() != block.defined_in.first() && !is_spread
    };
    let blocks = impl_blocks(package).into_iter();
    blocks
        .filter(is_stray)
        .map(|block| {
            let ImplBlock {
                type_name, place, ..
            } = block;
            let (module, home) = (module_name(&block.module), module_name(&block.defined_in));
            let text = format!("{module} extends `{type_name}` of {home}");
            Finding { place, text }
        })
        .collect()
}
