use super::{printed, repository};
use anyhow::Result;
use structure::repository::Repository;
use structure::rules::{MARKER, breaches, stale_absences};

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\n\n[dependencies]\n{dependencies}\n")
}

fn dependencies(files: &[(&str, &str)]) -> Result<Vec<String>> {
    Ok(printed(&breaches(&repository(files)?).dependencies))
}

fn absences(files: &[(&str, &str)]) -> Result<Vec<String>> {
    Ok(printed(&breaches(&repository(files)?).absences))
}

#[test]
fn dependency_on_crate_below_passes() -> Result<()> {
    let manifest = manifest("billing", "json.workspace = true\nserde.workspace = true");
    let files = [
        ("shared/json/src/lib.rs", ""),
        ("shared/billing/Cargo.toml", &manifest),
    ];
    assert_eq!(dependencies(&files)?, [""; 0]);
    Ok(())
}

#[test]
fn dependency_on_crate_beside_fails() -> Result<()> {
    let manifest = manifest(
        "billing",
        "json.workspace = true\nqb = { package = \"quickbooks\" }",
    );
    let files = [
        ("shared/quickbooks/src/lib.rs", ""),
        ("shared/billing/Cargo.toml", &manifest),
    ];
    let expected = "shared/billing/Cargo.toml:6: billing may not depend on quickbooks";
    assert_eq!(dependencies(&files)?, [expected]);
    Ok(())
}

#[test]
fn function_that_depends_on_function_fails() -> Result<()> {
    let manifest = manifest("status", "json.workspace = true\nsettings.workspace = true");
    let files = [
        ("shared/json/src/lib.rs", ""),
        ("functions/settings/src/lib.rs", ""),
        ("functions/status/Cargo.toml", &manifest),
    ];
    let expected = "functions/status/Cargo.toml:6: status may not depend on settings";
    assert_eq!(dependencies(&files)?, [expected]);
    Ok(())
}

#[test]
fn witness_that_depends_on_ours_fails() -> Result<()> {
    let manifest = "[package]\nname = \"simulator\"\n[dev-dependencies]\njson.workspace = true\n";
    let files = [
        ("shared/json/src/lib.rs", ""),
        ("tests/simulator/Cargo.toml", manifest),
    ];
    let expected = "tests/simulator/Cargo.toml:4: simulator may not depend on json";
    assert_eq!(dependencies(&files)?, [expected]);
    Ok(())
}

#[test]
fn crate_without_line_in_table_fails() -> Result<()> {
    let expected = "shared/helpers/Cargo.toml:1: helpers has no line in the table";
    assert_eq!(
        dependencies(&[("shared/helpers/src/lib.rs", "")])?,
        [expected]
    );
    Ok(())
}

#[test]
fn clock_in_pure_crate_fails() -> Result<()> {
    let text = "use jiff::Timestamp;\nfn f(at: Timestamp) {\n    Timestamp::now();\n}\n";
    let expected = "shared/json/src/lib.rs:3: json has no clock: jiff::Timestamp::now";
    assert_eq!(absences(&[("shared/json/src/lib.rs", text)])?, [expected]);
    assert_eq!(absences(&[("shared/bridge/src/lib.rs", text)])?, [""; 0]);
    Ok(())
}

#[test]
fn async_in_pure_crate_fails() -> Result<()> {
    let text = "fn a() {}\nasync fn b() {\n    a().await\n}\n";
    let expected =
        [2, 3].map(|line| format!("shared/json/src/lib.rs:{line}: crate is not asynchronous"));
    assert_eq!(absences(&[("shared/json/src/lib.rs", text)])?, expected);
    assert_eq!(absences(&[("shared/bridge/src/lib.rs", text)])?, [""; 0]);
    Ok(())
}

#[test]
fn clock_in_tests_passes() -> Result<()> {
    let text = "#[cfg(test)]\nmod tests {\n    fn f() { jiff::Timestamp::now(); }\n}\n";
    assert_eq!(absences(&[("shared/json/src/lib.rs", text)])?, [""; 0]);
    Ok(())
}

#[test]
fn network_in_store_fails() -> Result<()> {
    let text = "use ports::{Records, Http};\n";
    let expected = "shared/store/src/lib.rs:1: store has no network: ports::Http";
    assert_eq!(absences(&[("shared/store/src/lib.rs", text)])?, [expected]);
    assert_eq!(
        absences(&[("shared/connection/src/lib.rs", text)])?,
        [""; 0]
    );
    Ok(())
}

#[test]
fn document_in_connection_fails() -> Result<()> {
    let text = "use billing::FirmId;\nfn f(document: &billing::PayApp) {}\n";
    let expected =
        "shared/connection/src/lib.rs:2: connection has no billing document: billing::PayApp";
    assert_eq!(
        absences(&[("shared/connection/src/lib.rs", text)])?,
        [expected]
    );
    Ok(())
}

#[test]
fn session_and_status_in_posting_fail() -> Result<()> {
    let text = "use billing::session::Session;\nuse http::StatusCode;\n";
    let expected = [
        "shared/posting/src/lib.rs:1: posting has no user session: billing::session::Session",
        "shared/posting/src/lib.rs:2: posting has no HTTP status that we answer with: http::StatusCode",
    ];
    assert_eq!(absences(&[("shared/posting/src/lib.rs", text)])?, expected);
    Ok(())
}

#[test]
fn spin_below_platform_fails() -> Result<()> {
    let text = "use spin_sdk::http::Request;\n";
    let expected = "shared/bridge/src/lib.rs:1: bridge has no Spin: spin_sdk::http::Request";
    assert_eq!(absences(&[("shared/bridge/src/lib.rs", text)])?, [expected]);
    assert_eq!(absences(&[("shared/platform/src/lib.rs", text)])?, [""; 0]);
    Ok(())
}

#[test]
fn planning_in_function_fails() -> Result<()> {
    let text = "use mapping::{Plan, settings};\nfn f() {\n    mapping::plan();\n    settings::parse();\n}\n";
    let files = [
        ("functions/status/src/lib.rs", text),
        (
            "shared/mapping/src/lib.rs",
            "mod plan;\npub mod settings;\npub use plan::{Plan, plan};\n",
        ),
        (
            "shared/mapping/src/plan.rs",
            "pub struct Plan;\npub fn plan() {}\n",
        ),
        ("shared/mapping/src/settings.rs", "pub fn parse() {}\n"),
    ];
    let expected = "functions/status/src/lib.rs:3: status has no business decision: mapping::plan";
    assert_eq!(absences(&files)?, [expected]);
    Ok(())
}

#[test]
fn forbidden_item_that_is_gone_is_stale() -> Result<()> {
    let text = "pub mod session {}\npub struct Role;\n";
    let stale = stale_absences(&repository(&[("shared/billing/src/lib.rs", text)])?);
    assert!(stale.contains(&"billing::PayApp"));
    assert!(!stale.contains(&"billing::session") && !stale.contains(&"billing::Role"));
    Ok(())
}

fn two_rooms(name: &str, type_name: &str) -> Result<Repository> {
    let folder = format!("shared/{name}/src");
    let root = format!("{MARKER}\nmod a;\nmod b;\n");
    let b = format!("pub struct {type_name};\nimpl {type_name} {{}}\n");
    let a = format!(
        "use crate::b::{type_name};\nimpl Default for {type_name} {{}}\nimpl {type_name} {{}}\n"
    );
    let paths = ["lib.rs", "a.rs", "b.rs"].map(|file| format!("{folder}/{file}"));
    repository(&[(&paths[0], &root), (&paths[1], &a), (&paths[2], &b)])
}

#[test]
fn type_extended_outside_its_room_fails() -> Result<()> {
    let expected = "shared/posting/src/a.rs:3: crate::a extends `Thing` of crate::b";
    assert_eq!(
        printed(&breaches(&two_rooms("posting", "Thing")?).ownership),
        [expected]
    );
    Ok(())
}

#[test]
fn store_is_extended_in_every_room() -> Result<()> {
    assert_eq!(breaches(&two_rooms("store", "Store")?).ownership, []);
    assert_eq!(breaches(&two_rooms("posting", "Store")?).ownership.len(), 1);
    Ok(())
}
