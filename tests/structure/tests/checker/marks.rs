use super::{printed, repository};
use anyhow::{Context, Result};
use structure::marks::{Mark, State, marks};
use structure::report::{places, table};

pub(super) const LIB: &str = "shared/json/src/lib.rs";

/// Returns one mark of a repository.
pub(super) fn mark(key: &str, files: &[(&str, &str)]) -> Result<Mark> {
    let marks = marks(&repository(files)?)?;
    marks
        .into_iter()
        .find(|mark| mark.key == key)
        .context("mark")
}

/// Returns the misses of one mark in a crate of one file.
pub(super) fn misses(key: &str, text: &str) -> Result<Vec<String>> {
    Ok(printed(&mark(key, &[(LIB, text)])?.misses))
}

#[test]
fn files_that_use_each_other_are_a_circle() -> Result<()> {
    let mut files = [
        (LIB, "mod a;\nmod b;\n"),
        ("shared/json/src/a.rs", "use crate::b::B;\npub struct A;\n"),
        (
            "shared/json/src/b.rs",
            "pub struct B;\nfn f(a: crate::a::A) {}\n",
        ),
    ];
    let found = mark("circles", &files)?;
    assert_eq!((found.value.as_str(), found.state), ("1", State::Missed));
    let expected = [
        "shared/json/src/a.rs:1: circle 1 of 2: a.rs uses B of b.rs",
        "shared/json/src/b.rs:2: circle 1 of 2: b.rs uses A of a.rs",
    ];
    assert_eq!(printed(&found.misses), expected);
    assert_eq!(mark("knot", &files)?.value, "2");
    files[2].1 = "pub struct B;\n";
    assert_eq!(mark("circles", &files)?.state, State::Met);
    assert_eq!(mark("knot", &files)?.value, "1");
    Ok(())
}

#[test]
fn pure_reexport_is_no_circle() -> Result<()> {
    let child = ("shared/json/src/a.rs", "use super::Root;\npub struct A;\n");
    let pure = "mod a;\npub use a::A;\npub struct Root;\n";
    assert_eq!(mark("circles", &[(LIB, pure), child])?.state, State::Met);
    let used = "mod a;\npub use a::A;\npub struct Root(A);\n";
    let found = printed(&mark("circles", &[(LIB, used), child])?.misses);
    assert_eq!(
        found[0],
        "shared/json/src/lib.rs:3: circle 1 of 2: lib.rs uses A of a.rs"
    );
    Ok(())
}

#[test]
fn lines_of_tests_do_not_count() -> Result<()> {
    let long = format!("fn a() {{}}\n{}", "//\n".repeat(299));
    assert_eq!(
        misses("file-length", &long)?,
        ["shared/json/src/lib.rs:1: 300 lines"]
    );
    let tests = format!(
        "fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        "//\n".repeat(296)
    );
    let found = mark("file-length", &[(LIB, &tests)])?;
    assert_eq!(
        (found.value.as_str(), found.state),
        ("1 / 1 / 1", State::Met)
    );
    Ok(())
}

#[test]
fn room_is_a_module_with_all_below() -> Result<()> {
    let lines = "//\n".repeat(1000);
    let room = format!("mod b;\n{lines}");
    let files = [
        (LIB, "mod queue;\n"),
        ("shared/json/src/queue.rs", &room),
        ("shared/json/src/queue/b.rs", &lines),
    ];
    let found = mark("largest-room", &files)?;
    let expected = ("2001 (json::queue)", State::Missed);
    assert_eq!((found.value.as_str(), found.state), expected);
    Ok(())
}

#[test]
fn queue_of_store_may_be_longer() -> Result<()> {
    let lines = "//\n".repeat(1999);
    let queue = format!("mod b;\n{lines}");
    let mut files = [
        ("shared/store/src/lib.rs", "mod queue;\n"),
        ("shared/store/src/queue.rs", queue.as_str()),
    ];
    assert_eq!(mark("largest-room", &files)?.state, State::Met);
    files[0].1 = "mod schedule;\n";
    files[1].0 = "shared/store/src/schedule.rs";
    assert_eq!(mark("largest-room", &files)?.state, State::Missed);
    Ok(())
}

#[test]
fn largest_crate_is_a_share_of_lines() -> Result<()> {
    let files = [
        (LIB, "//\n//\n//\n"),
        ("functions/status/src/lib.rs", "//\n"),
    ];
    let found = mark("largest-crate", &files)?;
    assert_eq!(
        (found.value.as_str(), found.state),
        ("75 % (json)", State::Missed)
    );
    Ok(())
}

#[test]
fn test_names_are_counted_in_macros_too() -> Result<()> {
    let text = "#[test]\nfn a_b_c() {}\n#[tokio::test(flavor = \"x\")]\n#[ignore]\nasync fn a_b() {}\n\
                proptest! {\n    #[test]\n    fn a_b_c_d_e_f_g_h_i_j_k(x in any()) {}\n}\nfn no_test() {}\n";
    let found = mark("test-names", &[("tests/e2e/src/lib.rs", text)])?;
    assert_eq!(found.value, "3 / 11 of 3 tests");
    let expected = "tests/e2e/src/lib.rs:8: 11 words: a_b_c_d_e_f_g_h_i_j_k";
    assert_eq!(printed(&found.misses), [expected]);
    Ok(())
}

#[test]
fn undocumented_items_are_found() -> Result<()> {
    let text = "//! Crate.\n/// Doc.\npub struct A {\n    pub field: u8,\n    private: u8,\n}\nimpl A {\n    pub fn f() {}\n}\n\
                struct B {\n    pub field: u8,\n}\nimpl B {\n    pub fn f() {}\n}\n/// Doc.\npub enum C {\n    One,\n}\npub(crate) fn g() {}\n";
    let expected = [(4, "field"), (8, "f"), (18, "One")];
    let expected = expected.map(|(line, name)| format!("shared/json/src/lib.rs:{line}: {name}"));
    assert_eq!(misses("documentation", text)?, expected);
    Ok(())
}

#[test]
fn unwraps_are_found_outside_tests() -> Result<()> {
    let text = "fn a() {\n    b().unwrap();\n    format!(\"{}\", c.expect(\"c\"));\n    d().unwrap_or(1);\n}\n\
                #[cfg(test)]\nmod tests {\n    fn t() { b().unwrap(); }\n}\n";
    let expected = [(2, "unwrap"), (3, "expect")];
    let expected = expected.map(|(line, name)| format!("shared/json/src/lib.rs:{line}: {name}"));
    assert_eq!(misses("unwraps", text)?, expected);
    Ok(())
}

#[test]
fn table_and_places_show_misses() -> Result<()> {
    let found = mark("unwraps", &[(LIB, "fn a() {\n    b().unwrap();\n}\n")])?;
    let shown = table(std::slice::from_ref(&found));
    let last = shown.lines().last().context("row")?;
    let cells: Vec<&str> = last.split("  ").filter(|cell| !cell.is_empty()).collect();
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
    assert_eq!(
        cells,
        [
            "unwrap and expect outside tests",
            "unwraps",
            "1",
            "0",
            "MISSED"
        ]
    );
    assert!(places(&[found]).ends_with("\n  shared/json/src/lib.rs:2: unwrap\n"));
    Ok(())
}
