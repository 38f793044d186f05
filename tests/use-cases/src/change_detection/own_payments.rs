//! RIVET's own payments that came back and that a person takes away.

use crate::support::usual_bill::BILL;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use rust_decimal::Decimal;
use serde_json::json;

#[test]
fn deleted_payment_that_came_back_is_subtracted_no_more() {
    let world = World::configured();
    world.announce_changes();
    world.bill();
    world.pay(BILL, "43650.00");
    world.deliver_events_and_scan();
    world.close_books("2026-04-30");
    let void = json!({ "payment_id": "pay_pa_1", "voided_on": "2026-05-04" });
    assert_eq!(world.deliver_data("payment.voided", void), Outcome::Posted);
    world.close_books("2026-03-31");
    let payment = world.last_id("Payment");
    world
        .person(|person| person.delete("Payment", &payment))
        .unwrap();
    let invoice = world.last("Invoice");
    let customer = invoice["CustomerRef"]["value"].as_str().unwrap();
    let (id, amount) = (world.last_id("Invoice"), Decimal::from(1_000));
    world
        .person(|person| person.pay(customer, amount, &[(&id, amount)]))
        .unwrap();
    world.deliver_events_and_scan();
    let paid = &world.view(BILL)["payment"];
    let found = [&paid["paid"], &paid["balance"]];
    assert_eq!(found, ["1000.00", "42650.00"]);
}
