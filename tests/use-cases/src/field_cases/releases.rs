//! Releases of retainage: in parts, across accounts, with class and customer, and their voids.

use super::retainage::map_second_account;
use super::table::{Case, Ending, check, counted};
use crate::support::usual_bill::{BILL, Figures, USUAL, customer, project};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use rust_decimal::Decimal;
use serde_json::json;

const EXPECTED: &str = "
case                                                | state  | reason             |      A/R | retainage |  revenue | deposits | calls | reads
three parts, by entry                               | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     6 |     1
three parts, by line                                | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     6 |     1
three parts, billed on release                      | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     6 |     1
part of two accounts, by entry                      | posted |                    | 93150.00 |      0.00 | 97000.00 |     0.00 |     1 |     0
part of two accounts, by line                       | posted |                    | 93150.00 |      0.00 | 97000.00 |     0.00 |     1 |     0
part of two accounts is voided, by entry            | voided |                    | 87300.00 |   4850.00 | 97000.00 |     0.00 |     3 |     2
part of two accounts is voided, by line             | voided |                    | 87300.00 |   4850.00 | 97000.00 |     0.00 |     6 |     4
bill gives back from two accounts, by entry         | posted |                    | 94150.00 |      0.00 | 98000.00 |     0.00 |     1 |     0
bill gives back from two accounts, by line          | posted |                    | 94150.00 |      0.00 | 98000.00 |     0.00 |     1 |     0
release with class, by entry                        | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
release with class, by line                         | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
release with class, billed on release               | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
void of an open month, by entry                     | voided |                    | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     2
void of an open month, by line                      | voided |                    | 43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     1
void of an open month, billed on release            | voided |                    | 43650.00 |      0.00 | 43650.00 |     0.00 |     2 |     1
void of a closed month, by entry                    | voided |                    | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     2
void of a closed month, by line                     | voided |                    | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     4
void of a closed month, billed on release           | voided |                    | 43650.00 |      0.00 | 43650.00 |     0.00 |     6 |     4
voided, then released again, by entry               | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     8 |     3
voided, then released again, billed on release      | posted |                    | 48500.00 |      0.00 | 48500.00 |     0.00 |     7 |     2
more than is held, billed on release                | held   | retainage_exceeded | 43650.00 |      0.00 | 43650.00 |     0.00 |     3 |     1
bill is voided after its release, billed on release | held   | retainage_exceeded | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
same release twice with another amount              | posted |                    | 44650.00 |   3850.00 | 48500.00 |     0.00 |     4 |     1
paid release is voided                              | held   | payments_applied   | 43650.00 |      0.00 | 48500.00 |  4850.00 |     7 |     3
";

const BY_ENTRY: RetainageMethod = RetainageMethod::JournalEntry;
const BY_LINE: RetainageMethod = RetainageMethod::InvoiceLine;
const ON_RELEASE: RetainageMethod = RetainageMethod::BilledOnRelease;

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("three parts, by entry", || in_parts(BY_ENTRY)),
        case("three parts, by line", || in_parts(BY_LINE)),
        case("three parts, billed on release", || in_parts(ON_RELEASE)),
        case("part of two accounts, by entry", || {
            of_two_accounts(BY_ENTRY)
        }),
        case("part of two accounts, by line", || of_two_accounts(BY_LINE)),
        case("part of two accounts is voided, by entry", || {
            voided_of_two_accounts(BY_ENTRY)
        }),
        case("part of two accounts is voided, by line", || {
            voided_of_two_accounts(BY_LINE)
        }),
        case("bill gives back from two accounts, by entry", || {
            given_back_of_two_accounts(BY_ENTRY)
        }),
        case("bill gives back from two accounts, by line", || {
            given_back_of_two_accounts(BY_LINE)
        }),
        case("release with class, by entry", || with_class(BY_ENTRY)),
        case("release with class, by line", || with_class(BY_LINE)),
        case("release with class, billed on release", || {
            with_class(ON_RELEASE)
        }),
        case("void of an open month, by entry", || voided(BY_ENTRY, None)),
        case("void of an open month, by line", || voided(BY_LINE, None)),
        case("void of an open month, billed on release", || {
            voided(ON_RELEASE, None)
        }),
        case("void of a closed month, by entry", || {
            voided(BY_ENTRY, Some("2026-06-30"))
        }),
        case("void of a closed month, by line", || {
            voided(BY_LINE, Some("2026-06-30"))
        }),
        case("void of a closed month, billed on release", || {
            voided(ON_RELEASE, Some("2026-06-30"))
        }),
        case("voided, then released again, by entry", || {
            released_again(BY_ENTRY)
        }),
        case("voided, then released again, billed on release", || {
            released_again(ON_RELEASE)
        }),
        case("more than is held, billed on release", || {
            let world = world_of(ON_RELEASE);
            world.bill();
            world.release(1, "4850.01");
            world.ends("rel_1")
        }),
        case(
            "bill is voided after its release, billed on release",
            || {
                let world = world_of(ON_RELEASE);
                world.bill();
                world.release(1, "4850.00");
                world.void_bill(BILL, "2026-07-02");
                world.ends(BILL)
            },
        ),
        case("same release twice with another amount", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            world.release(1, "1000.00");
            assert_eq!(world.release(1, "2000.00"), Outcome::Duplicate);
            world.ends("rel_1")
        }),
        case("paid release is voided", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            world.release(1, "4850.00");
            world.pay("rel_1", "4850.00");
            void_release(&world);
            world.ends("rel_1")
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

fn void_release(world: &World) -> Outcome {
    let data = json!({ "release_id": "rel_1", "voided_on": "2026-07-02" });
    world.deliver_data("retainage.release_voided", data)
}

fn in_parts(method: RetainageMethod) -> Ending {
    let world = world_of(method);
    world.bill();
    for (number, amount) in [(1, "1000.00"), (2, "2000.00"), (3, "1850.00")] {
        assert_eq!(world.release(number, amount), Outcome::Posted);
    }
    world.ends("rel_3")
}

/// Returns a world in which two bills withhold on two accounts, and the second account.
fn two_accounts(method: RetainageMethod) -> (World, String) {
    let world = world_of(method);
    world.bill();
    let second = map_second_account(&world);
    world.bill_next(2, USUAL);
    (world, second)
}

/// A part takes all of the older account, and some of the newer one.
fn of_two_accounts(method: RetainageMethod) -> Ending {
    let (world, second) = two_accounts(method);
    world.release(1, "850.00");
    assert_eq!(world.balance(&second).to_string(), "4850.00");
    world.simulator().clear_traffic();
    world.release(2, "5000.00");
    assert_eq!(world.balance(&second).to_string(), "3850.00");
    world.ends("rel_2")
}

/// The void of a closed month gives each account what it held.
fn voided_of_two_accounts(method: RetainageMethod) -> Ending {
    let (world, second) = two_accounts(method);
    world.release(1, "5850.00");
    assert_eq!(world.balance(&second).to_string(), "3850.00");
    world.close_books("2026-06-30");
    world.simulator().clear_traffic();
    void_release(&world);
    assert_eq!(world.balance(&second).to_string(), "4850.00");
    world.ends("rel_1")
}

fn given_back_of_two_accounts(method: RetainageMethod) -> Ending {
    let (world, second) = two_accounts(method);
    world.simulator().clear_traffic();
    let figures = Figures {
        billed: "1000.00",
        retainage: "-5850.00",
    };
    world.bill_next(3, figures);
    assert_eq!(world.balance(&second).to_string(), "3850.00");
    world.ends("pa_3")
}

/// Asserts that a release leaves nothing of the project's class and customer on the retainage account.
fn with_class(method: RetainageMethod) -> Ending {
    let world = counted(World::with_classes(|settings| {
        settings.retainage_method = method;
    }));
    world.bill();
    world.release(1, "4850.00");
    let accounts = world.accounts();
    {
        let simulator = world.simulator();
        let ledger = simulator.ledger(&world.realm);
        let id = |kind, name| simulator.find(&world.realm, kind, name).unwrap();
        let (class, harbor) = (
            id("Class", "1042 Harbor Point Tower"),
            id("Customer", "Harbor Builders"),
        );
        let held = ledger.class_balance(&accounts.retainage, &class);
        let of_customer = ledger.customer_balance(&accounts.retainage, &harbor);
        assert_eq!((held, of_customer), (Decimal::ZERO, Decimal::ZERO));
        let earned = ledger.class_balance(&accounts.revenue, &class);
        assert_eq!(earned.to_string(), "-48500.00");
        let owed = ledger.customer_balance(&accounts.receivable, &harbor);
        assert_eq!(owed.to_string(), "48500.00");
    }
    world.ends("rel_1")
}

/// Voids a release of June in July. What is closed stays; what is open leaves nothing.
fn voided(method: RetainageMethod, closed_through: Option<&str>) -> Ending {
    let world = world_of(method);
    world.bill();
    world.release(1, "4850.00");
    if let Some(day) = closed_through {
        world.close_books(day);
    }
    world.simulator().clear_traffic();
    void_release(&world);
    let receivable = world.accounts().receivable;
    let months = ["2026-06", "2026-07"];
    let balances = months.map(|month| format!("{:.2}", world.month_balance(&receivable, month)));
    let expected = match closed_through {
        Some(_) => ["4850.00", "-4850.00"],
        None => ["0.00", "0.00"],
    };
    assert_eq!(balances, expected);
    world.ends("rel_1")
}

fn released_again(method: RetainageMethod) -> Ending {
    let world = world_of(method);
    world.bill();
    world.release(1, "4850.00");
    void_release(&world);
    let release = json!({ "id": "rel_2", "released_on": "2026-07-15", "amount": "4850.00",
        "project": project(), "customer": customer() });
    world.deliver_data("retainage.released", json!({ "release": release }));
    world.ends("rel_2")
}

#[test]
fn releases_end_as_expected() {
    check(&cases(), EXPECTED);
}
