//! What comes to an end in QuickBooks by itself: what was held up by it goes on.

use super::cases::office;
use super::edits::{BILL, OWN_PAYMENT, Of, PAID_BILL, RELEASE};
use crate::support::documents::document;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use bridge::sync::sync_now;
use futures::executor::block_on;
use mapping::{RetainageMethod, SyncMode};
use serde_json::{Value, json};
use store::document::decision::DecisionKind;

const POSTED_DATE: &str = "2026-03-31";

/// The first pay app of Ashgrove, and a payment of it.
const PAYMENT: &str = "pay_0009";

fn world() -> World {
    office(RetainageMethod::JournalEntry)
}

impl World {
    fn redate(&self, of: Of, to: &str) {
        self.change(of, json!({ "TxnDate": to }));
        self.cycle();
    }

    fn state(&self, id: &str) -> String {
        self.view(id)["state"].as_str().unwrap().to_owned()
    }

    /// RIVET records a payment of the first pay app of Ashgrove.
    fn pays_the_bill(&self) -> Outcome {
        self.deliver_changed("05", |data| {
            let customer = self.payer_as_rivet_says();
            data["payment"]["customer"] = customer;
            data["payment"]["id"] = json!(PAYMENT);
            data["payment"]["amount"] = json!("100.00");
            data["payment"]["applied"] =
                json!([{"kind": "pay_app", "id": BILL.0, "amount": "100.00"}]);
        })
    }

    fn payer_as_rivet_says(&self) -> Value {
        let event: Value = serde_json::from_str(crate::support::story::body("04")).unwrap();
        event["data"]["pay_app"]["customer"].clone()
    }

    /// A person asks for one document.
    fn retry(&self, id: &str) {
        let (mut entropy, user) = (self.entropy(), self.session().user);
        let asked = (&self.firm, Some(&[document(id)][..]), &user);
        block_on(sync_now(&self.bridge, asked, &mut entropy, || self.now())).unwrap();
    }

    /// The pay app again, as its next revision.
    fn revises_the_bill(&self) -> Outcome {
        self.deliver_changed("04", |data| data["pay_app"]["revision"] = json!(2))
    }
}

#[test]
fn held_payment_posts_when_conflict_resolves_itself() {
    let world = world();
    world.redate(BILL, "2026-04-02");
    assert_eq!(world.pays_the_bill(), Outcome::Held);
    world.redate(BILL, POSTED_DATE);
    world.cycle();
    assert_eq!([BILL.0, PAYMENT].map(|id| world.state(id)), ["posted"; 2]);
}

#[test]
fn held_payment_posts_when_pay_app_is_ignored() {
    let world = world();
    world.redate(BILL, "2026-04-02");
    assert_eq!(world.pays_the_bill(), Outcome::Held);
    world.decide(DecisionKind::Ignore);
    world.cycle();
    world.cycle();
    assert_eq!(
        [BILL.0, PAYMENT].map(|id| world.state(id)),
        ["skipped", "posted"]
    );
}

#[test]
fn reopened_books_release_all_held_documents() {
    let world = world();
    world.person(|person| person.close_books("2027-12-31".parse().ok()));
    world.cycle();
    assert_eq!(world.pays_the_bill(), Outcome::Held);
    assert_eq!(world.revises_the_bill(), Outcome::Held);
    world.person(|person| person.close_books(None));
    // Whoever retries one of them learns of it first.
    world.retry(BILL.0);
    assert_eq!(
        [BILL.0, PAYMENT].map(|id| world.state(id)),
        ["posted", "held"]
    );
    world.cycle();
    world.cycle();
    assert_eq!(world.state(PAYMENT), "posted");
}

#[test]
fn payment_conflict_ends_when_differences_disappear() {
    let world = world();
    world.redate(BILL, "2026-04-02");
    world.receives(BILL, "10.00", &[(BILL, "10.00")]);
    world.cycle();
    world.decide(DecisionKind::KeepRivet);
    world.cycle();
    assert_eq!(world.view(BILL.0)["reason"]["code"], "payments_applied");
    world.redate(BILL, POSTED_DATE);
    assert_eq!(world.state(BILL.0), "posted", "{}", world.view(BILL.0));
}

#[test]
fn edit_before_held_revision_delays_conflict() {
    let world = world();
    world.save_settings(|settings| settings.sync.mode = SyncMode::Manual);
    assert_eq!(world.revises_the_bill(), Outcome::Held);
    world.redate(BILL, "2026-04-02");
    let line = world.lines().last().unwrap().clone();
    assert_eq!(line.state, "held");
    assert_eq!(
        line.detail,
        "Somebody changed the date of Invoice 1057-1 in QuickBooks. \
         Which version to keep is asked once RIVET's newer one is tried."
    );
    assert_eq!(world.state(BILL.0), "held");
    world.press_sync_now();
    assert_eq!(world.state(BILL.0), "conflict");
}

#[test]
fn void_follows_payments_removed_in_quickbooks() {
    let world = world();
    let payment = world.receives(BILL, "10.00", &[(BILL, "10.00")]);
    world.cycle();
    let outcome = world.deliver_changed("12", |data| data["pay_app_id"] = json!(BILL.0));
    assert_eq!(outcome, Outcome::Held);
    assert_eq!(world.view(BILL.0)["reason"]["code"], "payments_applied");
    world
        .person(|person| person.void("Payment", &payment))
        .unwrap();
    world.cycle();
    world.cycle();
    assert_eq!(world.state(BILL.0), "voided", "{}", world.view(BILL.0));
}

#[test]
fn kept_reapplied_payment_counts_as_accepted() {
    let world = world();
    let lines = world.applied(&[(RELEASE, "1000.00")]);
    world.change(OWN_PAYMENT, json!({ "Line": lines }));
    world.cycle();
    world.decide(DecisionKind::KeepQuickbooks);
    world.cycle();
    let told = world.lines().len();
    for seen in [&[PAID_BILL][..], &[PAID_BILL, OWN_PAYMENT], &[PAID_BILL]] {
        for of in seen {
            world.change(
                *of,
                json!({ "PrivateNote": format!("see Bob at {}", world.now()) }),
            );
        }
        world.cycle();
    }
    let more = world.lines()[told..].to_vec();
    let more: Vec<_> = more.iter().map(|line| &line.detail).collect();
    assert_eq!(more, [""; 0]);
}
