//! Words in the names of tests.

use super::Mark;
use super::spread::Spread;
use crate::finding::Finding;
use crate::repository::Repository;
use crate::syntax;
use anyhow::Result;

const MEDIAN: usize = 7;
const MAX: usize = 10;

pub(super) fn mark(repository: &Repository) -> Result<Mark> {
    let mut lengths = Vec::new();
    let mut misses = Vec::new();
    for file in &repository.files {
        for (name, line) in syntax::test_functions(file.tokens()?) {
            let words = name.split('_').filter(|word| !word.is_empty()).count();
            lengths.push(words);
            if words > MAX {
                misses.push(Finding::new(
                    &file.path,
                    line,
                    format!("{words} words: {name}"),
                ));
            }
        }
    }
    let Spread { median, max, .. } = Spread::of(lengths.iter().copied());
    let value = format!("{median} / {max} of {} tests", lengths.len());
    let mark = Mark::with_target("test-names", "test name, words: median / max", "7 / 10");
    Ok(mark
        .measured(value, median <= MEDIAN && max <= MAX)
        .at(misses))
}
