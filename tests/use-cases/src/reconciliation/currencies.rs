//! The tie-out and the schedule of a company whose customers are billed in two currencies.

use super::{account, amount, compared, only_entry};
use crate::currencies::{FIGURES, bill, pay_all};
use crate::support::usual_bill::pay_app;
use crate::support::world::{World, WorldOptions};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Returns a world in which a Canadian dollar is worth 0.75, with a bill of 1 000.00 in Canadian dollars and one in US dollars.
fn world() -> World {
    let rate = Decimal::new(75, 2);
    let options =
        WorldOptions::with_company(|company| company.foreign_currency("CAD").exchange_rate(rate));
    let world = World::configured_with(options, |_| {});
    bill(&world, 1);
    let mut other = pay_app(1, FIGURES);
    other["id"] = json!("pa_usd");
    other["project"] = json!({ "id": "prj_7", "number": "7", "name": "Pier" });
    other["customer"] = json!({ "id": "gc_usd", "name": "Alder Group" });
    world.deliver_pay_app("pay_app.approved", &other);
    world.advance(SignedDuration::from_mins(10));
    world
}

#[test]
fn customers_tie_out_in_their_own_currencies() {
    let world = world();
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    let customers = view["customers"].as_array().unwrap();
    let found: Vec<_> = customers
        .iter()
        .map(|one| {
            (
                one["currency"].clone(),
                one["receivable"]["quickbooks"].clone(),
            )
        })
        .collect();
    let expected = [
        (json!("CAD"), json!("900.00")),
        (Value::Null, json!("900.00")),
    ];
    assert_eq!(found, expected);
    // 100.00 in US dollars, and 100.00 in Canadian ones at 0.75.
    assert_eq!(view["currency"], "USD");
    assert_eq!(
        compared(account(&view, "retainage")),
        ["175.00", "175.00", "0.00"]
    );
    assert_eq!(
        compared(account(&view, "contract_revenue")),
        ["1750.00", "1750.00", "0.00"]
    );
}

#[test]
fn released_and_paid_bill_ties_out_in_its_currency() {
    let world = world();
    world.release(1, "100.00");
    pay_all(&world);
    world.advance(SignedDuration::from_mins(10));
    let view = world.tie_out();
    assert_eq!(view["tied_out"], true, "{view:#}");
    assert_eq!(
        compared(account(&view, "retainage")),
        ["100.00", "100.00", "0.00"]
    );
}

#[test]
fn deleted_entry_is_told_in_its_currency() {
    let world = world();
    let entries = world
        .simulator()
        .entities(&world.realm, "JournalEntry")
        .cloned()
        .collect::<Vec<_>>();
    let canadian = entries
        .iter()
        .find(|entry| entry["CurrencyRef"]["value"] == "CAD")
        .unwrap();
    let id = canadian["Id"].as_str().unwrap();
    world
        .person(|person| person.delete("JournalEntry", id))
        .unwrap();
    let view = world.tie_out();
    let entry = only_entry(&view, "only_in_rivet");
    assert_eq!(
        (&entry["currency"], &entry["rate"]),
        (&json!("CAD"), &json!("0.75"))
    );
    assert_eq!(entry["retainage"]["difference"], "-100.00");
    assert_eq!(account(&view, "retainage")["difference"], "-75.00");
}

#[test]
fn schedule_adds_up_only_the_own_currency() {
    let world = world();
    let view = serde_json::to_value(world.schedule("2026-06-30")).unwrap();
    let customers = view["customers"].as_array().unwrap();
    let held: Vec<_> = customers
        .iter()
        .map(|one| (one["currency"].clone(), amount(&one["totals"]["held"])))
        .collect();
    let hundred = Decimal::from(100);
    assert_eq!(held, [(json!("CAD"), hundred), (Value::Null, hundred)]);
    assert_eq!(
        (&view["currency"], amount(&view["totals"]["held"])),
        (&json!("USD"), hundred)
    );
    assert!(world.schedule("2026-06-30").to_csv().contains(",CAD\r\n"));
}
