//! Retainage across changed accounts and methods, and beside several Accounts Receivable accounts.

use super::table::{Case, Ending, check, counted, field_world};
use crate::support::usual_bill::{BILL, USUAL, customer, project};
use crate::support::world::{World, WorldOptions};
use jiff::SignedDuration;
use mapping::{InvoiceLines, RetainageMethod};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use simulator::Company;
use store::document::decision::DecisionKind;

const EXPECTED: &str = "
case                                                   | state  | reason                |       A/R | retainage |  revenue | deposits | calls | reads
account is changed before the release                  | posted |                       |  48500.00 |      0.00 | 48500.00 |     0.00 |     5 |     2
entries first, then billed on release                  | posted |                       |  97000.00 |      0.00 | 97000.00 |     0.00 |     4 |     1
billed on release first, then entries                  | posted |                       |  97000.00 |      0.00 | 97000.00 |     0.00 |     2 |     0
lines first, then billed on release                    | posted |                       |  97000.00 |      0.00 | 97000.00 |     0.00 |     2 |     0
billed on release first, then lines                    | posted |                       |  97000.00 |      0.00 | 97000.00 |     0.00 |     2 |     0
no retainage account, billed on release                | posted |                       |  43650.00 |      0.00 | 48500.00 |  4850.00 |     6 |     2
two A/R accounts, the second is mapped                 | posted |                       |      0.00 |      0.00 | 48500.00 | 48500.00 |     8 |     3
second A/R account is found at night                   | posted |                       |  48500.00 |      0.00 | 48500.00 |     0.00 |     3 |     1
release keeps its account when RIVET's version is kept | posted |                       |  48500.00 |      0.00 | 48500.00 |     0.00 |     9 |     5
release is paid by its due date                        | posted |                       |  43650.00 |      0.00 | 48500.00 |  4850.00 |     6 |     2
entries are numbered when QuickBooks assigns numbers   | posted |                       |  44500.00 |   4000.00 | 48500.00 |     0.00 |    11 |     5
net lines name what was billed and withheld            | posted |                       |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "account is changed before the release",
            story: changed_account,
        },
        Case {
            name: "entries first, then billed on release",
            story: || {
                changed_method(
                    RetainageMethod::JournalEntry,
                    RetainageMethod::BilledOnRelease,
                )
            },
        },
        Case {
            name: "billed on release first, then entries",
            story: || {
                changed_method(
                    RetainageMethod::BilledOnRelease,
                    RetainageMethod::JournalEntry,
                )
            },
        },
        Case {
            name: "lines first, then billed on release",
            story: || {
                changed_method(
                    RetainageMethod::InvoiceLine,
                    RetainageMethod::BilledOnRelease,
                )
            },
        },
        Case {
            name: "billed on release first, then lines",
            story: || {
                changed_method(
                    RetainageMethod::BilledOnRelease,
                    RetainageMethod::InvoiceLine,
                )
            },
        },
        Case {
            name: "no retainage account, billed on release",
            story: without_account,
        },
        Case {
            name: "two A/R accounts, the second is mapped",
            story: two_receivables,
        },
        Case {
            name: "second A/R account is found at night",
            story: later_receivable,
        },
        Case {
            name: "release keeps its account when RIVET's version is kept",
            story: kept_release,
        },
        Case {
            name: "release is paid by its due date",
            story: due_release,
        },
        Case {
            name: "entries are numbered when QuickBooks assigns numbers",
            story: numbered_entries,
        },
        Case {
            name: "net lines name what was billed and withheld",
            story: readable_lines,
        },
    ]
}

/// Adds a retainage account as a bookkeeper would, and maps it.
pub fn map_second_account(world: &World) -> String {
    let account = enter_account(world, "Other Current Asset", "Retainage");
    world.save_settings(|settings| settings.accounts.retainage = Some(account.clone()));
    account
}

fn enter_account(world: &World, kind: &str, sub_type: &str) -> String {
    let body = json!({ "Name": "Second", "AccountType": kind, "AccountSubType": sub_type });
    world.enter("Account", body)
}

fn changed_account() -> Ending {
    let world = field_world();
    world.bill();
    let second = map_second_account(&world);
    world.release(1, "4850.00");
    assert_eq!(world.balance(&second), Decimal::ZERO);
    world.ends("rel_1")
}

/// Bills once by each method, and releases all.
fn changed_method(first: RetainageMethod, second: RetainageMethod) -> Ending {
    let world = field_world();
    world.save_settings(|settings| settings.retainage_method = first);
    world.bill();
    world.save_settings(|settings| settings.retainage_method = second);
    world.bill_next(2, USUAL);
    world.simulator().clear_traffic();
    world.release(1, "3000.00");
    world.release(2, "6700.00");
    world.ends("rel_2")
}

fn without_account() -> Ending {
    let world = counted(World::configured_with(
        WorldOptions::default(),
        |settings| {
            settings.retainage_method = RetainageMethod::BilledOnRelease;
            settings.accounts.retainage = None;
        },
    ));
    world.bill();
    world.release(1, "4850.00");
    world.pay("rel_1", "4850.00");
    assert_eq!(world.count("JournalEntry"), 0);
    world.ends("pay_rel_1")
}

fn two_receivables() -> Ending {
    let second =
        |company: Company| company.account("Second", "Accounts Receivable", "AccountsReceivable");
    let world = World::new(WorldOptions::with_company(second));
    world.connect();
    let mapped = world.simulator().find(&world.realm, "Account", "Second");
    world.save_settings(|settings| settings.accounts.accounts_receivable = mapped.clone());
    world.simulator().clear_traffic();
    world.bill();
    world.release(1, "4850.00");
    pay_both(&world);
    assert_eq!(world.balance(&mapped.unwrap()), Decimal::ZERO);
    world.ends("pay_both")
}

/// Pays the usual bill and its release at once.
fn pay_both(world: &World) {
    let applied =
        |kind: &str, id: &str, amount: &str| json!({ "kind": kind, "id": id, "amount": amount });
    let payment = json!({
        "id": "pay_both", "received_on": "2026-06-30", "amount": "48500.00", "customer": customer(),
        "applied": [applied("pay_app", BILL, "43650.00"), applied("retainage_release", "rel_1", "4850.00")],
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
}

fn later_receivable() -> Ending {
    let world = field_world();
    world.bill();
    enter_account(&world, "Accounts Receivable", "AccountsReceivable");
    world.advance(SignedDuration::from_hours(24));
    world.run_next_sync();
    world.simulator().clear_traffic();
    world.release(1, "4850.00");
    assert_eq!(world.invoices_and_entries(), (2, 1));
    world.ends("rel_1")
}

fn kept_release() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "4850.00");
    let second = map_second_account(&world);
    world.edit_last("JournalEntry", |entry| {
        entry["PrivateNote"] = json!("checked")
    });
    world.edit_last("JournalEntry", |entry| {
        entry["TxnDate"] = json!("2026-06-16")
    });
    world.advance(SignedDuration::from_hours(24));
    world.run_next_sync();
    assert_eq!(world.view("rel_1")["state"], "conflict");
    let decision = world.decision(DecisionKind::KeepRivet);
    world.record_decision("rel_1", &decision).unwrap();
    world.run_next_sync();
    assert_eq!(world.balance(&second), Decimal::ZERO);
    world.ends("rel_1")
}

fn due_release() -> Ending {
    let world = field_world();
    world.save_settings(|settings| settings.retainage_method = RetainageMethod::InvoiceLine);
    world.bill();
    let release = json!({ "id": "rel_1", "released_on": "2026-06-15", "amount": "4850.00", "payment_terms_days": 45,
        "project": project(), "customer": customer() });
    world.deliver_data("retainage.released", json!({ "release": release }));
    assert_eq!(world.last("Invoice")["DueDate"], "2026-07-30");
    world.pay("rel_1", "4850.00");
    world.ends("pay_rel_1")
}

fn numbered_entries() -> Ending {
    let options = WorldOptions::with_company(|company| company.custom_numbers(false));
    let world = counted(World::configured_with(options, |_| {}));
    world.bill();
    assert_eq!(world.last("JournalEntry")["DocNumber"], "1042-1R");
    world.release(1, "850.00");
    let number = mapping::release_number("1042", &"rel_1".parse().unwrap());
    assert_eq!(world.last("JournalEntry")["DocNumber"], number);
    world.bill_next(2, USUAL);
    world.void_bill("pa_2", "2026-03-31");
    assert_eq!(world.last("JournalEntry")["DocNumber"], "1042-2RV");
    world.ends("rel_1")
}

fn readable_lines() -> Ending {
    let world = field_world();
    world.save_settings(|settings| settings.invoice_lines = InvoiceLines::BySovItem);
    world.bill();
    let invoice = world.last("Invoice");
    let text: &Value = &invoice["Line"][0]["Description"];
    assert_eq!(
        text,
        "01 Underground rough-in · 48500.00 billed, 4850.00 retainage withheld"
    );
    world.ends(BILL)
}

#[test]
fn retainage_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
