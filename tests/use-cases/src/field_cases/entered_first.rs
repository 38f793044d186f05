//! Documents that a bookkeeper entered before RIVET did.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::bookkeeper::{HARBOR, TYPED_BILL, Typed};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use jiff::SignedDuration;
use serde_json::json;
use store::document::decision::DecisionKind;

const EXPECTED: &str = "
case                                  | state  | reason                |       A/R | retainage |   revenue | deposits | calls | reads
bill typed before RIVET's             | held   | already_in_quickbooks |  43650.00 |      0.00 |  43650.00 |     0.00 |     2 |     1
bill typed gross                      | held   | already_in_quickbooks |  48500.00 |      0.00 |  48500.00 |     0.00 |     2 |     1
bill typed for the owner instead      | held   | already_in_quickbooks |  43650.00 |      0.00 |  43650.00 |     0.00 |     2 |     1
number typed with blanks              | held   | already_in_quickbooks |  43650.00 |      0.00 |  43650.00 |     0.00 |     2 |     1
number typed with a long dash         | held   | already_in_quickbooks |  43650.00 |      0.00 |  43650.00 |     0.00 |     2 |     1
number of another customer and amount | posted |                       |  43660.00 |   4850.00 |  48510.00 |     0.00 |     3 |     1
the same where numbers are checked    | posted |                       |  43660.00 |   4850.00 |  48510.00 |     0.00 |     5 |     2
bill typed, then posted anyway        | posted |                       |  87300.00 |   4850.00 |  92150.00 |     0.00 |     3 |     1
only the retainage entry typed        | held   | already_in_quickbooks |   4850.00 |  -4850.00 |      0.00 |     0.00 |     2 |     1
check typed before the payment        | held   | already_in_quickbooks |      0.00 |   4850.00 |  48500.00 | 43650.00 |     1 |     1
check typed for another amount        | posted |                       | -43000.00 |   4850.00 |  48500.00 | 86650.00 |     2 |     1
check typed seven days before         | held   | already_in_quickbooks |      0.00 |   4850.00 |  48500.00 | 43650.00 |     1 |     1
check typed eight days before         | posted |                       | -43650.00 |   4850.00 |  48500.00 | 87300.00 |     2 |     1
release typed as an entry             | held   | already_in_quickbooks |  48500.00 |      0.00 |  48500.00 |     0.00 |     1 |     1
release typed as an invoice           | held   | already_in_quickbooks |  48500.00 |   4850.00 |  53350.00 |     0.00 |     1 |     1
bill typed as a credit memo           | held   | already_in_quickbooks | -43650.00 |      0.00 | -43650.00 |     0.00 |     2 |     1
check typed that left 3 650.00 open   | held   | already_paid          |   3650.00 |   4850.00 |  48500.00 | 40000.00 |     2 |     2
same payment under another id         | held   | already_paid          |      0.00 |   4850.00 |  48500.00 | 43650.00 |     4 |     3
credit used by QuickBooks             | held   | already_paid          |   7720.00 |      0.00 |   7720.00 |     0.00 |     6 |     3
store lost, bill sent again           | posted |                       |  43650.00 |   4850.00 |  48500.00 |     0.00 |     1 |     1
second bill of the project            | posted |                       |  87300.00 |   9700.00 |  97000.00 |     0.00 |     1 |     0
";

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("bill typed before RIVET's", || typed(TYPED_BILL)),
        case("bill typed gross", || {
            typed(Typed {
                amount: "48500.00",
                ..TYPED_BILL
            })
        }),
        case("bill typed for the owner instead", || {
            typed(Typed {
                customer: "Harbor Owner",
                ..TYPED_BILL
            })
        }),
        case("number typed with blanks", || {
            typed(Typed {
                number: "1042 - 1",
                ..TYPED_BILL
            })
        }),
        case("number typed with a long dash", || {
            typed(Typed {
                number: "1042\u{2013}1",
                ..TYPED_BILL
            })
        }),
        case("number of another customer and amount", || {
            typed(Typed {
                customer: "Somebody",
                amount: "10.00",
                ..TYPED_BILL
            })
        }),
        case("the same where numbers are checked", other_where_checked),
        case("bill typed, then posted anyway", posted_anyway),
        case("only the retainage entry typed", entry_typed),
        case("check typed before the payment", check_typed),
        case("check typed for another amount", || {
            pays_beside("43000.00", "2026-04-27")
        }),
        case("check typed seven days before", || {
            pays_beside("43650.00", "2026-04-21")
        }),
        case("check typed eight days before", || {
            pays_beside("43650.00", "2026-04-20")
        }),
        case("release typed as an entry", || {
            release_typed(|world, typed| world.type_entry(typed))
        }),
        case("release typed as an invoice", || {
            release_typed(|world, typed| world.type_invoice(typed))
        }),
        case("bill typed as a credit memo", || {
            let world = World::configured();
            world.type_form("CreditMemo", TYPED_BILL);
            let world = counted(world);
            world.bill();
            world.ends(BILL)
        }),
        case("check typed that left 3 650.00 open", partly_paid),
        case("same payment under another id", paid_twice),
        case("credit used by QuickBooks", credit_used),
        case("store lost, bill sent again", sent_again),
        case("second bill of the project", second_bill),
    ]
}

/// Bills after a bookkeeper typed an invoice.
fn typed(typed: Typed<'_>) -> Ending {
    let world = World::configured();
    world.type_invoice(typed);
    let world = counted(world);
    world.bill();
    world.ends(BILL)
}

fn other_where_checked() -> Ending {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = World::configured_with(options, |_| {});
    world.type_invoice(Typed {
        customer: "Somebody",
        amount: "10.00",
        ..TYPED_BILL
    });
    let world = counted(world);
    world.bill();
    world.ends(BILL)
}

fn posted_anyway() -> Ending {
    let world = World::configured();
    world.type_invoice(TYPED_BILL);
    world.bill();
    let anyway = world.decision(DecisionKind::PostAnyway);
    world.record_decision(BILL, &anyway).unwrap();
    let world = counted(world);
    world.run_next_sync();
    world.ends(BILL)
}

fn entry_typed() -> Ending {
    let world = World::configured();
    world.type_entry(Typed {
        number: "1042-1R",
        amount: "4850.00",
        ..TYPED_BILL
    });
    let world = counted(world);
    world.bill();
    world.ends(BILL)
}

/// Returns a firm whose bill is posted.
fn billed() -> World {
    let world = field_world();
    world.bill();
    counted(world)
}

fn check_typed() -> Ending {
    pays_beside("43650.00", "2026-04-27")
}

/// Releases what a bookkeeper typed as a release before, as RIVET was told.
fn release_typed(type_release: fn(&World, Typed<'_>) -> String) -> Ending {
    let world = billed();
    world.announce_changes();
    let number = mapping::release_number("1042", &"rel_1".parse().unwrap());
    let typed = Typed {
        customer: HARBOR,
        number: &number,
        amount: "4850.00",
    };
    world.advance(SignedDuration::from_mins(1));
    type_release(&world, typed);
    world.deliver_events_and_scan();
    let world = counted(world);
    world.release(1, "4850.00");
    world.ends("rel_1")
}

/// Pays the bill after a bookkeeper typed a check that is applied to nothing.
fn pays_beside(amount: &str, day: &str) -> Ending {
    let world = billed();
    world.type_check(HARBOR, amount, day);
    world.pay(BILL, "43650.00");
    world.ends("pay_pa_1")
}

fn partly_paid() -> Ending {
    let world = billed();
    let invoice = world.last_id("Invoice");
    world.type_check_for(&invoice, "40000.00", "2026-04-01");
    world.pay(BILL, "43650.00");
    world.ends("pay_pa_1")
}

fn paid_twice() -> Ending {
    let world = billed();
    world.pay(BILL, "43650.00");
    let payment = json!({
        "id": "pay_2", "received_on": "2026-05-28", "amount": "43650.00", "reference": "ACH 9",
        "customer": { "id": "gc_1", "name": HARBOR },
        "applied": [{ "kind": "pay_app", "id": BILL, "amount": "43650.00" }],
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
    world.ends("pay_2")
}

fn credit_used() -> Ending {
    let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
    let world = counted(World::configured_with(options, |_| {}));
    world.bill_next(
        1,
        Figures {
            billed: "-2280.00",
            retainage: "0.00",
        },
    );
    world.bill_next(
        2,
        Figures {
            billed: "10000.00",
            retainage: "0.00",
        },
    );
    world.pay("pa_2", "10000.00");
    world.ends("pay_pa_2")
}

fn sent_again() -> Ending {
    let mut world = field_world();
    world.bill();
    world.lose_store();
    let world = counted(world);
    world.bill();
    world.ends(BILL)
}

fn second_bill() -> Ending {
    let world = billed();
    world.bill_next(2, USUAL);
    world.ends("pa_2")
}

#[test]
fn entered_first_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
