//! Currencies: the documents of a customer are in the customer's currency, or held before anything is sent.

use crate::support::usual_bill::{BILL, Figures, customer, pay_app};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::{JobMode, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::Company;

pub const FIGURES: Figures = Figures {
    billed: "1000.00",
    retainage: "100.00",
};

/// Returns a world whose company has customers in US and Canadian dollars.
pub fn world(change: impl FnOnce(&mut mapping::Settings)) -> World {
    let options = WorldOptions::with_company(|company: Company| company.foreign_currency("CAD"));
    World::configured_with(options, change)
}

/// Delivers pay app `number` in Canadian dollars.
pub fn bill(world: &World, number: u32) -> Outcome {
    let mut bill = pay_app(number, FIGURES);
    bill["currency"] = json!("CAD");
    world.deliver_pay_app("pay_app.approved", &bill)
}

/// Delivers one payment for the first pay app and its release.
pub fn pay_all(world: &World) -> Outcome {
    let part =
        |kind: &str, id: &str, amount: &str| json!({ "kind": kind, "id": id, "amount": amount });
    let payment = json!({
        "id": "pay_1", "received_on": "2026-06-28", "amount": "1000.00", "reference": "1",
        "customer": customer(),
        "applied": [part("pay_app", BILL, "900.00"), part("retainage_release", "rel_1", "100.00")],
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }))
}

fn receivable_in_cad(world: &World) -> Decimal {
    let name = "Accounts Receivable (A/R) - CAD";
    let account = world.simulator().find(&world.realm, "Account", name);
    world.balance(&account.unwrap())
}

fn currencies(world: &World, kind: &str) -> Vec<Value> {
    let simulator = world.simulator();
    let all = simulator.entities(&world.realm, kind);
    all.map(|one| one["CurrencyRef"]["value"].clone()).collect()
}

#[test]
fn all_documents_are_in_the_customers_currency() {
    for (method, jobs) in [
        (RetainageMethod::JournalEntry, JobMode::Off),
        (RetainageMethod::InvoiceLine, JobMode::Off),
        (RetainageMethod::JournalEntry, JobMode::AutoCreate),
    ] {
        let world = world(|settings| {
            settings.retainage_method = method;
            settings.customers.jobs = jobs;
        });
        assert_eq!(bill(&world, 1), Outcome::Posted);
        assert_eq!(world.release(1, "100.00"), Outcome::Posted);
        assert_eq!(receivable_in_cad(&world), Decimal::from(1000));
        pay_all(&world);
        assert_eq!(
            world.view("pay_1")["state"],
            "posted",
            "{}",
            world.view("pay_1")
        );
        assert!(receivable_in_cad(&world).is_zero());
        assert!(world.balance(&world.accounts().retainage).is_zero());
        assert!(world.balance(&world.accounts().receivable).is_zero());
        for kind in ["Invoice", "JournalEntry", "Payment"] {
            assert!(
                currencies(&world, kind)
                    .iter()
                    .all(|currency| currency == "CAD")
            );
        }
    }
}

#[test]
fn payment_on_account_is_in_the_customers_currency() {
    let world = world(|_| {});
    bill(&world, 1);
    let payment = json!({ "id": "pay_1", "received_on": "2026-06-28", "amount": "50.00",
        "reference": "1", "customer": customer(), "applied": [] });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
    assert_eq!(
        world.view("pay_1")["state"],
        "posted",
        "{}",
        world.view("pay_1")
    );
    assert_eq!(currencies(&world, "Payment"), ["CAD"]);
}

#[test]
fn customer_of_other_currency_is_held_before_anything() {
    let world = world(|_| {});
    world.customer_named("Harbor Builders");
    assert_eq!(bill(&world, 1), Outcome::Held);
    let reason = world.view(BILL)["reason"].clone();
    assert_eq!(reason["code"], "customer_currency", "{reason}");
    assert_eq!(world.invoices_and_entries(), (0, 0));
    let body = json!({ "DisplayName": "Harbor Builders CA", "CurrencyRef": { "value": "CAD" } });
    let other = world.enter("Customer", body);
    world.save_settings(|settings| {
        settings.customers.matches = [("gc_1".to_owned(), other.clone())].into();
    });
    world.press_sync_now();
    assert_eq!(world.view(BILL)["state"], "posted");
    assert_eq!(world.last("Invoice")["CustomerRef"]["value"], other);
}

#[test]
fn document_in_second_currency_is_held() {
    let world = world(|_| {});
    bill(&world, 1);
    assert_eq!(world.bill_next(2, FIGURES), Outcome::Held);
    assert_eq!(world.view("pa_2")["reason"]["code"], "customer_currency");
    assert_eq!(world.invoices_and_entries(), (1, 1));
}
