//! The type of `shared/` with the most inherent methods, and where they lie.

use super::Mark;
use crate::finding::Finding;
use crate::inherent::{ImplBlock, SPREAD_TYPE, impl_blocks};
use crate::repository::Repository;
use std::collections::{BTreeMap, BTreeSet};

/// Most inherent methods of a type.
const METHODS: usize = 25;

/// Returns whether the blocks of a type lie in many rooms on purpose. A crate that is not split yet has it too.
fn is_spread(crate_name: &str, type_name: &str, has_store_crate: bool) -> bool {
    type_name == SPREAD_TYPE.1 && (crate_name == SPREAD_TYPE.0 || !has_store_crate)
}

pub(super) fn mark(repository: &Repository) -> Option<Mark> {
    let has_store_crate = repository.package(SPREAD_TYPE.0).is_some();
    let mut types: BTreeMap<_, Vec<ImplBlock>> = BTreeMap::new();
    for package in repository.shared() {
        for block in impl_blocks(package) {
            if !is_spread(&package.name, &block.type_name, has_store_crate) {
                let name = format!("{}::{}", package.name, block.type_name);
                let key = (name, block.defined_in.clone());
                types.entry(key).or_default().push(block);
            }
        }
    }
    let largest = types.into_iter().max_by_key(|(_, blocks)| methods(blocks));
    let ((name, _), blocks) = largest?;
    let count = methods(&blocks);
    let files = distinct(&blocks, |block| block.place.file.clone());
    let rooms = distinct(&blocks, |block| {
        block.module.first().cloned().unwrap_or_default()
    });
    let value = format!("{count} in {files} files, {rooms} rooms ({name})");
    let is_met = count <= METHODS && rooms == 1;
    let mark = Mark::with_target("context", "methods of the largest type", "≤ 25 in 1 room");
    let misses = if is_met { Vec::new() } else { listed(&blocks) };
    Some(mark.measured(value, is_met).at(misses))
}

fn methods(blocks: &[ImplBlock]) -> usize {
    blocks.iter().map(|block| block.methods.len()).sum()
}

fn distinct(blocks: &[ImplBlock], of: impl Fn(&ImplBlock) -> String) -> usize {
    blocks.iter().map(of).collect::<BTreeSet<_>>().len()
}

fn listed(blocks: &[ImplBlock]) -> Vec<Finding> {
    let blocks = blocks.iter().map(|block| {
        let names: Vec<&str> = block
            .methods
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let text = format!("{} methods: {}", names.len(), names.join(", "));
        Finding::new(&block.place.file, block.place.line, text)
    });
    blocks.collect()
}
