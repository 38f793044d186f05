use super::marks::{LIB, mark, misses};
use super::printed;
use anyhow::Result;

#[test]
fn long_function_is_found() -> Result<()> {
    let text = format!(
        "/// Doc.\npub fn long() {{\n{}}}\nfn short() {{}}\n",
        "    f();\n".repeat(49)
    );
    assert_eq!(
        misses("function-length", &text)?,
        ["shared/json/src/lib.rs:2: long: 51 lines"]
    );
    assert_eq!(
        mark("function-length", &[(LIB, &text)])?.value,
        "1 / 51 / 51"
    );
    Ok(())
}

#[test]
fn tuple_parameters_are_found_and_unfolded() -> Result<()> {
    let text = "type Pair = (u8, u8);\nfn a(&self, unit: ()) {}\nfn b((x, y): &(u8, u8), z: u8) {}\n\
                trait T {\n    fn c(&self, pair: Pair, a: u8, b: u8, c: u8);\n}\n\
                impl From<(u8, u8)> for X {\n    fn from(pair: (u8, u8)) -> Self {}\n}\n\
                fn d(a: u8, b: u8, c: u8, d: impl Fn((u8, u8))) { |(a, b)| a }\n";
    let expected = ["b", "c"].into_iter().zip([3, 5]);
    let expected: Vec<String> = expected
        .map(|(name, line)| format!("shared/json/src/lib.rs:{line}: {name}: tuple parameter"))
        .collect();
    assert_eq!(misses("tuple-parameters", text)?, expected);
    assert_eq!(
        misses("parameters", text)?,
        ["shared/json/src/lib.rs:5: c: 5 parameters"]
    );
    let foreign = "shared/json/src/lib.rs:8: from: fixed by a foreign trait";
    assert_eq!(misses("foreign-signatures", text)?, [foreign]);
    Ok(())
}

#[test]
fn returned_tuples_and_nested_results_are_found() -> Result<()> {
    let text = "pub fn a() -> Option<(u8, u8)> {}\nfn b() -> (u8, u8) {}\n\
                pub fn c() -> Vec<(u8, u8)> {}\nfn d() -> Result<Result<u8, E>, E> {}\n\
                fn e() -> Result<Option<u8>> {}\n";
    let expected = "shared/json/src/lib.rs:1: a: returns a tuple";
    assert_eq!(misses("tuple-returns", text)?, [expected]);
    let expected = "shared/json/src/lib.rs:4: d: Result<Result<";
    assert_eq!(misses("nested-results", text)?, [expected]);
    Ok(())
}

#[test]
fn methods_of_largest_type_are_counted() -> Result<()> {
    let files = [
        (
            LIB,
            "mod a;\nmod b;\npub struct Few;\nimpl Few {\n    fn f() {}\n}\n",
        ),
        (
            "shared/json/src/a.rs",
            "pub struct Many;\nimpl Many {\n    fn f() {}\n    fn g() {}\n}\n",
        ),
        (
            "shared/json/src/b.rs",
            "use crate::a::Many;\nimpl Many {\n    fn h() {}\n}\n",
        ),
    ];
    let found = mark("context", &files)?;
    assert_eq!(found.value, "3 in 2 files, 2 rooms (json::Many)");
    let expected = [
        "shared/json/src/a.rs:2: 2 methods: f, g",
        "shared/json/src/b.rs:2: 1 methods: h",
    ];
    assert_eq!(printed(&found.misses), expected);
    Ok(())
}
