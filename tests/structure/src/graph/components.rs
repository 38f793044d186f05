//! Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972).

use std::collections::{BTreeMap, BTreeSet};

/// Returns the groups of at least two nodes of which each reaches each other, the largest first.
#[must_use]
pub fn circles<'a>(edges: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Vec<&'a str>> {
    let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().insert(to);
        next.entry(to).or_default();
    }
    let mut search = Search {
        next: &next,
        index: BTreeMap::new(),
        stack: Vec::new(),
        found: Vec::new(),
    };
    for node in next.keys() {
        if !search.index.contains_key(node) {
            search.visit(node);
        }
    }
    let mut found = search.found;
    found.retain(|nodes| nodes.len() > 1);
    found.iter_mut().for_each(|nodes| nodes.sort_unstable());
    found.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    found
}

struct Search<'a, 'g> {
    next: &'g BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The number that a node got when it was met first.
    index: BTreeMap<&'a str, usize>,
    /// Nodes that were met and belong to no group yet.
    stack: Vec<&'a str>,
    found: Vec<Vec<&'a str>>,
}

impl<'a> Search<'a, '_> {
    /// Visits what a node reaches and returns the smallest number of an open node that it reaches.
    fn visit(&mut self, node: &'a str) -> usize {
        let index = self.index.len();
        self.index.insert(node, index);
        let depth = self.stack.len();
        self.stack.push(node);
        let mut lowest = index;
        for next in self.next.get(node).into_iter().flatten() {
            match self.index.get(next) {
                None => lowest = lowest.min(self.visit(next)),
                Some(met) if self.stack.contains(next) => lowest = lowest.min(*met),
                Some(_) => {}
            }
        }
        if lowest == index {
            self.found.push(self.stack.split_off(depth));
        }
        lowest
    }
}
