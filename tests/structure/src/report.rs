//! Prints marks as a table, and the places that miss them.

use crate::marks::{Mark, State};
use std::fmt::Write;

const HEADINGS: [&str; 5] = ["mark", "key", "value", "target", ""];

/// Returns one table of all marks.
#[must_use]
pub fn table(marks: &[Mark]) -> String {
    let mut rows = vec![HEADINGS.map(String::from)];
    for mark in marks {
        let state = match mark.state {
            State::Met => "ok",
            State::Missed => "MISSED",
            State::Information => "",
        };
        let cells = [mark.name, mark.key, &mark.value, mark.target, state];
        rows.push(cells.map(String::from));
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths = [0, 1, 2, 3, 4].map(|column| width(column).unwrap_or_default());
    rows.insert(1, widths.map(|width| "-".repeat(width)));
    let mut table = String::new();
    for row in rows {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        table.push_str(cells.join("  ").trim_end());
        table.push('\n');
    }
    table
}

/// Returns the places that miss each mark, under its name.
#[must_use]
pub fn places(marks: &[Mark]) -> String {
    let mut text = String::new();
    for mark in marks.iter().filter(|mark| !mark.misses.is_empty()) {
        let _ = writeln!(text, "\n{} ({})", mark.name, mark.key);
        for miss in &mark.misses {
            let _ = writeln!(text, "  {miss}");
        }
    }
    text
}
