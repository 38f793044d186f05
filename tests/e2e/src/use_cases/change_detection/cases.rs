//! What people do in QuickBooks to what RIVET posted, and what is made of it, row by row.

use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use jiff::SignedDuration;
use mapping::{InvoiceLines, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::{Actor, CallClass, Subscription};
use std::collections::BTreeMap;
use store::activity::{ActivityEntry, DocumentNotification};

/// What stands in QuickBooks when a row begins: two pay apps of Ashgrove's and a back-charge, one of Turner Bay's of which RIVET
/// recorded a payment of 20 000.00, and a release of retainage of 1 000.00.
pub const DOCUMENTS: [&str; 6] = [
    "pa_1057_1",
    "pa_1057_2",
    "pa_1057_3",
    "pa_1042_1",
    "rel_1042_1",
    "pay_0001",
];

/// What somebody does, and what is made of it.
pub struct Row {
    /// In a bookkeeper's words.
    pub what: &'static str,
    pub does: fn(&World),
    /// The documents that are not simply posted any more, and what is contested of each.
    pub stands: &'static str,
    /// The new lines of the activity, and what RIVET is told of each.
    pub told: &'static [&'static str],
    /// Calls to QuickBooks: after events, and when events were lost.
    pub calls: [usize; 2],
}

/// An office with all these, whose company tells of everything.
pub fn office(method: RetainageMethod) -> World {
    let world = World::with_classes(|settings| {
        settings.invoice_lines = InvoiceLines::BySovItem;
        settings.retainage_method = method;
    });
    world
        .simulator()
        .subscribe(Subscription::new("https://books.example/", "verifier"));
    let changed = |event: &'static str, change: fn(&mut Value)| {
        assert_eq!(
            world.deliver_changed(event, change),
            Outcome::Posted,
            "{event}"
        );
    };
    for event in ["03", "04", "11", "13"] {
        world.advance(SignedDuration::from_mins(1));
        assert_eq!(world.deliver(body(event)), Outcome::Posted);
    }
    changed("09", |data| data["release"]["amount"] = json!("1000.00"));
    world.advance(SignedDuration::from_mins(1));
    changed("05", |data| {
        data["payment"]["amount"] = json!("20000.00");
        data["payment"]["applied"][0]["amount"] = json!("20000.00");
    });
    world.cycle();
    world
}

impl World {
    /// Every line of the activity so far.
    pub fn activity(&self) -> Vec<ActivityEntry> {
        let desk = block_on(self.bridge.store.queue(&self.firm)).unwrap();
        assert_eq!(desk.activity_pages, 0);
        desk.recent_activity
    }

    /// What is another than posted, and in what it differs.
    pub fn stands(&self) -> String {
        let views = DOCUMENTS.map(|id| (id, self.view(id)));
        let others = views.iter().filter(|(_, view)| view["state"] != "posted");
        let others = others.map(|(id, view)| {
            let state = view["state"].as_str().unwrap();
            let objects = view["conflict"]["objects"].as_array().cloned();
            let objects: Vec<_> = objects.unwrap_or_default().iter().map(contested).collect();
            format!("{id} {state}, {}", objects.join(", "))
        });
        others.collect::<Vec<_>>().join("; ")
    }

    pub fn ledger(&self) -> BTreeMap<String, Decimal> {
        self.simulator().ledger(&self.realm).trial_balance().clone()
    }

    /// Calls to QuickBooks, of which none changes anything.
    pub fn calls_made(&self) -> usize {
        let simulator = self.simulator();
        let seen = simulator.traffic().iter();
        let calls =
            seen.filter(|seen| matches!(seen.class, CallClass::Read | CallClass::Batch { .. }));
        assert!(
            simulator
                .traffic()
                .iter()
                .all(|seen| !seen.class.can_write())
        );
        calls.count()
    }

    /// RIVET learns what somebody did: the company tells of it, or the nightly question finds it.
    pub fn learns(&self, is_told: bool) {
        if is_told { self.cycle() } else { self.night() }
    }

    pub fn night(&self) {
        self.advance(SignedDuration::from_hours(24));
        self.cycle();
    }
}

/// `Invoice: total, lines`, or what became of it.
fn contested(object: &Value) -> String {
    let kind = object["type"].as_str().unwrap();
    let differs = object["differs"].as_array().unwrap().iter();
    let differs: Vec<_> = differs.map(|field| field.as_str().unwrap()).collect();
    match object["quickbooks"]["state"].as_str().unwrap() {
        state @ ("gone" | "voided") => format!("{kind} {state}"),
        _ => format!("{kind}: {}", differs.join(" ")),
    }
}

pub fn line(line: &ActivityEntry) -> String {
    let ActivityEntry {
        document,
        detail,
        notification: tell,
        ..
    } = line;
    let id = &document.id;
    match tell {
        None => format!("{id} noted: {detail}"),
        Some(DocumentNotification::Paid(payment)) => {
            let parts = payment.payments.iter().map(|part| part.amount.as_str());
            let parts = parts.collect::<Vec<_>>().join(" + ");
            format!("{id} paid: {detail} [{parts}; {} open]", payment.balance)
        }
        Some(tell) => {
            let detail = detail.trim_end_matches(" Choose which version to keep.");
            format!("{id} {}: {detail}", String::from(tell.clone()))
        }
    }
}

/// What a row came to: where the documents stand, the lines, and the calls that it cost; then what came later of the same.
#[derive(PartialEq)]
struct Came {
    stands: String,
    told: Vec<String>,
    calls: usize,
    later: String,
}

impl std::fmt::Debug for Came {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (told, calls) = (self.told.join("\n    "), self.calls);
        writeln!(
            formatter,
            "{calls} calls: {}\n    {told}{}",
            self.stands, self.later
        )
    }
}

impl Row {
    /// Nothing comes of it but these calls.
    pub const fn no_difference(what: &'static str, does: fn(&World), calls: [usize; 2]) -> Self {
        Self {
            what,
            does,
            stands: "",
            told: &[],
            calls,
        }
    }

    /// What somebody does is noticed once. The same comes of it whether the company tells of it or the nightly question finds it.
    fn run(&self, method: RetainageMethod, is_told: bool) -> Came {
        let world = office(method);
        let before = world.activity().len();
        if !is_told {
            world.simulator().unsubscribe();
        }
        (self.does)(&world);
        let changes = world.simulator().changes(&world.realm).len();
        let books = world.ledger();
        world.simulator().clear_traffic();
        world.learns(is_told);
        let (stands, calls) = (world.stands(), world.calls_made());
        let told: Vec<_> = world.activity()[before..].iter().map(line).collect();
        world.simulator().clear_traffic();
        world.cycle();
        let again = world.calls_made();
        world.night();
        world.night();
        let mut later = String::new();
        for line in world.activity()[before..].iter().skip(told.len()).map(line) {
            later.push_str(&format!("\n    told later: {line}"));
        }
        if (again, world.calls_made()) != (0, 2) || world.stands() != stands {
            later.push_str(&format!(
                "\n    later: {again} + {} calls, {}",
                world.calls_made(),
                world.stands()
            ));
        }
        assert_eq!(world.ledger(), books, "{}", self.what);
        let simulator = world.simulator();
        let mut since = simulator.changes(&world.realm)[changes..].iter();
        assert!(since.all(|change| change.by != Actor::Api), "{}", self.what);
        Came {
            stands,
            told,
            calls,
            later,
        }
    }

    fn expected(&self, calls: usize) -> Came {
        Came {
            stands: self.stands.to_owned(),
            told: self.told.iter().map(|line| (*line).to_owned()).collect(),
            calls,
            later: String::new(),
        }
    }
}

/// Each row of a table comes to what it says.
pub fn check(rows: &[Row], method: RetainageMethod) {
    let mut off = String::new();
    for row in rows {
        for (is_told, calls) in [(true, row.calls[0]), (false, row.calls[1])] {
            let came = row.run(method, is_told);
            if came != row.expected(calls) {
                let how = if is_told { "told" } else { "by night" };
                off.push_str(&format!("{}, {how}: {came:?}", row.what));
            }
        }
    }
    assert!(off.is_empty(), "\n{off}");
}

#[test]
fn invoice_edits_are_detected() {
    check(&super::invoices::ROWS, RetainageMethod::JournalEntry);
}

#[test]
fn entry_and_credit_memo_edits_are_detected() {
    check(&super::journal_entries::ROWS, RetainageMethod::JournalEntry);
}

#[test]
fn payment_changes_are_detected() {
    check(&super::payments::ROWS, RetainageMethod::JournalEntry);
}

#[test]
fn list_and_preference_changes_are_no_drift() {
    check(&super::lists::ROWS, RetainageMethod::JournalEntry);
}

#[test]
fn retainage_line_invoice_edits_are_detected() {
    check(&super::retainage_lines::ROWS, RetainageMethod::InvoiceLine);
}
