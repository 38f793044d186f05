//! Writes of which QuickBooks makes something else than was sent.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::{World, WorldOptions};
use rust_decimal::Decimal;
use serde_json::json;
use simulator::AlteredField;
use store::document::decision::DecisionKind;

const EXPECTED: &str = "
case                                                    | state    | reason                |       A/R | retainage |  revenue | deposits | calls | reads
automated sales tax stays on                               | posted   |                       |  45000.00 |   5000.00 | 50000.00 |     0.00 |     7 |     3
automated sales tax is switched on before the revision  | posted   |                       |  45000.00 |   5000.00 | 50000.00 |     0.00 |     7 |     3
automated sales tax is switched off before the revision | posted   |                       |  45000.00 |   5000.00 | 50000.00 |     0.00 |     7 |     3
total differs by a cent                                 | conflict | posted_differently    |  43650.01 |   4850.00 | 48500.01 |     0.00 |     3 |     1
entry differs by a cent                                 | conflict | posted_differently    |  43650.00 |   4850.01 | 48500.01 |     0.00 |     3 |     1
date of the invoice differs                             | conflict | posted_differently    |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
number of the invoice differs                           | conflict | posted_differently    |  43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     3
customer of the invoice differs                         | conflict | posted_differently    |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
item of the invoice differs                             | conflict | posted_differently    |  43650.00 | -38800.00 |  4850.00 |     0.00 |     3 |     1
account of the entry differs                            | conflict | posted_differently    |  43650.00 |      0.00 | 48500.00 |  4850.00 |     3 |     1
payment lands in another account                        | conflict | posted_differently    |      0.00 |  48500.00 | 48500.00 |     0.00 |     2 |     1
payment is applied to nothing                           | conflict | posted_differently    |      0.00 |   4850.00 | 48500.00 | 43650.00 |     2 |     1
payment is larger than what is open                     | conflict | posted_differently    | -40000.00 |   4850.00 | 48500.00 | 83650.00 |     2 |     1
difference is put right in QuickBooks                   | posted   |                       |  43650.00 |   4850.00 | 48500.00 |     0.00 |     5 |     3
QuickBooks' version is kept                             | posted   |                       |  43650.01 |   4850.00 | 48500.01 |     0.00 |     5 |     3
QuickBooks assigns numbers                              | posted   |                       |  43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     2
QuickBooks applies a credit by itself                   | posted   |                       |  41370.00 |   4850.00 | 46220.00 |     0.00 |     6 |     3
invoice is refused and its entry was taken              | failed   | refused_by_quickbooks |      0.00 |      0.00 |     0.00 |     0.00 |     5 |     2
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "automated sales tax stays on",
            story: || taxed(Some(rate()), Some(rate())),
        },
        Case {
            name: "automated sales tax is switched on before the revision",
            story: || taxed(None, Some(rate())),
        },
        Case {
            name: "automated sales tax is switched off before the revision",
            story: || taxed(Some(rate()), None),
        },
        Case {
            name: "total differs by a cent",
            story: || altered("Invoice", AlteredField::Amount(Decimal::new(1, 2))),
        },
        Case {
            name: "entry differs by a cent",
            story: || altered("JournalEntry", AlteredField::Amount(Decimal::new(1, 2))),
        },
        Case {
            name: "date of the invoice differs",
            story: || altered("Invoice", AlteredField::Date("2026-04-01".parse().unwrap())),
        },
        Case {
            name: "number of the invoice differs",
            story: || altered("Invoice", AlteredField::Number("77".into())),
        },
        Case {
            name: "customer of the invoice differs",
            story: other_customer,
        },
        Case {
            name: "item of the invoice differs",
            story: other_item,
        },
        Case {
            name: "account of the entry differs",
            story: other_account,
        },
        Case {
            name: "payment lands in another account",
            story: other_deposit,
        },
        Case {
            name: "payment is applied to nothing",
            story: || paid_with(|world| world.alter("Payment", AlteredField::Unapplied)),
        },
        Case {
            name: "payment is larger than what is open",
            story: excessive_payment,
        },
        Case {
            name: "difference is put right in QuickBooks",
            story: put_right,
        },
        Case {
            name: "QuickBooks' version is kept",
            story: kept,
        },
        Case {
            name: "QuickBooks assigns numbers",
            story: assigned_number,
        },
        Case {
            name: "QuickBooks applies a credit by itself",
            story: credited,
        },
        Case {
            name: "invoice is refused and its entry was taken",
            story: refused_invoice,
        },
    ]
}

fn rate() -> Decimal {
    Decimal::new(825, 2)
}

fn taxed(first: Option<Decimal>, later: Option<Decimal>) -> Ending {
    let world = field_world();
    world.person(|person| person.set_sales_tax(first));
    world.bill();
    world.person(|person| person.set_sales_tax(later));
    world.revise_bill(Figures {
        billed: "50000.00",
        retainage: "5000.00",
    });
    world.ends(BILL)
}

fn altered(kind: &'static str, field: AlteredField) -> Ending {
    let world = field_world();
    world.alter(kind, field);
    world.bill();
    world.ends(BILL)
}

fn other_customer() -> Ending {
    let world = field_world();
    let other = world.enter("Customer", json!({ "DisplayName": "Mill Street" }));
    world.alter("Invoice", AlteredField::Customer(other));
    world.bill();
    world.ends(BILL)
}

fn other_item() -> Ending {
    let world = field_world();
    let account = json!({ "value": world.accounts().retainage });
    let body = json!({ "Name": "Other", "Type": "Service", "IncomeAccountRef": account });
    let other = world.enter("Item", body);
    world.alter("Invoice", AlteredField::Item(other));
    world.bill();
    world.ends(BILL)
}

fn other_account() -> Ending {
    let world = field_world();
    let deposits = world.accounts().deposits;
    world.alter("JournalEntry", AlteredField::Account(deposits));
    world.bill();
    world.ends(BILL)
}

/// Pays the usual bill in a changed company.
fn paid_with(change: impl FnOnce(&World)) -> Ending {
    let world = field_world();
    world.bill();
    change(&world);
    world.simulator().clear_traffic();
    world.pay(BILL, "43650.00");
    world.ends("pay_pa_1")
}

fn other_deposit() -> Ending {
    paid_with(|world| {
        let accounts = world.accounts();
        world.save_settings(|settings| settings.accounts.deposit = Some(accounts.deposits));
        world.alter("Payment", AlteredField::Account(accounts.retainage));
    })
}

fn excessive_payment() -> Ending {
    paid_with(|world| {
        world.simulator().switches_mut().should_refuse_overpayment = false;
        world.pay_while_rivet_writes("40000.00");
    })
}

fn put_right() -> Ending {
    let world = field_world();
    world.alter("Invoice", AlteredField::Amount(Decimal::new(1, 2)));
    world.announce_changes();
    world.bill();
    world.put_invoice_right();
    world.ends(BILL)
}

fn kept() -> Ending {
    let world = field_world();
    world.alter("Invoice", AlteredField::Amount(Decimal::new(1, 2)));
    world.bill();
    let decision = world.decision(DecisionKind::KeepQuickbooks);
    world.record_decision(BILL, &decision).unwrap();
    world.run_next_sync();
    world.ends(BILL)
}

fn assigned_number() -> Ending {
    let options = WorldOptions::with_company(|company| company.custom_numbers(false));
    let world = counted(World::configured_with(options, |_| {}));
    world.bill();
    world.ends(BILL)
}

fn credited() -> Ending {
    let options = WorldOptions::with_company(|company| company.auto_apply_credit(true));
    let world = counted(World::configured_with(options, |_| {}));
    let credit = Figures {
        billed: "-2280.00",
        retainage: "0.00",
    };
    world.announce_changes();
    world.bill_next(1, credit);
    world.bill_next(2, USUAL);
    world.deliver_events_and_scan();
    assert_eq!(world.view("pa_2")["payment"]["balance"], "41370.00");
    world.ends("pa_2")
}

fn refused_invoice() -> Ending {
    let world = field_world();
    world.refuse_item(0);
    world.bill();
    world.ends(BILL)
}

#[test]
fn differences_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
