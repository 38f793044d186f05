//! The table of field cases: what people report from their own books, and what the books show here in the end.
//!
//! Each theme has its cases and, beside them, one table of the expected rows. To add a case, add an entry to `cases` and a
//! row to `EXPECTED`. A failing test prints the whole table as it is now.

mod amounts;
mod bill_lines;
mod closed_books;
mod connection;
mod currencies;
mod differences;
mod entered_first;
mod held_retainage;
mod items;
mod lookups;
mod names;
mod outages;
mod receipts;
mod releases;
mod restored_late;
mod restores;
mod restored_parties;
mod restored_voids;
mod retainage;
mod revisions;
mod store;
mod table;

use std::collections::BTreeSet;
use table::Case;

/// The cases of all themes.
const THEMES: [fn() -> Vec<Case>; 18] = [
    entered_first::cases,
    differences::cases,
    names::cases,
    outages::cases,
    lookups::cases,
    store::cases,
    items::cases,
    connection::cases,
    currencies::cases,
    retainage::cases,
    held_retainage::cases,
    closed_books::cases,
    amounts::cases,
    bill_lines::cases,
    revisions::cases,
    releases::cases,
    receipts::cases,
    restores::cases,
];

/// The least number of rows in all themes.
const MINIMUM_ROWS: usize = 40;

#[test]
fn case_names_are_unique_and_enough() {
    let cases: Vec<Case> = THEMES.iter().flat_map(|cases| cases()).collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    assert!(cases.len() >= MINIMUM_ROWS, "{} rows", cases.len());
}
