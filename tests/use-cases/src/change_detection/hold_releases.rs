//! Hold releases: a conflict or hold ends in QuickBooks, and the documents that waited are posted.

use super::cases::firm_with_documents;
use super::edits::{INVOICE, ObjectRef, PAID_INVOICE, RELEASE, RIVET_PAYMENT};
use crate::support::documents::document_ref;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::sync::{SyncRequest, sync_now};
use futures::executor::block_on;
use mapping::{RetainageMethod, SyncMode};
use serde_json::{Value, json};
use store::document::decision::DecisionKind;

const POSTED_DATE: &str = "2026-03-31";

/// A payment of the first pay app of Ashgrove.
const PAYMENT: &str = "pay_0009";

fn world() -> World {
    firm_with_documents(RetainageMethod::JournalEntry)
}

impl World {
    /// Changes the date of an object, and lets RIVET detect that.
    fn change_date(&self, of: ObjectRef, to: &str) {
        self.change_object(of, json!({ "TxnDate": to }));
        self.deliver_events_and_scan();
    }

    fn state(&self, id: &str) -> String {
        self.view(id)["state"].as_str().unwrap().to_owned()
    }

    /// Delivers a payment of the first pay app of Ashgrove.
    fn deliver_payment(&self) -> Outcome {
        self.deliver_changed("05", |data| {
            let customer = self.rivet_customer();
            data["payment"]["customer"] = customer;
            data["payment"]["id"] = json!(PAYMENT);
            data["payment"]["amount"] = json!("100.00");
            data["payment"]["applied"] =
                json!([{"kind": "pay_app", "id": INVOICE.document, "amount": "100.00"}]);
        })
    }

    fn rivet_customer(&self) -> Value {
        let event: Value = serde_json::from_str(crate::support::events::event_body("04")).unwrap();
        event["data"]["pay_app"]["customer"].clone()
    }

    /// Requests one document as a person.
    fn retry(&self, id: &str) {
        let (mut entropy, user) = (self.entropy(), self.session().user);
        let documents = [document_ref(id)];
        let request = SyncRequest {
            firm: &self.firm,
            documents: Some(&documents),
            requested_by: &user,
        };
        block_on(sync_now(&self.services, request, &mut entropy, || {
            self.now()
        }))
        .unwrap();
    }

    /// Delivers the next revision of the pay app.
    fn deliver_revision(&self) -> Outcome {
        self.deliver_changed("04", |data| data["pay_app"]["revision"] = json!(2))
    }
}

#[test]
fn held_payment_posts_when_conflict_resolves_itself() {
    let world = world();
    world.change_date(INVOICE, "2026-04-02");
    assert_eq!(world.deliver_payment(), Outcome::Held);
    world.change_date(INVOICE, POSTED_DATE);
    world.deliver_events_and_scan();
    assert_eq!(
        [INVOICE.document, PAYMENT].map(|id| world.state(id)),
        ["posted"; 2]
    );
}

#[test]
fn held_payment_posts_when_pay_app_is_ignored() {
    let world = world();
    world.change_date(INVOICE, "2026-04-02");
    assert_eq!(world.deliver_payment(), Outcome::Held);
    world.decide(DecisionKind::Ignore);
    world.deliver_events_and_scan();
    world.deliver_events_and_scan();
    assert_eq!(
        [INVOICE.document, PAYMENT].map(|id| world.state(id)),
        ["skipped", "posted"]
    );
}

#[test]
fn reopened_books_release_all_held_documents() {
    let world = world();
    world.person(|person| person.close_books("2027-12-31".parse().ok()));
    world.deliver_events_and_scan();
    assert_eq!(world.deliver_payment(), Outcome::Held);
    assert_eq!(world.deliver_revision(), Outcome::Held);
    world.person(|person| person.close_books(None));
    // A retry of one document detects the open books before the next scan.
    world.retry(INVOICE.document);
    assert_eq!(
        [INVOICE.document, PAYMENT].map(|id| world.state(id)),
        ["posted", "held"]
    );
    world.deliver_events_and_scan();
    world.deliver_events_and_scan();
    assert_eq!(world.state(PAYMENT), "posted");
}

#[test]
fn payment_conflict_ends_when_differences_disappear() {
    let world = world();
    world.change_date(INVOICE, "2026-04-02");
    world.enter_payment(INVOICE, "10.00", &[(INVOICE, "10.00")]);
    world.deliver_events_and_scan();
    world.decide(DecisionKind::KeepRivet);
    world.deliver_events_and_scan();
    assert_eq!(
        world.view(INVOICE.document)["reason"]["code"],
        "payments_applied"
    );
    world.change_date(INVOICE, POSTED_DATE);
    assert_eq!(
        world.state(INVOICE.document),
        "posted",
        "{}",
        world.view(INVOICE.document)
    );
}

#[test]
fn edit_before_held_revision_delays_conflict() {
    let world = world();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.deliver_revision(), Outcome::Held);
    world.change_date(INVOICE, "2026-04-02");
    let entry = world.notified_entries().last().unwrap().clone();
    assert_eq!(entry.state, "held");
    assert_eq!(
        entry.detail,
        "Somebody changed the date of Invoice 1057-1 in QuickBooks. \
         Which version to keep is asked once RIVET's newer one is tried."
    );
    assert_eq!(world.state(INVOICE.document), "held");
    world.press_sync_now();
    assert_eq!(world.state(INVOICE.document), "conflict");
}

#[test]
fn void_follows_payments_removed_in_quickbooks() {
    let world = world();
    let payment = world.enter_payment(INVOICE, "10.00", &[(INVOICE, "10.00")]);
    world.deliver_events_and_scan();
    let outcome = world.deliver_changed("12", |data| data["pay_app_id"] = json!(INVOICE.document));
    assert_eq!(outcome, Outcome::Held);
    assert_eq!(
        world.view(INVOICE.document)["reason"]["code"],
        "payments_applied"
    );
    world
        .person(|person| person.void("Payment", &payment))
        .unwrap();
    world.deliver_events_and_scan();
    world.deliver_events_and_scan();
    assert_eq!(
        world.state(INVOICE.document),
        "voided",
        "{}",
        world.view(INVOICE.document)
    );
}

#[test]
fn kept_reapplied_payment_counts_as_accepted() {
    let world = world();
    let lines = world.payment_lines(&[(RELEASE, "1000.00")]);
    world.change_object(RIVET_PAYMENT, json!({ "Line": lines }));
    world.deliver_events_and_scan();
    world.decide(DecisionKind::KeepQuickbooks);
    world.deliver_events_and_scan();
    let before = world.notified_entries().len();
    for objects in [
        &[PAID_INVOICE][..],
        &[PAID_INVOICE, RIVET_PAYMENT],
        &[PAID_INVOICE],
    ] {
        for object in objects {
            world.change_object(
                *object,
                json!({ "PrivateNote": format!("see Bob at {}", world.now()) }),
            );
        }
        world.deliver_events_and_scan();
    }
    let entries = world.notified_entries()[before..].to_vec();
    let details: Vec<_> = entries.iter().map(|entry| &entry.detail).collect();
    assert_eq!(details, [""; 0]);
}
