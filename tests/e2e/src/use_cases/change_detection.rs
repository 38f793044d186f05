//! What somebody does in QuickBooks to what RIVET posted, from there to the office's screen.

mod retainage_lines;
mod decisions;
mod edits;
mod uncertain_postings;
mod hold_releases;
mod journal_entries;
mod invoices;
mod coverage;
mod lists;
mod merges;
mod payments;
mod sequences;
mod settings;
mod cases;

use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use futures::executor::block_on;
use inbound::webhook_intake::receive;
use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator::{Answer, Subscription};
use store::activity::{ActivityEntry, DocumentNotification};

/// A firm whose company tells of everything, with a pay app that was posted and whose echoes were heard.
fn office() -> World {
    let world = World::usual();
    world.simulator().subscribe(Subscription::new(
        "https://books.example/v1/webhooks/quickbooks",
        "verifier",
    ));
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    world.cycle();
    world.simulator().clear_traffic();
    world
}

impl World {
    /// The company's events arrive, and the scheduled run looks at them.
    fn cycle(&self) {
        self.advance(SignedDuration::from_mins(6));
        let now = self.now();
        let deliveries = self.simulator().start_due_deliveries(now);
        for delivery in &deliveries {
            block_on(receive(&self.bridge.store, &delivery.body, now)).unwrap();
            let accepted = Answer::Status(200);
            self.simulator().report_delivery(delivery.id, accepted, now);
        }
        self.scheduled_sync();
    }

    /// The pay app, as it is shown.
    fn shown(&self) -> Value {
        self.view("pa_1057_1")
    }

    fn reads(&self) -> usize {
        self.simulator().traffic().len()
    }

    /// What RIVET is told of what was noticed.
    fn lines(&self) -> Vec<ActivityEntry> {
        let desk = block_on(self.bridge.store.queue(&self.firm)).unwrap();
        let told = |line: &ActivityEntry| {
            matches!(
                line.notification,
                Some(DocumentNotification::Changed | DocumentNotification::Paid(_))
            )
        };
        desk.recent_activity.into_iter().filter(told).collect()
    }

    /// Somebody enters a payment of this invoice or entry; its id.
    fn pay(&self, kind: &str, amount: f64, applied: f64) -> String {
        let customer = self.last("Invoice")["CustomerRef"].clone();
        let link = json!([{"TxnId": self.last_id(kind), "TxnType": kind}]);
        let payment = json!({"CustomerRef": customer, "TotalAmt": amount, "TxnDate": "2026-04-20",
            "Line": [{"Amount": applied, "LinkedTxn": link}]});
        self.enter("Payment", payment)
    }
}

#[test]
fn echoes_of_own_writes_cost_no_read() {
    let world = World::usual();
    world
        .simulator()
        .subscribe(Subscription::new("https://books.example/", "verifier"));
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    world.simulator().clear_traffic();
    world.cycle();
    assert_eq!(world.reads(), 0, "{:?}", world.simulator().traffic());
    assert_eq!(world.lines(), []);
    assert_eq!(world.shown()["state"], "posted");
}

#[test]
fn paid_invoice_notifies_once_with_payment() {
    let world = office();
    let payment = world.pay("Invoice", 8106.65, 8106.65);
    world.cycle();
    let lines = world.lines();
    let Some(DocumentNotification::Paid(paid)) = &lines[0].notification else {
        panic!("{lines:?}")
    };
    assert_eq!(
        serde_json::to_value(paid).unwrap(),
        json!({"total": "8106.65", "paid": "8106.65", "balance": "0.00",
            "payments": [{"id": payment, "date": "2026-04-20", "amount": "8106.65"}]})
    );
    assert_eq!(lines[0].detail, "Paid in QuickBooks: 8106.65 of 8106.65.");
    assert_eq!(world.shown()["state"], "posted");
    (0..3).for_each(|_| world.cycle());
    world.advance(SignedDuration::from_hours(24));
    world.cycle();
    assert_eq!(world.lines().len(), 1);
}

#[test]
fn removed_payment_notifies_again() {
    let world = office();
    world.pay("Invoice", 100.0, 100.0);
    world.cycle();
    world.delete_last("Payment");
    world.cycle();
    let details: Vec<_> = world.lines().into_iter().map(|line| line.detail).collect();
    let expected = [
        "Partly paid in QuickBooks: 100.00 of 8106.65.",
        "Not paid any more in QuickBooks: 0.00 of 8106.65.",
    ];
    assert_eq!(details, expected);
}

#[test]
fn deleted_invoice_becomes_decidable_conflict() {
    let world = office();
    world.delete_last("Invoice");
    world.cycle();
    let shown = world.shown();
    assert_eq!(shown["state"], "conflict", "{shown}");
    assert_eq!(shown["reason"]["code"], "changed_in_quickbooks");
    let objects = shown["conflict"]["objects"].as_array().unwrap();
    assert_eq!(objects[0]["quickbooks"]["state"], "gone");
    assert_eq!(world.lines().len(), 1);
}

#[test]
fn changed_memo_adds_history_without_conflict() {
    let world = office();
    world.edit_last("Invoice", |invoice| {
        invoice["CustomerMemo"] = json!({"value": "Thank you"});
    });
    world.cycle();
    let shown = world.shown();
    assert_eq!(shown["state"], "posted");
    assert_eq!(world.lines(), []);
    let last = shown["attempts"].as_array().unwrap().last().unwrap();
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
    let world = office();
    let date = world.last("Invoice")["TxnDate"].clone();
    let edit = |date: &Value| {
        world.edit_last("Invoice", |invoice| invoice["TxnDate"] = date.clone());
        world.cycle();
    };
    edit(&json!("2026-04-02"));
    assert_eq!(world.shown()["state"], "conflict");
    edit(&date);
    assert_eq!(world.shown()["state"], "posted", "{}", world.shown());
    assert_eq!(world.lines().len(), 1);
}

#[test]
fn nightly_scan_finds_unannounced_change() {
    let world = office();
    world.simulator().unsubscribe();
    world.delete_last("JournalEntry");
    world.cycle();
    assert_eq!(world.shown()["state"], "posted");
    world.advance(SignedDuration::from_hours(24));
    world.cycle();
    assert_eq!(world.shown()["state"], "conflict", "{}", world.shown());
    assert_eq!(world.lines().len(), 1);
}
