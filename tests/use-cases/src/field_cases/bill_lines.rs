//! The lines of bills: items of the schedule of values, credits among them, and what is left out.

use super::table::{Case, Ending, check, counted};
use crate::support::usual_bill::{BILL, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use mapping::{InvoiceLines, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};

const EXPECTED: &str = "
case                                             | state   | reason          |      A/R | retainage |  revenue | deposits | calls | reads
items of nothing, by entry                       | posted  |                 | 18450.00 |   3050.00 | 21500.00 |     0.00 |     3 |     1
items of nothing, by line                        | posted  |                 | 18450.00 |   3050.00 | 21500.00 |     0.00 |     3 |     1
items of nothing, billed on release              | posted  |                 | 18450.00 |      0.00 | 18450.00 |     0.00 |     3 |     1
credit of two items, by entry                    | posted  |                 | -2280.00 |   -120.00 | -2400.00 |     0.00 |     3 |     1
credit of two items, by line                     | posted  |                 | -2280.00 |   -120.00 | -2400.00 |     0.00 |     3 |     1
credit of two items, billed on release           | posted  |                 | -2280.00 |      0.00 | -2280.00 |     0.00 |     3 |     1
installed materials, by entry                    | posted  |                 |  5400.00 |    600.00 |  6000.00 |     0.00 |     3 |     1
installed materials, by line                     | posted  |                 |  5400.00 |    600.00 |  6000.00 |     0.00 |     3 |     1
items add up to a net of nothing, by entry       | posted  |                 |     0.00 |    500.00 |   500.00 |     0.00 |     3 |     1
items add up to a net of nothing, by line        | posted  |                 |     0.00 |    500.00 |   500.00 |     0.00 |     3 |     1
items are withheld whole, billed on release      | posted  |                 |     0.00 |      0.00 |     0.00 |     0.00 |     3 |     1
withheld whole, billed on release, then released | posted  |                 |  1250.00 |      0.00 |  1250.00 |     0.00 |     4 |     1
items cancel out, by entry                       | skipped | nothing_to_post |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
items cancel out, by line                        | skipped | nothing_to_post |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
retainage is given back, billed on release       | posted  |                 | 10500.00 |      0.00 | 10500.00 |     0.00 |     4 |     1
";

const BY_ENTRY: RetainageMethod = RetainageMethod::JournalEntry;
const BY_LINE: RetainageMethod = RetainageMethod::InvoiceLine;
const ON_RELEASE: RetainageMethod = RetainageMethod::BilledOnRelease;

/// An item of the schedule of values: work completed, materials stored and retainage, in whole dollars.
#[derive(Clone, Copy)]
struct Item(i64, i64, i64);

/// Two items with work or materials, one of nothing, and one that is withheld whole.
const WITH_NOTHING: [Item; 4] = [
    Item(8_500, 0, 850),
    Item(0, 0, 0),
    Item(0, 12_000, 1_200),
    Item(1_000, 0, 1_000),
];

/// A credit with an item that bills something.
const CREDIT: [Item; 2] = [Item(-3_000, 0, -150), Item(600, 0, 30)];

/// Stored materials that are installed: they leave the one column and enter the other.
const INSTALLED: [Item; 2] = [Item(7_000, -5_000, 200), Item(0, 4_000, 400)];

/// An item whose net is what another one takes back.
const NET_OF_NOTHING: [Item; 2] = [Item(1_000, 0, 500), Item(-500, 0, 0)];

/// Two items that are withheld whole.
const WITHHELD: [Item; 2] = [Item(1_000, 0, 1_000), Item(0, 250, 250)];

/// Two items that take each other back.
const CANCELLED: [Item; 2] = [Item(500, 0, 50), Item(-500, 0, -50)];

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("items of nothing, by entry", || {
            let world = billed(BY_ENTRY, &WITH_NOTHING);
            assert_eq!(amounts(&world, "Invoice"), ["7650.00", "10800.00"]);
            world.ends(BILL)
        }),
        case("items of nothing, by line", || {
            let world = billed(BY_LINE, &WITH_NOTHING);
            let expected = ["8500.00", "12000.00", "1000.00", "-3050.00"];
            assert_eq!(amounts(&world, "Invoice"), expected);
            world.ends(BILL)
        }),
        case("items of nothing, billed on release", || {
            let world = billed(ON_RELEASE, &WITH_NOTHING);
            assert_eq!(amounts(&world, "Invoice"), ["7650.00", "10800.00"]);
            world.ends(BILL)
        }),
        case("credit of two items, by entry", || credit(BY_ENTRY)),
        case("credit of two items, by line", || credit(BY_LINE)),
        case("credit of two items, billed on release", || {
            credit(ON_RELEASE)
        }),
        case("installed materials, by entry", || {
            billed(BY_ENTRY, &INSTALLED).ends(BILL)
        }),
        case("installed materials, by line", || {
            billed(BY_LINE, &INSTALLED).ends(BILL)
        }),
        case("items add up to a net of nothing, by entry", || {
            let world = billed(BY_ENTRY, &NET_OF_NOTHING);
            assert_eq!(world.invoices_and_entries(), (0, 1));
            world.ends(BILL)
        }),
        case("items add up to a net of nothing, by line", || {
            let world = billed(BY_LINE, &NET_OF_NOTHING);
            assert_eq!(world.invoices_and_entries(), (1, 0));
            world.ends(BILL)
        }),
        case("items are withheld whole, billed on release", || {
            let world = billed(ON_RELEASE, &WITHHELD);
            assert_eq!(amounts(&world, "Invoice"), ["0.00"]);
            world.ends(BILL)
        }),
        case("withheld whole, billed on release, then released", || {
            let world = billed(ON_RELEASE, &WITHHELD);
            world.release(1, "1250.00");
            world.ends("rel_1")
        }),
        case("items cancel out, by entry", || {
            billed(BY_ENTRY, &CANCELLED).ends(BILL)
        }),
        case("items cancel out, by line", || {
            billed(BY_LINE, &CANCELLED).ends(BILL)
        }),
        case("retainage is given back, billed on release", given_back),
    ]
}

/// Returns a world in which the usual bill has these items, each with a line of its own.
fn billed(method: RetainageMethod, items: &[Item]) -> World {
    let world = world_of(method);
    world.deliver_pay_app("pay_app.approved", &bill_of(1, items));
    world
}

fn world_of(method: RetainageMethod) -> World {
    counted(World::configured_with(
        WorldOptions::default(),
        |settings| {
            settings.retainage_method = method;
            settings.invoice_lines = InvoiceLines::BySovItem;
        },
    ))
}

/// Returns a pay app with these items.
fn bill_of(number: u32, items: &[Item]) -> Value {
    let mut bill = pay_app(number, USUAL);
    let line = |(at, item): (usize, &Item)| {
        json!({
            "sov_item_id": format!("sov_{at}"), "item_number": format!("0{at}"), "description": "Work",
            "work_completed": text(item.0), "materials_stored": text(item.1), "retainage": text(item.2),
        })
    };
    bill["lines"] = items.iter().enumerate().map(line).collect();
    let billed = items.iter().map(|item| item.0 + item.1).sum::<i64>();
    let retainage = items.iter().map(|item| item.2).sum::<i64>();
    bill["totals"] = json!({ "billed": text(billed), "retainage": text(retainage), "net": text(billed - retainage) });
    bill
}

fn text(dollars: i64) -> String {
    format!("{:.2}", Decimal::from(dollars))
}

/// Returns the amounts of the lines of the newest form.
fn amounts(world: &World, kind: &str) -> Vec<String> {
    let form = world.last(kind);
    let lines = form["Line"].as_array().unwrap().iter();
    let sales = lines.filter(|line| line["DetailType"] == "SalesItemLineDetail");
    sales.map(|line| line["Amount"].to_string()).collect()
}

fn credit(method: RetainageMethod) -> Ending {
    let world = billed(method, &CREDIT);
    let expected: &[&str] = match method {
        BY_LINE => &["3000.00", "-600.00", "-120.00"],
        _ => &["2850.00", "-570.00"],
    };
    assert_eq!(amounts(&world, "CreditMemo"), expected);
    assert_eq!(world.count("Invoice"), 0);
    world.ends(BILL)
}

fn given_back() -> Ending {
    let world = world_of(ON_RELEASE);
    world.deliver_pay_app("pay_app.approved", &bill_of(1, &[Item(10_000, 0, 1_000)]));
    world.deliver_pay_app("pay_app.approved", &bill_of(2, &[Item(1_000, 0, -500)]));
    assert_eq!(amounts(&world, "Invoice"), ["1500.00"]);
    world.ends("pa_2")
}

#[test]
fn bill_lines_end_as_expected() {
    check(&cases(), EXPECTED);
}
