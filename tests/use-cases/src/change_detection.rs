//! Change detection: from a person's edit in QuickBooks to the document's view and the notification.

mod coverage;
mod decisions;
mod sequences;
mod lost_notices;
mod hold_releases;
mod merges;
mod moves;
mod own_payments;
mod uncertain_postings;
mod settings;
mod invoices;
pub mod items;
mod journal_entries;
mod lists;
mod payments;
mod retainage_lines;
mod cases;
mod edits;

use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{Answer, Subscription};
use store::activity::{ActivityEntry, DocumentNotification};

/// Returns a firm with a posted pay app. Its company announces every change, and the echoes of the posting are processed.
fn firm_with_pay_app() -> World {
    let world = World::configured();
    world.simulator().subscribe(Subscription::new(
        "https://books.example/v1/webhooks/quickbooks",
        "verifier",
    ));
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    world.deliver_events_and_scan();
    world.simulator().clear_traffic();
    world
}

impl World {
    /// Delivers the company's events and runs the schedule, which scans them.
    pub fn deliver_events_and_scan(&self) {
        self.deliver_events();
        self.run_scheduled_sync();
    }

    /// Delivers the company's events, and scans nothing.
    pub fn deliver_events(&self) {
        self.advance(SignedDuration::from_mins(6));
        let now = self.now();
        let deliveries = self.simulator().start_due_deliveries(now);
        for delivery in &deliveries {
            block_on(receive(&self.services.store, &delivery.body, now)).unwrap();
            let accepted = Answer::Status(200);
            self.simulator().report_delivery(delivery.id, accepted, now);
        }
    }

    /// Returns the view of the pay app.
    fn pay_app_view(&self) -> Value {
        self.view("pa_1057_1")
    }

    /// Returns the number of calls since the traffic was cleared.
    fn reads(&self) -> usize {
        self.simulator().traffic().len()
    }

    /// Returns the activity about changes in QuickBooks that RIVET is notified of.
    pub fn notified_entries(&self) -> Vec<ActivityEntry> {
        let queue = block_on(self.services.store.queue(&self.firm)).unwrap();
        let is_notified = |entry: &ActivityEntry| {
            matches!(
                entry.notification,
                Some(DocumentNotification::Changed | DocumentNotification::Paid(_))
            )
        };
        queue
            .recent_activity
            .into_iter()
            .filter(is_notified)
            .collect()
    }

    /// Enters a payment of the last object of this kind, and returns its id.
    pub fn enter_payment_of_last(&self, kind: &str, amount: f64, applied: f64) -> String {
        let customer = self.last("Invoice")["CustomerRef"].clone();
        let link = json!([{"TxnId": self.last_id(kind), "TxnType": kind}]);
        let payment = json!({"CustomerRef": customer, "TotalAmt": amount, "TxnDate": "2026-04-20",
            "Line": [{"Amount": applied, "LinkedTxn": link}]});
        self.enter("Payment", payment)
    }
}

#[test]
fn echoes_of_own_writes_cost_no_read() {
    let world = World::configured();
    world
        .simulator()
        .subscribe(Subscription::new("https://books.example/", "verifier"));
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    world.simulator().clear_traffic();
    world.deliver_events_and_scan();
    assert_eq!(world.reads(), 0, "{:?}", world.simulator().traffic());
    assert_eq!(world.notified_entries(), []);
    assert_eq!(world.pay_app_view()["state"], "posted");
}

#[test]
fn paid_invoice_notifies_once_with_payment() {
    let world = firm_with_pay_app();
    let payment = world.enter_payment_of_last("Invoice", 8106.65, 8106.65);
    world.deliver_events_and_scan();
    let entries = world.notified_entries();
    let Some(DocumentNotification::Paid(paid)) = &entries[0].notification else {
        panic!("{entries:?}")
    };
    assert_eq!(
        serde_json::to_value(paid).unwrap(),
        json!({"total": "8106.65", "paid": "8106.65", "balance": "0.00",
            "payments": [{"id": payment, "date": "2026-04-20", "amount": "8106.65"}]})
    );
    assert_eq!(entries[0].detail, "Paid in QuickBooks: 8106.65 of 8106.65.");
    assert_eq!(world.pay_app_view()["state"], "posted");
    (0..3).for_each(|_| world.deliver_events_and_scan());
    world.advance(SignedDuration::from_hours(24));
    world.deliver_events_and_scan();
    assert_eq!(world.notified_entries().len(), 1);
}

#[test]
fn removed_payment_notifies_again() {
    let world = firm_with_pay_app();
    world.enter_payment_of_last("Invoice", 100.0, 100.0);
    world.deliver_events_and_scan();
    world.delete_last("Payment");
    world.deliver_events_and_scan();
    let details: Vec<_> = world
        .notified_entries()
        .into_iter()
        .map(|entry| entry.detail)
        .collect();
    let expected = [
        "Partly paid in QuickBooks: 100.00 of 8106.65.",
        "Not paid any more in QuickBooks: 0.00 of 8106.65.",
    ];
    assert_eq!(details, expected);
}

#[test]
fn deleted_invoice_becomes_decidable_conflict() {
    let world = firm_with_pay_app();
    world.delete_last("Invoice");
    world.deliver_events_and_scan();
    let view = world.pay_app_view();
    assert_eq!(view["state"], "conflict", "{view}");
    assert_eq!(view["reason"]["code"], "changed_in_quickbooks");
    let objects = view["conflict"]["objects"].as_array().unwrap();
    assert_eq!(objects[0]["quickbooks"]["state"], "gone");
    assert_eq!(world.notified_entries().len(), 1);
}

#[test]
fn changed_memo_adds_history_without_conflict() {
    let world = firm_with_pay_app();
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerMemo"] = json!({"value": "Thank you"});
    });
    world.deliver_events_and_scan();
    let view = world.pay_app_view();
    assert_eq!(view["state"], "posted");
    assert_eq!(world.notified_entries(), []);
    let last = view["attempts"].as_array().unwrap().last().unwrap();
    let number = world.last("Invoice")["DocNumber"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        last["detail"],
        format!(
            "Somebody changed the customer message of Invoice {number} in QuickBooks. The books say the same."
        )
    );
}

#[test]
fn reverted_edit_ends_conflict() {
    let world = firm_with_pay_app();
    let date = world.last("Invoice")["TxnDate"].clone();
    let edit = |date: &Value| {
        world.edit_last("Invoice", |invoice| invoice["TxnDate"] = date.clone());
        world.deliver_events_and_scan();
    };
    edit(&json!("2026-04-02"));
    assert_eq!(world.pay_app_view()["state"], "conflict");
    edit(&date);
    assert_eq!(
        world.pay_app_view()["state"],
        "posted",
        "{}",
        world.pay_app_view()
    );
    assert_eq!(world.notified_entries().len(), 1);
}

#[test]
fn nightly_scan_finds_unannounced_change() {
    let world = firm_with_pay_app();
    world.simulator().unsubscribe();
    world.delete_last("JournalEntry");
    world.deliver_events_and_scan();
    assert_eq!(world.pay_app_view()["state"], "posted");
    world.advance(SignedDuration::from_hours(24));
    world.deliver_events_and_scan();
    assert_eq!(
        world.pay_app_view()["state"],
        "conflict",
        "{}",
        world.pay_app_view()
    );
    assert_eq!(world.notified_entries().len(), 1);
}
