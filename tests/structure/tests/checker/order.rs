use super::{printed, repository};
use anyhow::{Context, Result};
use structure::rules::{MARKER, breaches, crates_without_order, suggested_order};

/// Returns the breaches of the order in a crate with the marker, whose other files are given below `src/`.
fn order(modules: &str, files: &[(&str, &str)]) -> Result<Vec<String>> {
    let root = format!("{MARKER}\n{modules}\n");
    let paths: Vec<String> = files
        .iter()
        .map(|(path, _)| format!("shared/json/src/{path}"))
        .collect();
    let mut all = vec![("shared/json/src/lib.rs", root.as_str())];
    all.extend(
        paths
            .iter()
            .zip(files)
            .map(|(path, (_, text))| (path.as_str(), *text)),
    );
    Ok(printed(&breaches(&repository(&all)?).order))
}

#[test]
fn use_of_module_below_passes() -> Result<()> {
    let files = [
        ("a.rs", "use crate::b::Thing;\n"),
        ("b.rs", "pub struct Thing;\n"),
    ];
    assert_eq!(order("mod a;\npub mod b;", &files)?, [""; 0]);
    Ok(())
}

#[test]
fn use_of_module_above_fails() -> Result<()> {
    let files = [
        ("a.rs", "use crate::b::Thing;\n"),
        ("b.rs", "pub struct Thing;\n"),
    ];
    let expected =
        "shared/json/src/a.rs:1: crate::a uses `Thing` of crate::b, which stands above it";
    assert_eq!(order("mod b;\nmod a;", &files)?, [expected]);
    Ok(())
}

#[test]
fn path_in_code_and_macro_fails() -> Result<()> {
    let a = "fn f() {\n    crate::b::call();\n    assert!(\n        super::b::check());\n}\n";
    let files = [
        ("a.rs", a),
        ("b.rs", "pub fn call() {}\npub fn check() {}\n"),
    ];
    let expected = [
        "shared/json/src/a.rs:2: crate::a uses `call` of crate::b, which stands above it",
        "shared/json/src/a.rs:4: crate::a uses `check` of crate::b, which stands above it",
    ];
    assert_eq!(order("mod b;\nmod a;", &files)?, expected);
    Ok(())
}

#[test]
fn reexport_is_followed_to_definition() -> Result<()> {
    let files = [
        ("a.rs", "use crate::Thing;\n"),
        ("b.rs", "pub struct Thing;\n"),
    ];
    assert_eq!(order("mod a;\nmod b;\npub use b::Thing;", &files)?, [""; 0]);
    let expected =
        "shared/json/src/a.rs:1: crate::a uses `Thing` of crate::b, which stands above it";
    assert_eq!(
        order("mod b;\nmod a;\npub use b::Thing;", &files)?,
        [expected]
    );
    Ok(())
}

#[test]
fn imported_module_is_followed_to_items() -> Result<()> {
    let files = [
        ("a.rs", "use crate::b;\nfn f() -> b::Thing { b::Thing }\n"),
        ("b.rs", "pub struct Thing;\n"),
    ];
    let expected =
        "shared/json/src/a.rs:2: crate::a uses `Thing` of crate::b, which stands above it";
    assert_eq!(order("mod b;\nmod a;", &files)?, [expected]);
    Ok(())
}

#[test]
fn tests_may_use_modules_above() -> Result<()> {
    let a = "#[cfg(test)]\nmod tests {\n    use crate::b::Thing;\n}\n#[cfg(test)]\nuse crate::b;\n";
    let files = [("a.rs", a), ("b.rs", "pub struct Thing;\n")];
    assert_eq!(order("mod b;\nmod a;", &files)?, [""; 0]);
    Ok(())
}

#[test]
fn submodules_keep_to_their_own_list() -> Result<()> {
    let mut files = [
        ("room.rs", "mod top;\nmod low;\n"),
        ("room/top.rs", "use super::low::Low;\n"),
        ("room/low.rs", "pub struct Low;\n"),
    ];
    assert_eq!(order("mod room;", &files)?, [""; 0]);
    files[0].1 = "mod low;\nmod top;\n";
    let expected = "shared/json/src/room/top.rs:1: crate::room::top uses `Low` of crate::room::low, \
                    which stands above it";
    assert_eq!(order("mod room;", &files)?, [expected]);
    Ok(())
}

#[test]
fn file_stands_between_users_and_used() -> Result<()> {
    let files = [
        (
            "queue.rs",
            "mod operations;\nmod entry;\nuse entry::Entry;\npub struct Queue(Entry);\n",
        ),
        ("queue/operations.rs", "use super::Queue;\n"),
        ("queue/entry.rs", "pub struct Entry;\n"),
    ];
    assert_eq!(order("mod queue;", &files)?, [""; 0]);
    Ok(())
}

#[test]
fn file_that_uses_its_users_fails() -> Result<()> {
    let files = [
        (
            "queue.rs",
            "mod operations;\npub struct Queue;\nfn f() {\n    operations::run()\n}\n",
        ),
        (
            "queue/operations.rs",
            "use super::Queue;\npub fn run() {}\n",
        ),
    ];
    let expected = "shared/json/src/queue.rs:4: crate::queue uses `run` of crate::queue::operations, \
                    which uses it or stands above a module that does";
    assert_eq!(order("mod queue;", &files)?, [expected]);
    Ok(())
}

#[test]
fn crate_without_marker_is_not_checked() -> Result<()> {
    let files = [
        ("shared/json/src/lib.rs", "mod b;\nmod a;\n"),
        ("shared/json/src/a.rs", "use crate::b::Thing;\n"),
        ("shared/json/src/b.rs", "pub struct Thing;\n"),
    ];
    let repository = repository(&files)?;
    assert_eq!(breaches(&repository).order, []);
    assert_eq!(crates_without_order(&repository), ["json"]);
    Ok(())
}

#[test]
fn marker_away_from_modules_counts_not() -> Result<()> {
    let text = format!("{MARKER}\n\nmod a;\n");
    let repository = repository(&[("shared/json/src/lib.rs", &text)])?;
    assert_eq!(crates_without_order(&repository), ["json"]);
    Ok(())
}

#[test]
fn suggested_order_puts_users_first() -> Result<()> {
    let files = [
        (
            "shared/json/src/lib.rs",
            "mod low;\nmod one;\nmod top;\nmod two;\npub struct Root;\n",
        ),
        (
            "shared/json/src/top.rs",
            "use crate::one::One;\nuse crate::Root;\n",
        ),
        (
            "shared/json/src/one.rs",
            "use crate::two::Two;\npub struct One;\n",
        ),
        (
            "shared/json/src/two.rs",
            "use crate::{low::Low, one::One};\npub struct Two;\n",
        ),
        ("shared/json/src/low.rs", "pub struct Low;\n"),
    ];
    let repository = repository(&files)?;
    let order = suggested_order(repository.package("json").context("json")?);
    let circle = "  # in a circle";
    let expected = format!(
        "shared/json/src/lib.rs\n  top\n  (this file)\n  one{circle}\n  two{circle}\n  low\n"
    );
    assert_eq!(order, expected);
    Ok(())
}
