//! The ways on from a hold: it is that one, or post it anyway.

use crate::support::bookkeeper::{TYPED_BILL, Typed};
use crate::support::usual_bill::{BILL, USUAL};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use bridge::error::Error;
use mapping::SyncMode;
use quickbooks::entity::TxnType;
use store::document::TransactionKey;
use store::document::decision::{Decision, DecisionKind};

impl World {
    /// Decides that a document is posted anyway, and runs the schedule.
    pub(super) fn post_anyway(&self, id: &str) {
        let decision = self.decision(DecisionKind::PostAnyway);
        self.record_decision(id, &decision).unwrap();
        self.run_next_sync();
    }

    /// Decides that a document is these transactions, and runs the schedule.
    pub(super) fn mark_posted(&self, id: &str, objects: &[(TxnType, &str)]) {
        let keys = objects
            .iter()
            .map(|(kind, id)| TransactionKey::new(*kind, *id));
        let decision = Decision {
            objects: keys.collect(),
            ..self.decision(DecisionKind::Posted)
        };
        self.record_decision(id, &decision).unwrap();
        self.run_next_sync();
    }
}

#[test]
fn bill_posted_anyway_gets_letter_if_refused() {
    for (warns, number) in [(true, "1042-1a"), (false, "1042-1")] {
        let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(warns));
        let world = World::configured_with(options, |_| {});
        world.type_invoice(TYPED_BILL);
        assert_eq!(world.bill(), Outcome::Held);
        world.post_anyway(BILL);
        let view = world.view(BILL);
        assert_eq!(view["state"], "posted", "{view}");
        assert_eq!(view["quickbooks"][0]["number"], number);
        assert_eq!(view["decision"]["act"], "post_anyway");
        assert_eq!(view["decision"]["by"], "usr_17");
        assert_eq!(world.invoices_and_entries(), (2, 1));
    }
}

#[test]
fn bill_marked_as_typed_one_is_adopted() {
    let world = World::configured();
    let typed = world.type_invoice(TYPED_BILL);
    let bill = |bill: &mut serde_json::Value| {
        bill["lines"][0]["work_completed"] = "43650.00".into();
        bill["lines"][0]["retainage"] = "0.00".into();
        bill["totals"] =
            serde_json::json!({ "billed": "43650.00", "retainage": "0.00", "net": "43650.00" });
    };
    assert_eq!(world.bill_with(bill), Outcome::Held);
    world.mark_posted(BILL, &[(TxnType::Invoice, &typed)]);
    assert_eq!(world.shows(BILL), "posted", "{}", world.view(BILL));
    assert_eq!(world.invoices_and_entries(), (1, 0));
}

#[test]
fn release_is_marked_as_entry_or_invoice() {
    for kind in [TxnType::JournalEntry, TxnType::Invoice] {
        let world = World::configured();
        world.bill();
        world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
        assert_eq!(world.release(1, "4850.00"), Outcome::Held);
        let typed = Typed {
            number: "R-1",
            amount: "4850.00",
            ..TYPED_BILL
        };
        let id = match kind {
            TxnType::Invoice => world.type_invoice(typed),
            _ => world.type_entry(typed),
        };
        world.mark_posted("rel_1", &[(kind, &id)]);
        let view = world.view("rel_1");
        assert_eq!(view["state"], "posted", "{view}");
        assert_eq!(view["quickbooks"][0]["id"], id);
    }
}

#[test]
fn typed_check_is_taken_as_payment() {
    let world = World::configured();
    let invoice = {
        world.bill();
        world.last_id("Invoice")
    };
    let check = world.type_check_for(&invoice, "43650.00", "2026-04-27");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    world.mark_posted("pay_pa_1", &[(TxnType::Payment, &check)]);
    assert_eq!(
        world.shows("pay_pa_1"),
        "posted",
        "{}",
        world.view("pay_pa_1")
    );
    assert_eq!(world.count("Payment"), 1);
}

#[test]
fn payment_posted_anyway_is_posted_once() {
    let world = World::configured();
    world.bill();
    world.type_check("Harbor Builders", "43650.00", "2026-04-27");
    assert_eq!(world.pay(BILL, "43650.00"), Outcome::Held);
    world.post_anyway("pay_pa_1");
    assert_eq!(world.shows("pay_pa_1"), "posted");
    assert_eq!(world.count("Payment"), 2);
}

#[test]
fn only_entered_documents_are_posted_anyway() {
    let world = World::configured();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    world.bill();
    let anyway = world.decision(DecisionKind::PostAnyway);
    let refused = world.record_decision(BILL, &anyway).unwrap_err();
    assert!(matches!(refused, Error::NotDecidable(why) if why.contains("`posted`")));
    world.press_sync_now();
    let settled = world.record_decision(BILL, &anyway).unwrap_err();
    assert!(matches!(settled, Error::NotDecidable(_)));
}

#[test]
fn revision_of_held_bill_is_looked_for_again() {
    let world = World::configured();
    let typed = world.type_invoice(TYPED_BILL);
    world.bill();
    assert_eq!(world.revise_bill(USUAL), Outcome::Held);
    world.assert_held_for(BILL, "already_in_quickbooks", &[&typed]);
}

#[test]
fn void_of_held_bill_leaves_typed_one() {
    let world = World::configured();
    world.type_invoice(TYPED_BILL);
    assert_eq!(world.bill(), Outcome::Held);
    world.void_bill(BILL, "2026-07-02");
    assert_eq!(world.shows(BILL), "voided");
    assert_eq!(world.count("Invoice"), 1);
}
