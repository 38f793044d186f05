//! Our own sources keep to the rules of their structure.

use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use structure::finding::Finding;
use structure::repository::Repository;
use structure::rules::{Breaches, breaches, crates_without_order, stale_absences};

/// Crates below `shared/` whose modules are in no order yet. A crate leaves this list when its `lib.rs` gets the marker.
const WITHOUT_ORDER: &[&str] = &[];

struct Checked {
    breaches: Breaches,
    own_breaches: Breaches,
    without_order: Vec<String>,
    stale_absences: Vec<&'static str>,
}

/// Our sources, read once for all tests.
static CHECKED: LazyLock<Result<Checked>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let repository = Repository::read(&root)?;
    Ok(Checked {
        breaches: breaches(&repository),
        own_breaches: breaches(&own_crate(&repository)?),
        without_order: crates_without_order(&repository),
        stale_absences: stale_absences(&repository),
    })
});

/// Returns this crate as if it lay below `shared/`, where the order is checked.
fn own_crate(repository: &Repository) -> Result<Repository> {
    let files = repository.files.iter();
    let files = files.filter_map(|file| {
        let below = file.path.strip_prefix("tests/structure/src/")?;
        Some((format!("shared/structure/src/{below}"), file.text.clone()))
    });
    let mut texts: BTreeMap<String, String> = files.collect();
    texts.insert("shared/structure/Cargo.toml".into(), String::new());
    Repository::from_sources(texts)
}

fn checked() -> &'static Checked {
    match &*CHECKED {
        Ok(checked) => checked,
        Err(error) => panic!("{error:#}"),
    }
}

#[track_caller]
fn assert_none(breaches: &[Finding]) {
    let breaches: Vec<String> = breaches.iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn modules_use_only_modules_below_them() {
    assert_none(&checked().breaches.order);
}

#[test]
fn this_crate_keeps_to_its_rules() {
    assert_none(&checked().own_breaches.order);
    assert_none(&checked().own_breaches.ownership);
}

#[test]
fn crates_without_module_order_are_listed() {
    assert_eq!(checked().without_order, WITHOUT_ORDER);
}

#[test]
fn crates_depend_only_on_crates_below() {
    assert_none(&checked().breaches.dependencies);
}

#[test]
fn crates_lack_what_they_must() {
    assert_none(&checked().breaches.absences);
}

#[test]
fn forbidden_items_of_ours_exist() {
    assert!(
        checked().stale_absences.is_empty(),
        "{:?}",
        checked().stale_absences
    );
}

#[test]
fn types_are_extended_in_their_own_room() {
    assert_none(&checked().breaches.ownership);
}
