//! Revisions of pay apps: to other amounts, another kind of transaction, another month or nothing, and those that must not happen.

use super::retainage::map_second_account;
use super::table::{Case, Ending, check, counted};
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use mapping::{ClosedBooks, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::json;

const EXPECTED: &str = "
case                                               | state    | reason                |      A/R | retainage |  revenue | deposits | calls | reads
revised to more, by line                           | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |     5 |     2
revised to more, billed on release                 | posted   |                       | 45000.00 |      0.00 | 45000.00 |     0.00 |     5 |     2
revised to a credit, by entry                      | posted   |                       | -2400.00 |      0.00 | -2400.00 |     0.00 |     9 |     4
revised to a credit, by line                       | posted   |                       | -2400.00 |      0.00 | -2400.00 |     0.00 |     6 |     2
revised to a credit, billed on release             | posted   |                       | -2400.00 |      0.00 | -2400.00 |     0.00 |     6 |     2
revised to a credit of more retainage than is held | held     | retainage_exceeded    | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
credit revised to a bill, by entry                 | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     8 |     3
credit revised to a bill, by line                  | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     2
credit revised to a bill, billed on release        | posted   |                       | 43650.00 |      0.00 | 43650.00 |     0.00 |     6 |     2
revised to a credit and back, by entry             | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |    13 |     5
revised to nothing, by entry                       | skipped  | nothing_to_post       |     0.00 |      0.00 |     0.00 |     0.00 |     8 |     4
revised to nothing, by line                        | skipped  | nothing_to_post       |     0.00 |      0.00 |     0.00 |     0.00 |     5 |     2
revised to nothing, billed on release              | skipped  | nothing_to_post       |     0.00 |      0.00 |     0.00 |     0.00 |     5 |     2
revised to nothing and back, by entry              | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |    10 |     4
revised to nothing and back, by line               | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |     6 |     2
revised to no retainage, by entry                  | posted   |                       | 48500.00 |      0.00 | 48500.00 |     0.00 |     8 |     4
revised to retainage, by entry                     | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     2
revised to be withheld whole, by entry             | posted   |                       |     0.00 |  48500.00 | 48500.00 |     0.00 |     7 |     3
revised to be withheld whole, by line              | posted   |                       |     0.00 |  48500.00 | 48500.00 |     0.00 |     5 |     2
revised to another month, by entry                 | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     7 |     3
revised to another month, by line                  | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     2
revised to another month, billed on release        | posted   |                       | 43650.00 |      0.00 | 43650.00 |     0.00 |     5 |     2
revised for another customer, by entry             | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     9 |     4
revised for another customer, by line              | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     7 |     3
entries, then revised by line                      | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |     7 |     4
lines, then revised by entry                       | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |     3 |     1
entries, then revised to be billed on release      | posted   |                       | 45000.00 |      0.00 | 45000.00 |     0.00 |     5 |     3
billed on release, then revised by entry           | posted   |                       | 45000.00 |   5000.00 | 50000.00 |     0.00 |     3 |     1
paid in part, then revised                         | conflict | payments_applied      | 42650.00 |   4850.00 | 48500.00 |  1000.00 |     7 |     4
edited by a person, then revised                   | conflict | changed_in_quickbooks | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     4
revised to nothing after a payment                 | conflict | payments_applied      | 42650.00 |   4850.00 | 48500.00 |  1000.00 |     7 |     4
revised to nothing in a closed month               | held     | books_closed          | 43650.00 |   4850.00 | 48500.00 |     0.00 |     0 |     0
revised to nothing on the first open day           | skipped  | nothing_to_post       |     0.00 |      0.00 |     0.00 |     0.00 |     9 |     6
voided after another account was mapped, by entry  | voided   |                       | 45000.00 |      0.00 | 50000.00 |     0.00 |     5 |     3
voided after another account was mapped, by line   | voided   |                       | 45000.00 |      0.00 | 50000.00 |     0.00 |     2 |     1
";

const BY_ENTRY: RetainageMethod = RetainageMethod::JournalEntry;
const BY_LINE: RetainageMethod = RetainageMethod::InvoiceLine;
const ON_RELEASE: RetainageMethod = RetainageMethod::BilledOnRelease;

const MORE: Figures = Figures {
    billed: "50000.00",
    retainage: "5000.00",
};
/// A credit that gives back more retainage than the project holds without the bill.
const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "-120.00",
};
const CREDIT_OF_WORK: Figures = Figures {
    billed: "-2400.00",
    retainage: "0.00",
};
const NOTHING: Figures = Figures {
    billed: "0.00",
    retainage: "0.00",
};
const WITHOUT_RETAINAGE: Figures = Figures {
    billed: "48500.00",
    retainage: "0.00",
};
const WITHHELD: Figures = Figures {
    billed: "48500.00",
    retainage: "48500.00",
};

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("revised to more, by line", || {
            revised(BY_LINE, &[USUAL, MORE])
        }),
        case("revised to more, billed on release", || {
            revised(ON_RELEASE, &[USUAL, MORE])
        }),
        case("revised to a credit, by entry", || {
            revised(BY_ENTRY, &[USUAL, CREDIT_OF_WORK])
        }),
        case("revised to a credit, by line", || {
            revised(BY_LINE, &[USUAL, CREDIT_OF_WORK])
        }),
        case("revised to a credit, billed on release", || {
            revised(ON_RELEASE, &[USUAL, CREDIT_OF_WORK])
        }),
        case("revised to a credit of more retainage than is held", || {
            revised(BY_ENTRY, &[USUAL, CREDIT])
        }),
        case("credit revised to a bill, by entry", || {
            revised(BY_ENTRY, &[CREDIT, USUAL])
        }),
        case("credit revised to a bill, by line", || {
            revised(BY_LINE, &[CREDIT, USUAL])
        }),
        case("credit revised to a bill, billed on release", || {
            revised(ON_RELEASE, &[CREDIT, USUAL])
        }),
        case("revised to a credit and back, by entry", || {
            revised(BY_ENTRY, &[USUAL, CREDIT_OF_WORK, MORE])
        }),
        case("revised to nothing, by entry", || {
            revised(BY_ENTRY, &[USUAL, NOTHING])
        }),
        case("revised to nothing, by line", || {
            revised(BY_LINE, &[USUAL, NOTHING])
        }),
        case("revised to nothing, billed on release", || {
            revised(ON_RELEASE, &[USUAL, NOTHING])
        }),
        case("revised to nothing and back, by entry", || {
            revised(BY_ENTRY, &[USUAL, NOTHING, MORE])
        }),
        case("revised to nothing and back, by line", || {
            revised(BY_LINE, &[USUAL, NOTHING, MORE])
        }),
        case("revised to no retainage, by entry", || {
            revised(BY_ENTRY, &[USUAL, WITHOUT_RETAINAGE])
        }),
        case("revised to retainage, by entry", || {
            revised(BY_ENTRY, &[WITHOUT_RETAINAGE, USUAL])
        }),
        case("revised to be withheld whole, by entry", || {
            revised(BY_ENTRY, &[USUAL, WITHHELD])
        }),
        case("revised to be withheld whole, by line", || {
            revised(BY_LINE, &[USUAL, WITHHELD])
        }),
        case("revised to another month, by entry", || {
            another_month(BY_ENTRY)
        }),
        case("revised to another month, by line", || {
            another_month(BY_LINE)
        }),
        case("revised to another month, billed on release", || {
            another_month(ON_RELEASE)
        }),
        case("revised for another customer, by entry", || {
            another_customer(BY_ENTRY)
        }),
        case("revised for another customer, by line", || {
            another_customer(BY_LINE)
        }),
        case("entries, then revised by line", || {
            another_method(BY_ENTRY, BY_LINE)
        }),
        case("lines, then revised by entry", || {
            another_method(BY_LINE, BY_ENTRY)
        }),
        case("entries, then revised to be billed on release", || {
            another_method(BY_ENTRY, ON_RELEASE)
        }),
        case("billed on release, then revised by entry", || {
            another_method(ON_RELEASE, BY_ENTRY)
        }),
        case("paid in part, then revised", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            world.pay(BILL, "1000.00");
            world.revise_bill(MORE);
            world.ends(BILL)
        }),
        case("edited by a person, then revised", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            world.edit_last("Invoice", |invoice| {
                invoice["DueDate"] = json!("2026-05-15");
            });
            world.revise_bill(MORE);
            world.ends(BILL)
        }),
        case("revised to nothing after a payment", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            world.pay(BILL, "1000.00");
            world.revise_bill(NOTHING);
            world.ends(BILL)
        }),
        case("revised to nothing in a closed month", || {
            nothing_in_closed_month(ClosedBooks::Hold)
        }),
        case("revised to nothing on the first open day", || {
            nothing_in_closed_month(ClosedBooks::FirstOpenDay)
        }),
        case("voided after another account was mapped, by entry", || {
            voided_on_its_account(BY_ENTRY)
        }),
        case("voided after another account was mapped, by line", || {
            voided_on_its_account(BY_LINE)
        }),
    ]
}

fn world_of(method: RetainageMethod) -> World {
    counted(World::configured_with(
        WorldOptions::default(),
        |settings| {
            settings.retainage_method = method;
        },
    ))
}

/// Bills the first figures, and revises them to each of the others.
fn revised(method: RetainageMethod, revisions: &[Figures]) -> Ending {
    let world = world_of(method);
    for (revision, figures) in (1..).zip(revisions) {
        revise(&world, revision, *figures);
    }
    world.ends(BILL)
}

fn revise(world: &World, revision: u32, figures: Figures) {
    let mut bill = pay_app(1, figures);
    bill["revision"] = json!(revision);
    let event = match revision {
        1 => "pay_app.approved",
        _ => "pay_app.revised",
    };
    world.deliver_pay_app(event, &bill);
}

fn another_month(method: RetainageMethod) -> Ending {
    let world = world_of(method);
    world.bill();
    let mut bill = pay_app(1, USUAL);
    bill["revision"] = json!(2);
    bill["period_end"] = json!("2026-04-30");
    world.deliver_pay_app("pay_app.revised", &bill);
    let accounts = world.accounts();
    for account in [accounts.receivable, accounts.retainage, accounts.revenue] {
        assert_eq!(world.month_balance(&account, "2026-03"), Decimal::ZERO);
    }
    world.ends(BILL)
}

fn another_customer(method: RetainageMethod) -> Ending {
    let world = world_of(method);
    world.bill();
    let mut bill = pay_app(1, USUAL);
    bill["revision"] = json!(2);
    bill["customer"] = json!({ "id": "gc_2", "name": "Turner Bay" });
    world.deliver_pay_app("pay_app.revised", &bill);
    let (first, second) = ("Harbor Builders", "Turner Bay");
    let accounts = world.accounts();
    for account in [&accounts.receivable, &accounts.retainage] {
        let simulator = world.simulator();
        let of = |name| simulator.find(&world.realm, "Customer", name).unwrap();
        let balances = simulator.ledger(&world.realm).by_customer(account);
        let balance = |name| balances.get(&of(name)).copied().unwrap_or_default();
        assert_eq!(balance(first), Decimal::ZERO);
        let total = simulator.ledger(&world.realm).balance(account);
        assert_eq!(balance(second), total);
    }
    world.ends(BILL)
}

fn another_method(first: RetainageMethod, second: RetainageMethod) -> Ending {
    let world = world_of(first);
    world.bill();
    world.save_settings(|settings| settings.retainage_method = second);
    world.simulator().clear_traffic();
    world.revise_bill(MORE);
    world.ends(BILL)
}

fn nothing_in_closed_month(treatment: ClosedBooks) -> Ending {
    let world = world_of(BY_ENTRY);
    world.treat_closed_books(treatment);
    world.bill();
    world.close_books("2026-03-31");
    world.simulator().clear_traffic();
    world.revise_bill(NOTHING);
    let receivable = world.accounts().receivable;
    let march = world.month_balance(&receivable, "2026-03");
    assert_eq!(march.to_string(), "43650.00");
    world.ends(BILL)
}

fn voided_on_its_account(method: RetainageMethod) -> Ending {
    let world = world_of(method);
    world.bill();
    let second = map_second_account(&world);
    world.bill_next(2, MORE);
    world.simulator().clear_traffic();
    world.void_bill(BILL, "2026-07-02");
    assert_eq!(world.balance(&second).to_string(), "5000.00");
    world.ends(BILL)
}

#[test]
fn revisions_end_as_expected() {
    check(&cases(), EXPECTED);
}
