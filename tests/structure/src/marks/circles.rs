//! Circles between the files of a crate, and between its top-level modules.

use super::Mark;
use crate::finding::Finding;
use crate::graph::{Edge, circles, edges};
use crate::repository::Repository;

pub(super) fn marks(repository: &Repository) -> [Mark; 2] {
    let mut files = Vec::new();
    let mut knots = Vec::new();
    for package in repository.product() {
        let edges = edges(package);
        let source = format!("{}/src/", package.folder);
        let short = |file: &str| file.trim_start_matches(&source).to_string();
        files.extend(found(&edges, |edge| {
            (short(&edge.place.file), short(&edge.to_file))
        }));
        knots.extend(found(&edges, |edge| (room(&edge.from), room(&edge.to))));
    }
    let count = files.len();
    let largest = knots.iter().map(|knot| knot.size).max().unwrap_or(1);
    [
        Mark::with_target("circles", "circles between files", "0")
            .measured(count.to_string(), count == 0)
            .at(listed(files)),
        Mark::with_target("knot", "modules in the largest knot", "1")
            .measured(largest.to_string(), largest == 1)
            .at(listed(knots)),
    ]
}

/// A circle, and the uses that close it.
struct Circle {
    size: usize,
    uses: Vec<Finding>,
}

/// Returns the circles between the ends of edges, which are files or modules.
fn found(edges: &[Edge], ends: impl Fn(&Edge) -> (String, String)) -> Vec<Circle> {
    let ends: Vec<(String, String)> = edges.iter().map(ends).collect();
    let names = ends.iter().map(|(from, to)| (from.as_str(), to.as_str()));
    let found = circles(names.clone().filter(|(from, to)| from != to));
    let close = |circle: &[&str]| {
        let uses = edges.iter().zip(names.clone());
        let uses = uses
            .filter(|(_, (from, to))| from != to && circle.contains(from) && circle.contains(to));
        uses.map(|(edge, (from, to))| Finding {
            place: edge.place.clone(),
            text: format!("{from} uses {} of {to}", edge.name),
        })
        .collect()
    };
    found
        .iter()
        .map(|circle| Circle {
            size: circle.len(),
            uses: close(circle),
        })
        .collect()
}

fn room(module: &[String]) -> String {
    module.first().map_or_else(|| "lib".into(), Clone::clone)
}

/// Returns the uses of all circles, each with the number and size of its circle.
fn listed(circles: Vec<Circle>) -> Vec<Finding> {
    let mut listed = Vec::new();
    for (number, circle) in (1..).zip(circles) {
        for found in circle.uses {
            let text = format!("circle {number} of {}: {}", circle.size, found.text);
            listed.push(Finding { text, ..found });
        }
    }
    listed
}
