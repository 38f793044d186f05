//! Uncertain postings: edits in QuickBooks while the outcome of a posting is unknown for hours.

use super::cases::{describe, firm_with_documents};
use super::edits::{INVOICE, PAID_INVOICE};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};

impl World {
    /// Delivers a release whose answer is lost and whose look-up never succeeds. Returns the id of its journal entry.
    fn deliver_uncertain_release(&self) -> String {
        let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
        self.simulator().inject(lost.body_containing("rel_1042_2"));
        let outcome = self.deliver_changed("14", |data| data["release"]["amount"] = json!("50.00"));
        assert_eq!(outcome, Outcome::Queued);
        let entry = self.last("JournalEntry");
        let unanswered = Injection::new(Effect::Dropped(Commit::Before));
        let unanswered = unanswered.query_containing(entry["DocNumber"].as_str().unwrap());
        self.simulator().inject(unanswered.always());
        entry["Id"].as_str().unwrap().to_owned()
    }

    /// Scans for this many hours.
    fn scan_for_hours(&self, hours: usize) {
        (0..10 * hours).for_each(|_| self.deliver_events_and_scan());
    }

    /// Describes the activity about changes in QuickBooks.
    fn detected_changes(&self) -> Vec<String> {
        self.notified_entries().iter().map(describe).collect()
    }
}

#[test]
fn uncertain_posting_delays_no_other_detection() {
    let world = firm_with_documents(RetainageMethod::JournalEntry);
    world.deliver_uncertain_release();
    world.scan_for_hours(2);
    let before = world.detected_changes().len();
    world.change_amounts(INVOICE, "1.00");
    world.scan_for_hours(1);
    assert_eq!(world.view("rel_1042_2")["state"], "uncertain");
    assert_eq!(
        world.detected_changes()[before..],
        [
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks."
        ]
    );
}

#[test]
fn payment_of_uncertain_posting_notifies_once_found() {
    let world = firm_with_documents(RetainageMethod::JournalEntry);
    let entry = world.deliver_uncertain_release();
    world.scan_for_hours(1);
    let before = world.detected_changes().len();
    let customer = world.customer_of(PAID_INVOICE);
    let line = json!({"Amount": 50, "LinkedTxn": [{"TxnId": entry, "TxnType": "JournalEntry"}]});
    let payment =
        json!({"CustomerRef": customer, "TotalAmt": 50, "TxnDate": "2026-09-20", "Line": [line]});
    world.enter("Payment", payment);
    world.scan_for_hours(1);
    assert_eq!(world.detected_changes().len(), before);
    world.simulator().clear_injections();
    world.scan_for_hours(1);
    assert_eq!(world.view("rel_1042_2")["state"], "posted");
    assert_eq!(
        world.detected_changes()[before..],
        ["rel_1042_2 paid: Paid in QuickBooks: 50.00 of 50.00. [50.00; 0.00 open]"]
    );
}

#[test]
fn uncertain_own_payment_is_not_notified() {
    let world = firm_with_documents(RetainageMethod::JournalEntry);
    let before = world.detected_changes().len();
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Write);
    world.simulator().inject(lost.body_containing("pay_0009"));
    let unanswered =
        Injection::new(Effect::Dropped(Commit::Before)).query_containing("from Payment");
    world.simulator().inject(unanswered.always());
    let outcome = world.deliver_changed("05", |data| {
        let payment = &mut data["payment"];
        payment["id"] = json!("pay_0009");
        payment["amount"] = json!("100.00");
        payment["applied"][0]["amount"] = json!("100.00");
    });
    assert_eq!(outcome, Outcome::Queued);
    world.scan_for_hours(1);
    assert_eq!(world.view("pay_0009")["state"], "uncertain");
    world.simulator().clear_injections();
    world.scan_for_hours(1);
    assert_eq!(world.view("pay_0009")["state"], "posted");
    assert_eq!(world.detected_changes()[before..], [""; 0]);
}
