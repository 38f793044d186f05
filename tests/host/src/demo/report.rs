//! Prints the results of the demo.

use super::firm::Firm;
use super::local_deployment::LocalDeployment;
use super::session_hand_over::VISITORS;
use rust_decimal::Decimal;
use samples::tie_out::Row;
use serde_json::Value;
use simulator::{CallClass, Simulator};
use std::ops::Sub;

/// The calls to QuickBooks and the writes to the store.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    calls: usize,
    writes: usize,
    reads: usize,
    stored: u64,
}

impl Costs {
    /// Counts the costs since the start.
    pub fn so_far(deployment: &LocalDeployment) -> Self {
        let simulator = deployment.simulator();
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
            stored: deployment.counts().writes(),
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

/// The result of one event.
pub struct EventResult<'a> {
    /// The name of the event's file.
    pub name: &'a str,
    /// The outcome that the webhook answered.
    pub outcome: &'a str,
    /// The document as the components show it afterwards.
    pub document: &'a Value,
    /// The costs of the event.
    pub costs: Costs,
}

/// Prints one event: its outcome, its objects in QuickBooks, and its costs.
pub fn print_event(firm: &Firm<'_>, result: &EventResult<'_>) {
    let EventResult {
        name,
        outcome,
        document,
        costs,
    } = result;
    let objects = document["quickbooks"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let simulator = firm.deployment.simulator();
    let shown: Vec<_> = objects
        .iter()
        .map(|object| object_text(&simulator, &firm.realm, object))
        .collect();
    let Costs {
        calls,
        writes,
        reads,
        stored,
    } = *costs;
    println!("  {name:22} {outcome:8} {}", shown.join(", "));
    println!(
        "  {:31} QuickBooks: {calls} calls with {writes} writes, {reads} reads; store: {stored} writes",
        ""
    );
}

fn object_text(simulator: &Simulator, realm: &str, object: &Value) -> String {
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

/// Returns the total of a form, or the sum of the debits of a journal entry.
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

/// Prints each balance beside the expected one.
pub fn print_balances(rows: &[Row]) {
    println!(
        "\n  {:38} {:>14} {:>14} {:>12}",
        "balance", "expected", "books", "difference"
    );
    for row in rows {
        let Row {
            balance,
            expected,
            books,
        } = row;
        println!(
            "  {balance:38} {expected:>14.2} {books:>14.2} {:>12.2}",
            row.difference()
        );
    }
}

/// Prints whether the books tied out after each of these events, and each difference.
pub fn print_result(differing: &[Row], events: &str) {
    if differing.is_empty() {
        println!("  Tied out to the cent after every one of the {events}.");
        return;
    }
    println!("  NOT tied out:");
    for Row {
        balance,
        expected,
        books,
    } in differing
    {
        println!("    {balance}: expected {expected:.2}, books {books:.2}");
    }
}

/// Prints the address of the page, where it can be looked at in other roles, and a command that calls the components as the owner.
pub fn print_address(deployment: &LocalDeployment, firm: &str) {
    let token = deployment.rivet.session_token(firm, deployment.now());
    let url = &deployment.url;
    println!("\nThe page of the sample firm, signed in as its owner, until Ctrl-C: {url}");
    let looks = VISITORS.iter().skip(1);
    let looks: Vec<_> = looks
        .map(|visitor| format!("{url}/local/{}", visitor.path))
        .collect();
    println!(
        "In other roles, and on the Starter plan: {}",
        looks.join("  ")
    );
    println!("This command asks for the firm's status; its token is valid for an hour:");
    println!("  curl -H 'Authorization: Bearer {token}' {url}/v1/quickbooks/status");
}
