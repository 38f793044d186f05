//! Decisions about detected conflicts.

use super::cases::{DOCUMENTS, EditCase, firm_with_documents};
use super::{invoices, journal_entries, payments, retainage_lines};
use crate::support::usual_bill::{BILL, Figures};
use crate::support::world::World;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulation::seeds::stride;
use std::collections::BTreeMap;
use store::activity::{ActivityEntry, DocumentNotification};
use store::document::decision::DecisionKind;

/// Balances by account, customer and class.
type Balances = BTreeMap<[String; 3], Decimal>;

/// Figures of a revision.
const LESS: Figures = Figures {
    billed: "40000.00",
    retainage: "4000.00",
};

impl World {
    fn balances(&self) -> Balances {
        let simulator = self.simulator();
        let mut balances = Balances::new();
        for line in simulator.ledger(&self.realm).lines() {
            let entry = line.entry.clone();
            let place = [Some(entry.account), entry.customer, entry.class];
            *balances
                .entry(place.map(Option::unwrap_or_default))
                .or_default() += entry.amount;
        }
        balances.retain(|_, amount| !amount.is_zero());
        balances
    }

    /// Decides about the document in conflict, and returns its id.
    pub fn decide(&self, kind: DecisionKind) -> &'static str {
        let is_in_conflict = |id: &&str| self.view(id)["state"] == "conflict";
        let id = DOCUMENTS.into_iter().find(is_in_conflict).unwrap();
        self.record_decision(id, &self.decision(kind)).unwrap();
        id
    }
}

/// Decides the conflict of a case. Returns the actual and the expected result.
fn decide_case(case: &EditCase, kind: DecisionKind, method: RetainageMethod) -> (String, String) {
    let world = firm_with_documents(method);
    let ours = world.balances();
    (case.edit)(&world);
    world.deliver_events_and_scan();
    let theirs = world.balances();
    let id = world.decide(kind);
    world.deliver_events_and_scan();
    let (before, state) = (world.activity().len(), world.view(id)["state"].clone());
    let whose = match world.balances() {
        balances if balances == ours => "RIVET's",
        balances if balances == theirs => "QuickBooks'",
        _ => "other",
    };
    for _ in 0..2 {
        world.deliver_events_and_scan();
        world.run_next_day();
    }
    let later = &world.activity()[before..];
    assert_eq!(world.view(id)["state"], state, "{}: later", case.name);
    let later = later
        .iter()
        .filter(|entry| !may_be_notified(case, kind, entry));
    let later: Vec<_> = later.map(|entry| entry.detail.as_str()).collect();
    let actual = format!(
        "{} with {whose} balances {}",
        state.as_str().unwrap(),
        later.join(" ")
    );
    (actual, expected(case, kind, method))
}

/// Returns the expected state and whose balances it has. RIVET never removes a payment to write an invoice.
fn expected(case: &EditCase, kind: DecisionKind, method: RetainageMethod) -> String {
    let removed = ["voided", "gone"].map(|state| case.unposted.matches(state).count());
    let has_entry = case.unposted.starts_with("pa_") && method == RetainageMethod::JournalEntry;
    let objects = if has_entry { 2 } else { 1 };
    let are_all_removed = removed.iter().sum::<usize>() == objects;
    let is_paid = case
        .activity
        .iter()
        .any(|line| line.contains("paid: Partly paid"));
    let whose = if keeps_balances(case) {
        "RIVET's"
    } else {
        "QuickBooks'"
    };
    match kind {
        DecisionKind::KeepRivet if is_paid && case.unposted.contains("balance") => {
            "conflict with QuickBooks' balances ".into()
        }
        DecisionKind::KeepRivet => "posted with RIVET's balances ".into(),
        DecisionKind::KeepQuickbooks if are_all_removed => format!("voided with {whose} balances "),
        DecisionKind::KeepQuickbooks => format!("posted with {whose} balances "),
        _ => format!("skipped with {whose} balances "),
    }
}

/// Returns whether the edit left all balances unchanged.
fn keeps_balances(case: &EditCase) -> bool {
    let fields = ["number", "date", "reference", "applied", "unapplied_amount"];
    let differing = case.unposted.rsplit(": ").next().unwrap_or_default();
    differing
        .split(' ')
        .all(|field| fields.contains(&field) || field == "description")
}

/// Returns the cases that end in a conflict.
fn conflicting() -> impl Iterator<Item = &'static EditCase> {
    let cases = invoices::CASES.iter().chain(&journal_entries::CASES);
    cases
        .chain(&payments::CASES)
        .filter(|case| is_conflicting(case))
}

fn is_conflicting(case: &EditCase) -> bool {
    case.unposted.contains("conflict")
}

/// Returns whether RIVET may be notified after the decision: only of its own payment, which is applied again.
fn may_be_notified(case: &EditCase, kind: DecisionKind, entry: &ActivityEntry) -> bool {
    let is_paid = matches!(entry.notification, Some(DocumentNotification::Paid(_)));
    is_paid
        && kind == DecisionKind::KeepRivet
        && case.activity.iter().any(|line| line.contains(" paid: "))
}

/// Decides each case in one of three ways, or in all with a [`stride`] of 1.
fn check_decisions<'a>(cases: impl Iterator<Item = &'a EditCase>, method: RetainageMethod) {
    let mut failures = String::new();
    let kinds = [
        DecisionKind::KeepRivet,
        DecisionKind::KeepQuickbooks,
        DecisionKind::Ignore,
    ];
    for (number, case) in cases.enumerate() {
        for kind in kinds.into_iter().skip(number % stride()).step_by(stride()) {
            let (actual, expected) = decide_case(case, kind, method);
            if actual != expected {
                let name = case.name;
                failures.push_str(&format!("{name} {kind:?}: {actual} and not {expected}\n"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn decided_conflict_stays_decided_without_further_notifications() {
    check_decisions(conflicting(), RetainageMethod::JournalEntry);
}

#[test]
fn decided_conflict_stays_decided_with_retainage_line() {
    let cases = retainage_lines::CASES
        .iter()
        .filter(|case| is_conflicting(case));
    check_decisions(cases, RetainageMethod::InvoiceLine);
}

/// Returns the balances of all accounts after RIVET voided a pay app; none if it is not voided.
fn balances_after_void(world: &World, id: &str) -> Option<BTreeMap<String, Decimal>> {
    world.deliver_changed("12", |data| {
        data["pay_app_id"] = id.into();
        data["revision"] = 1.into();
    });
    (0..3).for_each(|_| world.deliver_events_and_scan());
    (world.view(id)["state"] == "voided").then(|| {
        let mut balances = world.ledger();
        balances.retain(|_, amount| !amount.is_zero());
        balances
    })
}

#[test]
fn void_after_decision_reverses_current_state() {
    let mut failures = String::new();
    let expected = ["pa_1057_1", "pa_1057_3"].map(|id| {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        (id, balances_after_void(&world, id))
    });
    let is_paid = |case: &EditCase| case.activity.iter().any(|line| line.contains(" paid: "));
    let cases = conflicting().filter(|case| case.unposted.starts_with("pa_") && !is_paid(case));
    for case in cases.step_by(stride()) {
        for kind in [DecisionKind::KeepRivet, DecisionKind::KeepQuickbooks] {
            let world = firm_with_documents(RetainageMethod::JournalEntry);
            (case.edit)(&world);
            world.deliver_events_and_scan();
            let id = world.decide(kind);
            world.deliver_events_and_scan();
            if !expected.contains(&(id, balances_after_void(&world, id))) {
                failures.push_str(&format!(
                    "{} {kind:?}: {}\n",
                    case.name,
                    world.view(id)["state"]
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// RIVET's newer version was refused before somebody edited, so it is still to be posted once the edit is undone.
#[test]
fn undone_edit_lets_refused_revision_post() {
    let world = World::configured();
    world.announce_changes();
    world.bill();
    world.simulator().switches_mut().forbidden_kinds = vec!["Invoice"];
    world.revise_bill(LESS);
    assert_eq!(world.view(BILL)["state"], "failed");
    world.simulator().switches_mut().forbidden_kinds = Vec::new();
    let date = world.last("Invoice")["TxnDate"].clone();
    let set_date = |date: Value| world.edit_last("Invoice", |invoice| invoice["TxnDate"] = date);
    set_date(json!("2026-03-30"));
    world.press_retry(BILL);
    assert_eq!(world.view(BILL)["state"], "conflict");
    set_date(date);
    world.deliver_events_and_scan();
    world.run_next_sync();
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.last("Invoice")["TotalAmt"].to_string(), "36000.00");
}

/// The revision also creates an entry, which is no version of a person's.
#[test]
fn scan_repeats_no_edit_that_stopped_revision() {
    for (retainage, newer) in [
        ("0.00", "4850.00"),
        ("4850.00", "0.00"),
        ("4850.00", "4000.00"),
    ] {
        let figures = |retainage| Figures {
            billed: "48500.00",
            retainage,
        };
        let world = World::configured();
        world.announce_changes();
        world.bill_next(1, figures(retainage));
        world.deliver_events_and_scan();
        world.edit_last("Invoice", |invoice| invoice["DocNumber"] = json!("P-1"));
        world.revise_bill(figures(newer));
        assert_eq!(world.view(BILL)["state"], "conflict");
        world.deliver_events_and_scan();
        let told = world.notified_entries();
        assert_eq!(told.len(), 1, "{retainage} {newer}: {told:#?}");
    }
}
