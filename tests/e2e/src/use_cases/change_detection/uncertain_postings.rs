//! What happens in QuickBooks while it is not known for hours whether a posting stands there.

use super::cases::{line, office};
use super::edits::{BILL, PAID_BILL};
use crate::support::world::World;
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use serde_json::json;
use simulator::{Commit, Effect, Injection, RequestKind};

impl World {
    /// The answer to a release was lost, and QuickBooks never answers a question about it: nothing but its entry is known there.
    fn doubts_a_release(&self) -> String {
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

    fn hours(&self, hours: usize) {
        (0..10 * hours).for_each(|_| self.cycle());
    }

    fn noticed_lines(&self) -> Vec<String> {
        self.lines().iter().map(line).collect()
    }
}

#[test]
fn uncertain_posting_delays_no_other_detection() {
    let world = office(RetainageMethod::JournalEntry);
    world.doubts_a_release();
    world.hours(2);
    let before = world.noticed_lines().len();
    world.change_amounts(BILL, "1.00");
    world.hours(1);
    assert_eq!(world.view("rel_1042_2")["state"], "uncertain");
    assert_eq!(
        world.noticed_lines()[before..],
        [
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks."
        ]
    );
}

#[test]
fn payment_of_uncertain_posting_notifies_once_found() {
    let world = office(RetainageMethod::JournalEntry);
    let entry = world.doubts_a_release();
    world.hours(1);
    let before = world.noticed_lines().len();
    let payer = world.payer(PAID_BILL);
    let line = json!({"Amount": 50, "LinkedTxn": [{"TxnId": entry, "TxnType": "JournalEntry"}]});
    let payment =
        json!({"CustomerRef": payer, "TotalAmt": 50, "TxnDate": "2026-09-20", "Line": [line]});
    world.enter("Payment", payment);
    world.hours(1);
    assert_eq!(world.noticed_lines().len(), before);
    world.simulator().clear_injections();
    world.hours(1);
    assert_eq!(world.view("rel_1042_2")["state"], "posted");
    assert_eq!(
        world.noticed_lines()[before..],
        ["rel_1042_2 paid: Paid in QuickBooks: 50.00 of 50.00. [50.00; 0.00 open]"]
    );
}

#[test]
fn uncertain_own_payment_is_not_notified() {
    let world = office(RetainageMethod::JournalEntry);
    let before = world.noticed_lines().len();
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
    world.hours(1);
    assert_eq!(world.view("pay_0009")["state"], "uncertain");
    world.simulator().clear_injections();
    world.hours(1);
    assert_eq!(world.view("pay_0009")["state"], "posted");
    assert_eq!(world.noticed_lines()[before..], [""; 0]);
}
