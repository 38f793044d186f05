//! Sizes of crates, rooms and files, in lines without tests.

use super::Mark;
use super::spread::Spread;
use crate::finding::Finding;
use crate::repository::{Package, Part, Repository};
use std::collections::BTreeMap;

/// Largest share of the product that one crate may be, in percent.
const CRATE_SHARE: usize = 20;
/// Longest room.
const ROOM: usize = 1500;
/// Longest room of the work queue, the one that may be longer: crate, room, lines.
const QUEUE: (&str, &str, usize) = ("store", "queue", 2000);
const FILE: Spread = Spread {
    median: 80,
    p90: 200,
    max: 250,
};
/// The number of files that are listed if only the median or the ninth decile misses.
const LONGEST_FILES: usize = 20;

pub(super) fn marks(repository: &Repository) -> [Mark; 4] {
    [
        largest_crate(repository),
        largest_room(repository),
        product_files(repository),
        test_files(repository),
    ]
}

fn largest_crate(repository: &Repository) -> Mark {
    let crates: Vec<(&Package, usize)> = repository
        .product()
        .map(|package| (package, lines_with_tests(repository, package)))
        .collect();
    let all: usize = crates.iter().map(|(_, lines)| lines).sum();
    let mark = Mark::with_target("largest-crate", "largest crate, share of lines", "≤ 20 %");
    let largest = crates.iter().max_by_key(|(_, lines)| lines);
    let Some((package, lines)) = largest.filter(|_| all > 0) else {
        return mark;
    };
    let is_met = lines * 100 <= all * CRATE_SHARE;
    let value = format!("{} % ({})", (lines * 100).div_ceil(all), package.name);
    let misses = crates
        .iter()
        .filter(|(_, lines)| lines * 100 > all * CRATE_SHARE)
        .map(|(package, lines)| {
            let text = format!("{lines} of {all} lines");
            Finding::new(&format!("{}/Cargo.toml", package.folder), 1, text)
        })
        .collect();
    mark.measured(value, is_met).at(misses)
}

/// Returns the number of lines of a crate, those of the tests beside the code included.
fn lines_with_tests(repository: &Repository, package: &Package) -> usize {
    let folder = format!("{}/", package.folder);
    let files = repository.files.iter();
    files
        .filter(|file| file.path.starts_with(&folder))
        .map(|file| file.text.lines().count())
        .sum()
}

fn largest_room(repository: &Repository) -> Mark {
    let mut misses = Vec::new();
    let mut largest = (0, String::new());
    for package in repository.product() {
        for (room, lines) in rooms(package) {
            let (owner, queue, longest) = QUEUE;
            let is_queue = (package.name.as_str(), room.as_str()) == (owner, queue);
            if lines > if is_queue { longest } else { ROOM } {
                let file = format!("{}/src/{room}.rs", package.folder);
                misses.push(Finding::new(&file, 1, format!("room of {lines} lines")));
            }
            largest = largest.max((lines, format!("{}::{room}", package.name)));
        }
    }
    let (lines, name) = largest;
    Mark::with_target(
        "largest-room",
        "largest room, lines",
        "≤ 1500, queue ≤ 2000",
    )
    .measured(format!("{lines} ({name})"), misses.is_empty())
    .at(misses)
}

/// Returns the lines of each top-level module of a crate with all below it.
fn rooms(package: &Package) -> BTreeMap<String, usize> {
    let mut rooms = BTreeMap::new();
    for (file, lines) in &package.file_lines {
        let below = file.strip_prefix(&format!("{}/src/", package.folder));
        let first = below.unwrap_or(file).split('/').next().unwrap_or_default();
        *rooms
            .entry(first.trim_end_matches(".rs").to_string())
            .or_default() += lines;
    }
    rooms
}

fn product_files(repository: &Repository) -> Mark {
    let files = repository.product().flat_map(|package| &package.file_lines);
    let mut files: Vec<(&String, usize)> = files.map(|(file, lines)| (file, *lines)).collect();
    files.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    let spread = Spread::of(files.iter().map(|(_, lines)| *lines));
    let too_long = files.iter().take_while(|(_, lines)| *lines > FILE.max);
    let listed = match too_long.count() {
        0 if spread.is_within(FILE) => 0,
        0 => LONGEST_FILES,
        count => count,
    };
    let misses = files.iter().take(listed);
    Mark::with_target(
        "file-length",
        "file length: median / p90 / max",
        "80 / 200 / 250",
    )
    .measured(spread.to_string(), spread.is_within(FILE))
    .at(misses
        .map(|(file, lines)| Finding::new(file, 1, format!("{lines} lines")))
        .collect())
}

fn test_files(repository: &Repository) -> Mark {
    let files = repository
        .files
        .iter()
        .filter(|file| file.part == Part::Tests);
    let mut lengths: Vec<(usize, &str)> = files
        .map(|file| (file.text.lines().count(), file.path.as_str()))
        .collect();
    lengths.sort_unstable_by(|one, other| other.cmp(one));
    let misses = lengths.iter().take(LONGEST_FILES);
    let misses = misses.map(|(lines, file)| Finding::new(file, 1, format!("{lines} lines")));
    Mark::information("test-file-length", "file length in tests/")
        .measured(
            Spread::of(lengths.iter().map(|(lines, _)| *lines)).to_string(),
            true,
        )
        .at(misses.collect())
}
