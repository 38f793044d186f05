//! What the demo prints.

use super::firm::{Firm, Told};
use super::stage::Stage;
use super::tie_out::Row;
use rust_decimal::Decimal;
use serde_json::Value;
use simulator::{CallClass, Simulator};
use std::ops::Sub;

/// What an event cost.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    calls: usize,
    writes: usize,
    reads: usize,
    stored: u64,
}

impl Costs {
    /// So far.
    pub fn of(stage: &Stage) -> Self {
        let simulator = stage.simulator();
        let classes = simulator.traffic().iter().map(|seen| seen.class);
        let (mut calls, mut writes, mut reads) = (0, 0, 0);
        for class in classes {
            let (written, read) = match class {
                CallClass::Write => (1, 0),
                CallClass::Read => (0, 1),
                CallClass::Batch { writes, reads } => (writes, reads),
                _ => continue,
            };
            (calls, writes, reads) = (calls + 1, writes + written, reads + read);
        }
        Self {
            calls,
            writes,
            reads,
            stored: stage.counts().writes(),
        }
    }
}

impl Sub for Costs {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            calls: self.calls - earlier.calls,
            writes: self.writes - earlier.writes,
            reads: self.reads - earlier.reads,
            stored: self.stored - earlier.stored,
        }
    }
}

/// One event: what became of it, what stands in QuickBooks, what it cost.
pub fn event(firm: &Firm<'_>, (name, told): (&str, &Told), document: &Value, costs: Costs) {
    let outcome = told.body["outcome"].as_str().unwrap_or("refused");
    let objects = document["quickbooks"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let simulator = firm.stage.simulator();
    let shown: Vec<_> = objects
        .iter()
        .map(|object| posted(&simulator, &firm.realm, object))
        .collect();
    let Costs {
        calls,
        writes,
        reads,
        stored,
    } = costs;
    println!("  {name:22} {outcome:8} {}", shown.join(", "));
    println!(
        "  {:31} QuickBooks: {calls} calls with {writes} writes, {reads} reads; store: {stored} writes",
        ""
    );
}

fn posted(simulator: &Simulator, realm: &str, object: &Value) -> String {
    let kind = object["type"].as_str().unwrap_or_default();
    let number = object["number"]
        .as_str()
        .or(object["id"].as_str())
        .unwrap_or_default();
    let entity = simulator
        .entities(realm, kind)
        .find(|entity| entity["Id"] == object["id"]);
    let amount = entity.map(amount).unwrap_or_default();
    let live = if object["live"] == true {
        ""
    } else {
        " (void)"
    };
    format!("{kind} {number} {amount:.2}{live}")
}

/// A form's total; of a journal entry, the sum of its debits.
fn amount(entity: &Value) -> Decimal {
    let number = |value: &Value| value.to_string().parse::<Decimal>().unwrap_or_default();
    let debit = |line: &&Value| line["JournalEntryLineDetail"]["PostingType"] == "Debit";
    let lines = entity["Line"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let debits: Decimal = lines
        .iter()
        .filter(debit)
        .map(|line| number(&line["Amount"]))
        .sum();
    if debits.is_zero() {
        number(&entity["TotalAmt"])
    } else {
        debits
    }
}

/// The balances at the end.
pub fn table(rows: &[Row]) {
    println!(
        "\n  {:38} {:>14} {:>14} {:>12}",
        "balance", "expected", "books", "difference"
    );
    for row in rows {
        let Row {
            what,
            expected,
            books,
        } = row;
        println!(
            "  {what:38} {expected:>14.2} {books:>14.2} {:>12.2}",
            row.difference()
        );
    }
}

/// Whether the books showed what they should after every event.
pub fn verdict(off: &[Row]) {
    if off.is_empty() {
        println!("  Tied out to the cent after every one of the 14 events.");
        return;
    }
    println!("  NOT tied out:");
    for Row {
        what,
        expected,
        books,
    } in off
    {
        println!("    {what}: expected {expected:.2}, the books say {books:.2}");
    }
}

/// What can be done while it keeps serving.
pub fn invitation(stage: &Stage, firm: &str) {
    let token = stage.rivet.session(firm, stage.now());
    println!(
        "\nServing {} until Ctrl-C. As the sample firm's owner, for an hour:",
        stage.url
    );
    println!(
        "  curl -H 'Authorization: Bearer {token}' {}/v1/quickbooks/status",
        stage.url
    );
}
