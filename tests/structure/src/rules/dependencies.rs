//! Compares the manifests with the table of allowed dependencies.

use crate::finding::Finding;
use crate::repository::{Package, Part, Repository};
use toml::{Table, Value};

/// The crates below `shared/`, the lowest first, and those of ours that each may depend on.
pub const BELOW: &[(&str, &[&str])] = &[
    ("json", &[]),
    ("billing", &["json"]),
    ("quickbooks", &["json"]),
    ("mapping", &["billing", "quickbooks", "json"]),
    ("ports", &[]),
    (
        "store",
        &["ports", "mapping", "billing", "quickbooks", "json"],
    ),
    (
        "connection",
        &["store", "ports", "mapping", "billing", "quickbooks", "json"],
    ),
    (
        "posting",
        &[
            "connection",
            "store",
            "ports",
            "mapping",
            "billing",
            "quickbooks",
            "json",
        ],
    ),
    (
        "inbound",
        &[
            "posting",
            "connection",
            "store",
            "ports",
            "mapping",
            "billing",
            "quickbooks",
            "json",
        ],
    ),
    (
        "bridge",
        &[
            "inbound",
            "posting",
            "connection",
            "store",
            "ports",
            "mapping",
            "billing",
            "quickbooks",
            "json",
        ],
    ),
    (
        "reconciliation",
        &[
            "bridge",
            "connection",
            "store",
            "ports",
            "mapping",
            "billing",
            "quickbooks",
            "json",
        ],
    ),
    (
        "platform",
        &[
            "bridge",
            "inbound",
            "posting",
            "connection",
            "store",
            "ports",
            "mapping",
            "billing",
            "quickbooks",
            "json",
        ],
    ),
];

/// The crate below `tests/` that knows none of ours: an independent witness of what QuickBooks does.
const WITNESS: &str = "simulator";

/// Returns the dependencies against the table.
pub(super) fn breaches(repository: &Repository) -> Vec<Finding> {
    let mut breaches = Vec::new();
    for package in &repository.packages {
        match allowed(repository, package) {
            Allowed::All => {}
            Allowed::Unknown => breaches.push(at(package, "[package]", "has no line in the table")),
            Allowed::Only(names) => {
                for name in dependencies(package) {
                    if repository.package(&name).is_some() && !names.contains(&name.as_str()) {
                        let text = format!("may not depend on {name}");
                        breaches.push(at(package, &name, &text));
                    }
                }
            }
        }
    }
    breaches
}

/// The crates of ours that a crate may depend on.
enum Allowed<'a> {
    All,
    Only(Vec<&'a str>),
    Unknown,
}

fn allowed<'a>(repository: &'a Repository, package: &Package) -> Allowed<'a> {
    match package.part {
        Part::Tests if package.name == WITNESS => Allowed::Only(Vec::new()),
        Part::Tests => Allowed::All,
        Part::Functions => {
            let names = repository.shared().map(|package| package.name.as_str());
            Allowed::Only(names.collect())
        }
        Part::Shared => {
            let line = BELOW.iter().find(|(name, _)| *name == package.name);
            line.map_or(Allowed::Unknown, |(_, names)| Allowed::Only(names.to_vec()))
        }
    }
}

/// Returns the names of the crates that a crate depends on. Dependencies of tests count only for the witness.
fn dependencies(package: &Package) -> Vec<String> {
    let mut kinds = vec!["dependencies", "build-dependencies"];
    if package.name == WITNESS {
        kinds.push("dev-dependencies");
    }
    let targets = package.manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values);
    let tables: Vec<&Table> = targets
        .filter_map(Value::as_table)
        .chain([&package.manifest])
        .collect();
    let mut names = Vec::new();
    for table in tables {
        for kind in &kinds {
            let found = table.get(*kind).and_then(Value::as_table);
            names.extend(found.into_iter().flatten().map(|(key, value)| {
                let renamed = value.get("package").and_then(Value::as_str);
                renamed.unwrap_or(key).to_string()
            }));
        }
    }
    names
}

/// Returns a finding at the line of the manifest that begins with a name or holds it.
fn at(package: &Package, name: &str, text: &str) -> Finding {
    let lines = || (1..).zip(package.manifest_text.lines());
    let begins = lines().find(|(_, line)| line.starts_with(name));
    let line = begins.or_else(|| lines().find(|(_, line)| line.contains(name)));
    let file = format!("{}/Cargo.toml", package.folder);
    let line = line.map_or(1, |(line, _)| line);
    Finding::new(&file, line, format!("{} {text}", package.name))
}
