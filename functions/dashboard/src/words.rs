//! Tests that the page has words for every code that the documents name.

use std::collections::BTreeSet;

const WORDS: &str = include_str!("../page/words.js");
const INTERFACE: &str = include_str!("../../README.md");
const POSTING: &str = include_str!("../../../shared/posting/README.md");

/// Returns the codes at the start of the rows of the first table below `heading`.
fn codes(document: &str, heading: &str) -> BTreeSet<String> {
    let below = document.split_once(heading).map(|(_, below)| below);
    let lines = below.unwrap_or_default().lines();
    let rows = lines
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let codes = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    codes.map(ToOwned::to_owned).collect()
}

/// Returns the keys of a table of the page.
fn keys(table: &str) -> BTreeSet<String> {
    let below = WORDS.split_once(&format!("const {table} = {{"));
    let lines = below.map(|(_, below)| below).unwrap_or_default().lines();
    let rows = lines.take_while(|line| *line != "};");
    let key = |row: &str| row.trim().split_once(": ").map(|(key, _)| key.to_owned());
    rows.filter_map(key).collect()
}

fn assert_covered(table: &str, codes: &BTreeSet<String>) {
    assert!(!codes.is_empty(), "no codes for {table}");
    let missing: Vec<_> = codes.difference(&keys(table)).cloned().collect();
    assert!(missing.is_empty(), "{table} has no words for {missing:?}");
}

#[test]
fn reason_to_hold_has_words() {
    let held = codes(INTERFACE, "| held because | goes on after |");
    assert_covered("REASONS", &held);
}

#[test]
fn refusal_of_quickbooks_has_words() {
    let mut refused = codes(POSTING, "## What QuickBooks refuses");
    refused.extend(codes(POSTING, "These reasons do not come from QuickBooks:"));
    refused.remove("reason.code");
    assert_covered("REASONS", &refused);
}

#[test]
fn failed_sign_in_has_words() {
    let mut landed = codes(
        INTERFACE,
        "| code | meaning |\n|---|---|\n| `access_denied`",
    );
    landed.insert("access_denied".to_owned());
    assert_covered("LANDINGS", &landed);
}

#[test]
fn problem_of_person_has_words() {
    let all = codes(INTERFACE, "| code | status | meaning |");
    // The page causes none of these, or has the same words for all of them.
    let others = [
        "not_json",
        "unauthorized",
        "invalid_signature",
        "invalid_intuit_signature",
        "method_not_allowed",
        "body_too_large",
        "invalid_field",
        "precondition_required",
        "misconfigured",
        "internal",
    ];
    let others: BTreeSet<_> = others.into_iter().map(ToOwned::to_owned).collect();
    let of_people = all.difference(&others).cloned().collect();
    assert_covered("PROBLEMS", &of_people);
}
