//! The two builds of the components: their manifests and their imports.

use host::{build, postgres_manifest};
use wasmparser::{Parser, Payload};

use crate::{product, workspace};

/// The interfaces that every platform of Spin 4.1 has, also at the edge.
const EVERYWHERE: [&str; 7] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:http/",
    "wasi:io/",
    "wasi:random/",
    "spin:variables/variables@3.",
];

/// The interfaces of the key-value store. The second is missing at the edge.
const KEY_VALUE: [&str; 2] = ["spin:key-value/key-value@3.", "wasi:keyvalue/"];

/// The interface of Spin's client for PostgreSQL.
const POSTGRES: &str = "spin:postgres/postgres@4.";

/// Returns the imports of the components of a manifest that none of these interfaces has, after the name of the component.
fn other_imports(manifest: &str, known: &[&str]) -> Vec<String> {
    let mut others = Vec::new();
    for file in build::files(&product(manifest)) {
        let component = std::fs::read(&file).unwrap();
        let imports = imports(&component);
        assert!(!imports.is_empty(), "{}", file.display());
        let is_known = |import: &&String| known.iter().any(|known| import.starts_with(known));
        let unknown = imports.iter().filter(|import| !is_known(import));
        others.extend(unknown.map(|import| format!("{} imports {import}", file.display())));
    }
    others
}

fn imports(component: &[u8]) -> Vec<String> {
    let mut imports = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(
                    section
                        .into_iter()
                        .map(|import| import.unwrap().name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    imports
}

#[test]
fn postgres_build_imports_what_the_edge_has() {
    if crate::postgres::server().is_none() {
        return;
    }
    let known = [&EVERYWHERE[..], &[POSTGRES]].concat();
    assert_eq!(
        other_imports("spin.postgres.toml", &known),
        Vec::<String>::new()
    );
}

#[test]
fn key_value_build_imports_no_postgres() {
    let known = [EVERYWHERE.as_slice(), &KEY_VALUE].concat();
    assert_eq!(other_imports("spin.toml", &known), Vec::<String>::new());
}

#[test]
fn manifests_differ_in_the_store_only() {
    let read = |name| std::fs::read_to_string(workspace().join(name)).unwrap();
    let is_equal = postgres_manifest(&read("spin.toml")) == read("spin.postgres.toml");
    assert!(
        is_equal,
        "write spin.postgres.toml anew with `cargo run -- postgres-manifest`"
    );
}
