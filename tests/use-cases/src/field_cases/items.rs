//! The service items and accounts that RIVET's lines go to, moves below one customer, and credits that are no money.

use super::table::{Case, check, counted, field_world};
use crate::change_detection::items::billed_world;
use crate::support::usual_bill::{BILL, Figures};
use crate::support::world::{World, WorldOptions};
use rust_decimal::Decimal;
use serde_json::json;
use simulator::{Subscription, Typed};

const EXPECTED: &str = "
case                                           | state    | reason                |       A/R | retainage |  revenue | deposits | calls | reads
next bill after a plain one                    | posted   |                       |  52650.00 |   5850.00 | 58500.00 |     0.00 |     1 |     0
item moved to another account with its history | held     | item_changed          |  43650.00 |   4850.00 |  4850.00 |     0.00 |     3 |     3
item moved to another account and back         | posted   |                       |  52650.00 |   5850.00 | 58500.00 |     0.00 |     5 |     4
item moved to another account, and nobody told | conflict | posted_differently | 52650.00 | 5850.00 | 5850.00 | 0.00 | 3 | 2
item made inactive                             | held     | item_changed          |  43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
item made taxable                              | held     | item_changed          |  43650.00 |   4850.00 | 48500.00 |     0.00 |     2 |     2
item made taxable and announced, not scanned   | held     | item_changed          |  43650.00 |   4850.00 | 48500.00 |     0.00 |     1 |     1
release and payment while the item is changed  | posted   |                       |      0.00 |      0.00 | 48500.00 | 48500.00 |     5 |     2
automated sales tax is on                      | posted   |                       |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
sales tax switched on before a revision        | posted   |                       |  44550.00 |   4950.00 | 49500.00 |     0.00 |     7 |     3
invoice moved to a project of its customer     | posted   |                       |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     3
moved invoice revised                          | posted   |                       |  43750.00 |   4850.00 | 48600.00 |     0.00 |     7 |     5
moved invoice paid by RIVET                    | posted   |                       |      0.00 |   4850.00 | 48500.00 | 43650.00 |     5 |     4
paid invoice moved, its payment came loose     | conflict | changed_in_quickbooks |      0.00 |   4850.00 | 48500.00 | 43650.00 |     5 |     4
paid invoice voided by a person                | conflict | changed_in_quickbooks | -43650.00 |   4850.00 |  4850.00 | 43650.00 |     4 |     3
paid in the second of the bill                 | posted   |                       |      0.00 |   4850.00 | 48500.00 | 43650.00 |     5 |     3
credit applied by QuickBooks itself            | posted   |                       |  43000.00 |   4850.00 | 48500.00 |     0.00 |     5 |     3
";

/// A second bill of the same project.
const SECOND: Figures = Figures {
    billed: "10000.00",
    retainage: "1000.00",
};

/// Returns a firm that posted the usual bill, with its calls counted from now on.
fn billed() -> World {
    counted(billed_world(WorldOptions::default()))
}

/// Bills again after an edit of RIVET's item that was announced and scanned.
fn bill_after(edit: impl FnOnce(&World)) -> World {
    let world = billed();
    edit(&world);
    world.deliver_events_and_scan();
    world.bill_next(2, SECOND);
    world
}

pub fn cases() -> Vec<Case> {
    let mut cases = item_cases();
    cases.extend(tax_cases());
    cases.extend(customer_cases());
    cases
}

fn item_cases() -> Vec<Case> {
    vec![
        Case {
            name: "next bill after a plain one",
            story: || bill_after(|_| {}).ends("pa_2"),
        },
        Case {
            name: "item moved to another account with its history",
            story: || {
                let world = bill_after(|world| {
                    world.change_item("RIVET Contract Revenue", "Service Revenue")
                });
                world.ends("pa_2")
            },
        },
        Case {
            name: "item moved to another account and back",
            story: || {
                let world = bill_after(|world| {
                    world.change_item("RIVET Contract Revenue", "Service Revenue")
                });
                world.change_item("RIVET Contract Revenue", "Contract Revenue");
                world.deliver_events_and_scan();
                world.run_next_sync();
                world.ends("pa_2")
            },
        },
        Case {
            name: "item moved to another account, and nobody told",
            story: || {
                let world = billed();
                world.simulator().unsubscribe();
                world.change_item("RIVET Contract Revenue", "Service Revenue");
                world.bill_next(2, SECOND);
                world.ends("pa_2")
            },
        },
        Case {
            name: "item made inactive",
            story: || bill_after(|world| world.edit_item(json!({"Active": false}))).ends("pa_2"),
        },
        Case {
            name: "item made taxable",
            story: || bill_after(|world| world.edit_item(json!({"Taxable": true}))).ends("pa_2"),
        },
        Case {
            name: "item made taxable and announced, not scanned",
            story: || {
                let world = billed();
                world.edit_item(json!({"Taxable": true}));
                world.deliver_events();
                world.bill_next(2, SECOND);
                world.ends("pa_2")
            },
        },
        Case {
            name: "release and payment while the item is changed",
            story: || {
                let world = billed();
                world.edit_item(json!({"Active": false}));
                world.deliver_events_and_scan();
                world.release(1, "4850.00");
                world.pay(BILL, "43650.00");
                world.pay("rel_1", "4850.00");
                world.ends("pay_rel_1")
            },
        },
    ]
}

fn tax_cases() -> Vec<Case> {
    vec![
        Case {
            name: "automated sales tax is on",
            story: || {
                let options =
                    WorldOptions::with_company(|company| company.sales_tax(Decimal::new(825, 2)));
                let world = counted(World::configured_with(options, |_| {}));
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "sales tax switched on before a revision",
            story: || {
                let world = field_world();
                world.bill();
                world.person(|person| person.set_sales_tax(Some(Decimal::new(825, 2))));
                world.revise_bill(Figures {
                    billed: "49500.00",
                    retainage: "4950.00",
                });
                world.ends(BILL)
            },
        },
    ]
}

fn customer_cases() -> Vec<Case> {
    vec![
        Case {
            name: "invoice moved to a project of its customer",
            story: || {
                let world = billed();
                move_to_project(&world);
                world.deliver_events_and_scan();
                world.ends(BILL)
            },
        },
        Case {
            name: "moved invoice revised",
            story: || {
                let world = billed();
                move_to_project(&world);
                world.deliver_events_and_scan();
                world.revise_bill(Figures {
                    billed: "48600.00",
                    retainage: "4850.00",
                });
                let project = world.simulator().find(&world.realm, "Customer", "Tower");
                assert_eq!(
                    world.last("Invoice")["CustomerRef"]["value"],
                    json!(project)
                );
                world.ends(BILL)
            },
        },
        Case {
            name: "moved invoice paid by RIVET",
            story: || {
                let world = billed();
                move_to_project(&world);
                world.deliver_events_and_scan();
                world.pay(BILL, "43650.00");
                world.ends("pay_pa_1")
            },
        },
        Case {
            name: "paid invoice moved, its payment came loose",
            story: || {
                let world = billed();
                world.pay(BILL, "43650.00");
                world.deliver_events_and_scan();
                move_to_project(&world);
                world.deliver_events_and_scan();
                world.ends("pay_pa_1")
            },
        },
        Case {
            name: "paid invoice voided by a person",
            story: || {
                let world = billed();
                world.simulator().switches_mut().should_refuse_void_of_paid = false;
                world.pay(BILL, "43650.00");
                world.deliver_events_and_scan();
                world.void_last("Invoice");
                world.deliver_events_and_scan();
                world.ends(BILL)
            },
        },
        Case {
            name: "paid in the second of the bill",
            story: || {
                let world = watched(World::configured());
                world.bill();
                let invoice = world.last("Invoice");
                let customer = invoice["CustomerRef"]["value"].as_str().unwrap();
                let id = invoice["Id"].as_str().unwrap();
                let paid = [(id, Decimal::from(43_650))];
                world
                    .person(|person| person.pay(customer, Decimal::from(43_650), &paid))
                    .unwrap();
                world.deliver_events_and_scan();
                assert_eq!(world.view(BILL)["payment"]["paid"], "43650.00");
                world.ends(BILL)
            },
        },
        Case {
            name: "credit applied by QuickBooks itself",
            story: || {
                let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
                let world = watched(World::configured_with(options, |_| {}));
                let customer = world.enter("Customer", json!({"DisplayName": "Harbor Builders"}));
                let typed = Typed {
                    customer: &customer,
                    number: "CM-1",
                    date: "2026-03-01",
                    amount: Decimal::from(650),
                };
                world
                    .person(|person| person.bill("CreditMemo", &typed))
                    .unwrap();
                world.bill();
                world.deliver_events_and_scan();
                let detail = world.view(BILL)["attempts"][0]["detail"].clone();
                let told =
                    "QuickBooks applied a credit of 650.00 to it by itself, which is no money.";
                assert!(detail.as_str().unwrap().starts_with(told), "{detail}");
                assert!(world.notified_entries().is_empty(), "told once");
                world.ends(BILL)
            },
        },
    ]
}

/// Returns the world with its changes announced and its calls counted.
fn watched(world: World) -> World {
    let subscription = Subscription::new("https://books.example/", "verifier");
    world.simulator().subscribe(subscription);
    counted(world)
}

/// Moves the last invoice to a new project of its customer, as a person.
fn move_to_project(world: &World) {
    let invoice = world.last("Invoice");
    let customer = invoice["CustomerRef"]["value"].as_str().unwrap();
    let project = world
        .person(|person| person.add_project(customer, "Tower"))
        .unwrap();
    world.edit_last("Invoice", |invoice| {
        *invoice = json!({"CustomerRef": {"value": project}});
    });
}

#[test]
fn items_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
