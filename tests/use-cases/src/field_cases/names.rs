//! Names of customers, projects and classes, as people type them.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::usual_bill::{BILL, USUAL, customer};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use serde_json::{Value, json};
use simulator::{Commit, Effect, Injection, RequestKind};

const EXPECTED: &str = "
case                                               | state            | reason             |       A/R | retainage |   revenue | deposits | calls | reads
three customers share a portal's address           | posted           |                    | 130950.00 |  14550.00 | 145500.00 |     0.00 |    12 |     6
address decides between alike names                | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
address of another customer, customers not created | held             | customer_unmatched |      0.00 |      0.00 |      0.00 |     0.00 |     3 |     2
tabs and line breaks in names                      | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
white space around a known name                    | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
Polish letters in another case                     | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
curly quotes for straight ones                     | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     3 |     1
a vendor has the curly name                        | posted           |                    |  43650.00 |   4850.00 |  48500.00 |     0.00 |     9 |     5
a person has the number with a long dash           | posted           |                    |  43750.00 |   4850.00 |  48600.00 |     0.00 |     5 |     2
answer lost for a number with a long dash          | posted           |                    |  87300.00 |   9700.00 |  97000.00 |     0.00 |     3 |     2
customers picker, q=O’B                            | O’Brien Builders |                    |      0.00 |      0.00 |      0.00 |     0.00 |     1 |     1
customers picker, q=Mał                            | Mały Dom         |                    |      0.00 |      0.00 |      0.00 |     0.00 |     1 |     1
customer inactive for the second time              | held             | customer_inactive  |      0.00 |      0.00 |      0.00 |     0.00 |     2 |     1
class inactive for the second time                 | held             | class_inactive     |      0.00 |      0.00 |      0.00 |     0.00 |     2 |     1
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "three customers share a portal's address",
            story: portal_address,
        },
        Case {
            name: "address decides between alike names",
            story: address_between_alike_names,
        },
        Case {
            name: "address of another customer, customers not created",
            story: address_of_other_customer,
        },
        Case {
            name: "tabs and line breaks in names",
            story: white_space_in_names,
        },
        Case {
            name: "white space around a known name",
            story: || {
                bills_existing(
                    "Turner Bay Constructors",
                    "  Turner\tBay \n\u{a0}Constructors",
                )
            },
        },
        Case {
            name: "Polish letters in another case",
            story: || bills_existing("ŁÓDŹ BUILDERS", "Łódź Builders"),
        },
        Case {
            name: "curly quotes for straight ones",
            story: || bills_existing("\"Quoted\" Co", "“Quoted” Co"),
        },
        Case {
            name: "a vendor has the curly name",
            story: vendor_has_name,
        },
        Case {
            name: "a person has the number with a long dash",
            story: number_with_dash_is_taken,
        },
        Case {
            name: "answer lost for a number with a long dash",
            story: answer_about_dash_is_lost,
        },
        Case {
            name: "customers picker, q=O’B",
            story: || picker("O’B", "O’Brien Builders"),
        },
        Case {
            name: "customers picker, q=Mał",
            story: || picker("Mał", "Mały Dom"),
        },
        Case {
            name: "customer inactive for the second time",
            story: customer_inactive_again,
        },
        Case {
            name: "class inactive for the second time",
            story: class_inactive_again,
        },
    ]
}

/// Delivers the usual bill for a customer of this name.
fn bill_customer(world: &World, name: &str) -> Outcome {
    world.bill_with(|bill| bill["customer"]["name"] = json!(name))
}

/// Returns the name of each invoice's customer.
fn billed(world: &World) -> Vec<String> {
    let simulator = world.simulator();
    let customers = simulator.entities(&world.realm, "Invoice");
    let name = |invoice: &Value| {
        let id = &invoice["CustomerRef"]["value"];
        let mut all = simulator.entities(&world.realm, "Customer");
        let customer = all.find(|customer| customer["Id"] == *id).unwrap();
        customer["DisplayName"].as_str().unwrap().to_owned()
    };
    customers.map(name).collect()
}

fn enter_customer(world: &World, name: &str, address: &str) -> String {
    let body = json!({ "DisplayName": name, "PrimaryEmailAddr": { "Address": address } });
    world.enter("Customer", body)
}

/// Leaves one inactive list entry of this name, whose name ends in `(deleted-1)`.
fn inactivate_again(world: &World, kind: &str, body: &Value) {
    let ids = [0; 2].map(|_| {
        let id = world.enter(kind, body.clone());
        let inactive = world.person(|person| person.set_active(kind, &id, false));
        inactive.unwrap();
        id
    });
    let renamed = world.person(|person| person.rename(kind, &ids[0], "Other"));
    renamed.unwrap();
}

fn portal_address() -> Ending {
    let world = field_world();
    enter_customer(&world, "Old Payer LLC", "invoices@portal.example");
    for number in 1..=3 {
        world.bill_with(|bill| {
            let name = format!("Contractor {number}");
            bill["id"] = json!(format!("pa_{number}"));
            bill["number"] = json!(number);
            bill["customer"] = json!({ "id": format!("gc_{number}"), "name": name, "email": "invoices@portal.example" });
        });
    }
    assert_eq!(
        billed(&world),
        ["Contractor 1", "Contractor 2", "Contractor 3"]
    );
    let view = world.view("pa_3");
    let detail = view["attempts"][0]["detail"].as_str().unwrap();
    let suggestion = "An existing customer \"Old Payer LLC\" has this e-mail address. ";
    assert!(!detail.starts_with(suggestion), "{detail}");
    let first = world.view(BILL);
    let detail = first["attempts"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with(suggestion), "{detail}");
    world.ends("pa_3")
}

fn address_between_alike_names() -> Ending {
    let world = field_world();
    enter_customer(&world, "Harbor Builders Inc", "ap@east.example");
    enter_customer(&world, "Harbor Builders LLC", "ap@west.example");
    world.bill_with(|bill| {
        bill["customer"] = customer();
        bill["customer"]["email"] = json!("AP@west.example");
    });
    assert_eq!(billed(&world), ["Harbor Builders LLC"]);
    world.ends(BILL)
}

fn address_of_other_customer() -> Ending {
    let world = field_world();
    world.save_settings(|settings| settings.customers.auto_create = false);
    enter_customer(&world, "Old Payer LLC", "ap@harbor.example");
    world.bill_with(|bill| bill["customer"]["email"] = json!("ap@harbor.example"));
    let view = world.view(BILL);
    let message = view["reason"]["message"].as_str().unwrap();
    assert!(message.contains("An existing customer \"Old Payer LLC\" has this e-mail address."));
    world.ends(BILL)
}

fn white_space_in_names() -> Ending {
    let world = counted(World::with_classes(|_| {}));
    world.bill_with(|bill| {
        bill["customer"]["name"] = json!("Tab\tand\nline");
        bill["project"]["name"] = json!("Tower\tof\r\nPower");
        bill["lines"][0]["description"] = json!("Rough-in\n and \ttrim");
    });
    assert_eq!(billed(&world), ["Tab and line"]);
    assert_eq!(world.last("Class")["Name"], "1042 Tower of Power");
    world.ends(BILL)
}

/// Bills a customer whose name in QuickBooks is typed differently.
fn bills_existing(listed: &str, typed: &str) -> Ending {
    let world = field_world();
    world.enter("Customer", json!({ "DisplayName": listed }));
    bill_customer(&world, typed);
    assert_eq!(billed(&world), [listed]);
    world.ends(BILL)
}

fn vendor_has_name() -> Ending {
    let world = field_world();
    world.enter("Vendor", json!({ "DisplayName": "O’Brien Builders" }));
    bill_customer(&world, "O’Brien Builders");
    world.run_next_sync();
    assert_eq!(billed(&world), ["O’Brien Builders (Customer)"]);
    world.ends(BILL)
}

fn number_with_dash_is_taken() -> Ending {
    let options = WorldOptions::with_company(|company| company.warn_duplicate_numbers(true));
    let world = counted(World::configured_with(options, |_| {}));
    let other = world.enter("Customer", json!({ "DisplayName": "Mill Street" }));
    let revenue = json!({ "value": world.accounts().revenue });
    let item = world.enter(
        "Item",
        json!({ "Name": "Work", "Type": "Service", "IncomeAccountRef": revenue }),
    );
    let line = json!({ "Amount": 100.00, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": { "ItemRef": { "value": item } } });
    world.enter(
        "Invoice",
        json!({ "DocNumber": "24–017-1", "CustomerRef": { "value": other }, "Line": [line] }),
    );
    world.bill_with(|bill| bill["project"]["number"] = json!("24–017"));
    assert_eq!(world.last("Invoice")["DocNumber"], "24–017-1a");
    world.ends(BILL)
}

fn answer_about_dash_is_lost() -> Ending {
    let world = field_world();
    world.bill_next(2, USUAL);
    world.simulator().clear_traffic();
    let lost = Injection::new(Effect::Dropped(Commit::After)).kind(RequestKind::Batch);
    world.simulator().inject(lost);
    world.bill_with(|bill| bill["project"]["number"] = json!("24–017"));
    world.person(|person| person.forget_request_ids());
    for _ in 0..3 {
        world.run_next_sync();
    }
    assert_eq!(world.invoices_and_entries(), (2, 2));
    world.ends(BILL)
}

/// Looks for the only customer whose name has these letters, among others that have the ASCII ones.
fn picker(typed: &str, wanted: &str) -> Ending {
    let world = field_world();
    for name in [wanted, "O'Bannon Ltd", "Mall Owners"] {
        world.enter("Customer", json!({ "DisplayName": name }));
    }
    let offered = world.offered_customers(typed).unwrap();
    world.ends_as(&offered.join(", "), "")
}

fn customer_inactive_again() -> Ending {
    let world = field_world();
    inactivate_again(
        &world,
        "Customer",
        &json!({ "DisplayName": "Harbor Builders" }),
    );
    world.bill();
    assert_eq!(world.count("Invoice"), 0);
    world.ends(BILL)
}

fn class_inactive_again() -> Ending {
    let world = counted(World::with_classes(|_| {}));
    inactivate_again(
        &world,
        "Class",
        &json!({ "Name": "1042 Harbor Point Tower" }),
    );
    world.bill();
    world.ends(BILL)
}

#[test]
fn names_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
