//! What a person decides about what was noticed.

use super::cases::{DOCUMENTS, Row, office};
use super::{invoices, journal_entries, payments, retainage_lines};
use crate::support::world::World;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use store::activity::{ActivityEntry, DocumentNotification};
use store::document::decision::DecisionKind;

use std::collections::BTreeMap;

/// What the books show: by account, customer and class.
type Books = BTreeMap<[String; 3], Decimal>;

impl World {
    fn books(&self) -> Books {
        let simulator = self.simulator();
        let mut books = Books::new();
        for line in simulator.ledger(&self.realm).lines() {
            let entry = line.entry.clone();
            let place = [Some(entry.account), entry.customer, entry.class];
            *books
                .entry(place.map(Option::unwrap_or_default))
                .or_default() += entry.amount;
        }
        books.retain(|_, amount| !amount.is_zero());
        books
    }

    /// Decides about the document that differs; which one that is.
    pub fn decide(&self, act: DecisionKind) -> &'static str {
        let differs = |id: &&str| self.view(id)["state"] == "conflict";
        let id = DOCUMENTS.into_iter().find(differs).unwrap();
        self.settle(id, &self.decision(act)).unwrap();
        id
    }
}

/// What was noticed of a row is decided: what comes of that, and what should.
fn decided(row: &Row, act: DecisionKind, method: RetainageMethod) -> (String, String) {
    let world = office(method);
    let ours = world.books();
    (row.does)(&world);
    world.cycle();
    let theirs = world.books();
    let id = world.decide(act);
    world.cycle();
    let (told, state) = (world.activity().len(), world.view(id)["state"].clone());
    let books = match world.books() {
        books if books == ours => "RIVET's",
        books if books == theirs => "QuickBooks'",
        _ => "other",
    };
    for _ in 0..2 {
        world.cycle();
        world.night();
    }
    let later = &world.activity()[told..];
    assert_eq!(world.view(id)["state"], state, "{}: later", row.what);
    let later = later.iter().filter(|line| !may_be_told(row, act, line));
    let later: Vec<_> = later.map(|line| line.detail.as_str()).collect();
    let came = format!(
        "{} with {books} books {}",
        state.as_str().unwrap(),
        later.join(" ")
    );
    (came, expected(row, act, method))
}

/// Where a row's document stands, and with whose books. Nobody takes payments off an invoice to write over it.
fn expected(row: &Row, act: DecisionKind, method: RetainageMethod) -> String {
    let over = ["voided", "gone"].map(|how| row.stands.matches(how).count());
    let is_pair = row.stands.starts_with("pa_") && method == RetainageMethod::JournalEntry;
    let all = if is_pair { 2 } else { 1 };
    let is_over = over.iter().sum::<usize>() == all;
    let is_paid = row
        .told
        .iter()
        .any(|told| told.contains("paid: Partly paid"));
    let books = if ours_are_theirs(row) {
        "RIVET's"
    } else {
        "QuickBooks'"
    };
    match act {
        DecisionKind::KeepRivet if is_paid && row.stands.contains("balance") => {
            "conflict with QuickBooks' books ".into()
        }
        DecisionKind::KeepRivet => "posted with RIVET's books ".into(),
        DecisionKind::KeepQuickbooks if is_over => format!("voided with {books} books "),
        DecisionKind::KeepQuickbooks => format!("posted with {books} books "),
        _ => format!("skipped with {books} books "),
    }
}

/// Whether what somebody did left the balances as they were.
fn ours_are_theirs(row: &Row) -> bool {
    let fields = ["number", "date", "reference", "applied"];
    let contested = row.stands.rsplit(": ").next().unwrap_or_default();
    contested
        .split(' ')
        .all(|field| fields.contains(&field) || field == "description")
}

/// The rows that leave a conflict.
fn contested() -> impl Iterator<Item = &'static Row> {
    let rows = invoices::ROWS.iter().chain(&journal_entries::ROWS);
    rows.chain(&payments::ROWS).filter(|row| is_contested(row))
}

fn is_contested(row: &Row) -> bool {
    row.stands.contains("conflict")
}

/// What is told later of a row that was decided so: only that RIVET's payment pays again what it paid.
fn may_be_told(row: &Row, act: DecisionKind, line: &ActivityEntry) -> bool {
    let is_paid = matches!(line.notification, Some(DocumentNotification::Paid(_)));
    is_paid
        && act == DecisionKind::KeepRivet
        && row.told.iter().any(|told| told.contains(" paid: "))
}

/// Each row is decided in all three ways.
fn check<'a>(rows: impl Iterator<Item = &'a Row>, method: RetainageMethod) {
    let mut off = String::new();
    for row in rows {
        for act in [
            DecisionKind::KeepRivet,
            DecisionKind::KeepQuickbooks,
            DecisionKind::Ignore,
        ] {
            let (came, expected) = decided(row, act, method);
            if came != expected {
                let what = row.what;
                off.push_str(&format!("{what} {act:?}: {came} and not {expected}\n"));
            }
        }
    }
    assert!(off.is_empty(), "{off}");
}

#[test]
fn decided_conflict_stays_decided_without_further_notifications() {
    check(contested(), RetainageMethod::JournalEntry);
}

#[test]
fn decided_conflict_stays_decided_with_retainage_line() {
    let rows = retainage_lines::ROWS.iter().filter(|row| is_contested(row));
    check(rows, RetainageMethod::InvoiceLine);
}

/// The balances of the accounts once RIVET voids a pay app.
fn voided(world: &World, id: &str) -> Option<BTreeMap<String, Decimal>> {
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = id.into();
        data["revision"] = 1.into();
    });
    (0..3).for_each(|_| world.cycle());
    (world.view(id)["state"] == "voided").then(|| {
        let mut balances = world.ledger();
        balances.retain(|_, amount| !amount.is_zero());
        balances
    })
}

#[test]
fn void_after_decision_reverses_current_state() {
    let mut off = String::new();
    let expected = ["pa_1057_1", "pa_1057_3"].map(|id| {
        let world = office(RetainageMethod::JournalEntry);
        (id, voided(&world, id))
    });
    let is_paid = |row: &Row| row.told.iter().any(|told| told.contains(" paid: "));
    for row in contested().filter(|row| row.stands.starts_with("pa_") && !is_paid(row)) {
        for act in [DecisionKind::KeepRivet, DecisionKind::KeepQuickbooks] {
            let world = office(RetainageMethod::JournalEntry);
            (row.does)(&world);
            world.cycle();
            let id = world.decide(act);
            world.cycle();
            if !expected.contains(&(id, voided(&world, id))) {
                off.push_str(&format!(
                    "{} {act:?}: {}\n",
                    row.what,
                    world.view(id)["state"]
                ));
            }
        }
    }
    assert!(off.is_empty(), "{off}");
}
