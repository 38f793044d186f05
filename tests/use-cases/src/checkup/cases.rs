//! Companies and firms of which one check tells.

use super::world_of;
use crate::support::world::World;
use CheckState::{Fail, Warn};
use bridge::accept_event::Outcome;
use bridge::checkup::CheckState;
use jiff::SignedDuration;
use mapping::{ClassMode, Settings};
use serde_json::{Value, json};
use simulator::{ClassTracking, Company, ReportBasis};

/// A property of the company or the firm, with the check that tells of it.
struct Case {
    code: &'static str,
    state: CheckState,
    company: fn(Company) -> Company,
    settings: fn(&mut Settings),
    edit: fn(&World),
}

impl Case {
    fn new(code: &'static str, state: CheckState) -> Self {
        Self {
            code,
            state,
            company: |company| company,
            settings: |_| {},
            edit: |_| {},
        }
    }

    fn company(self, company: fn(Company) -> Company) -> Self {
        Self { company, ..self }
    }

    fn settings(self, settings: fn(&mut Settings)) -> Self {
        Self { settings, ..self }
    }

    fn edit(self, edit: fn(&World)) -> Self {
        Self { edit, ..self }
    }
}

pub fn account_edit(world: &World, name: &str, change: Value) {
    let id = world
        .simulator()
        .find(&world.realm, "Account", name)
        .unwrap();
    world
        .person(|person| person.edit("Account", &id, change))
        .unwrap();
}

fn cases() -> Vec<Case> {
    vec![
        Case::new("country", Fail).edit(|world| world.person(|person| person.set_country("CA"))),
        Case::new("home_currency", Warn).company(|company| company.multicurrency(true)),
        Case::new("home_currency", Fail).company(|company| company.currency("CAD")),
        Case::new("classes", Warn)
            .company(|company| company.class_tracking(ClassTracking::PerLine)),
        Case::new("classes", Fail)
            .company(|company| company.class_tracking(ClassTracking::PerLine))
            .settings(|settings| settings.class_tracking.mode = ClassMode::AutoCreate)
            .edit(|world| {
                world.person(|person| person.set_class_tracking(ClassTracking::Off));
            }),
        Case::new("accounts", Fail).edit(|world| {
            account_edit(world, "Retainage Receivable", json!({ "Active": false }));
        }),
        Case::new("receivable_accounts", Warn).company(|company| {
            company.account("A/R Service", "Accounts Receivable", "AccountsReceivable")
        }),
        Case::new("items", Fail).edit(|world| {
            assert_eq!(world.bill(), Outcome::Posted);
            world.edit_item(json!({ "Taxable": true }));
        }),
        Case::new("transaction_numbers", Warn).company(|company| company.custom_numbers(false)),
        Case::new("duplicate_numbers", Warn)
            .company(|company| company.warn_duplicate_numbers(false)),
        Case::new("invoice_numbers", Warn).edit(bill_entered_by_hand),
        Case::new("closing_date", Warn).edit(|world| {
            let through = "2026-03-31".parse().ok();
            world.person(|person| person.close_books(through));
        }),
        Case::new("automatic_credits", Warn).company(|company| company.auto_apply_credit(true)),
        Case::new("automatic_payments", Warn).company(Company::auto_apply_payments),
        Case::new("sales_tax", Warn).company(|company| company.sales_tax(8.into())),
        Case::new("accounting_method", Warn)
            .company(|company| company.report_basis(ReportBasis::Cash)),
        Case::new("locations", Warn).company(Company::locations),
        Case::new("admin_rights", Fail)
            .edit(|world| world.person(|person| person.set_admin(false))),
        Case::new("subscription", Fail)
            .edit(|world| world.person(|person| person.set_subscribed(false))),
        Case::new("retainage_account", Warn).edit(|world| {
            assert_eq!(world.bill(), Outcome::Posted);
            retainage_entered_by_hand(world);
        }),
        Case::new("notices", Warn).edit(|world| world.advance(SignedDuration::from_hours(25))),
    ]
}

/// Enters the usual bill in QuickBooks before RIVET sends it.
fn bill_entered_by_hand(world: &World) {
    let customer = world.enter("Customer", json!({ "DisplayName": "Harbor Builders" }));
    let accounts = world.accounts();
    let item = world.enter(
        "Item",
        json!({ "Name": "Work", "Type": "Service", "IncomeAccountRef": { "value": accounts.revenue } }),
    );
    let line = json!({
        "DetailType": "SalesItemLineDetail", "Amount": 43650.00,
        "SalesItemLineDetail": { "ItemRef": { "value": item } },
    });
    let invoice = json!({
        "CustomerRef": { "value": customer }, "DocNumber": "1042-1", "TxnDate": "2026-03-31", "Line": [line],
    });
    world.enter("Invoice", invoice);
    assert_eq!(world.bill(), Outcome::Held);
}

/// Enters a Journal Entry on the retainage account as a person.
fn retainage_entered_by_hand(world: &World) {
    let accounts = world.accounts();
    let line = |side: &str, account: &str| {
        json!({
            "DetailType": "JournalEntryLineDetail", "Amount": 150.00,
            "JournalEntryLineDetail": { "PostingType": side, "AccountRef": { "value": account } },
        })
    };
    let lines = [
        line("Debit", &accounts.retainage),
        line("Credit", &accounts.revenue),
    ];
    world.enter(
        "JournalEntry",
        json!({ "TxnDate": "2026-03-31", "Line": lines }),
    );
}

#[test]
fn each_check_finds_its_cause() {
    let mut failures = String::new();
    for case in cases() {
        let world = world_of(
            |company| (case.company)(company.warn_duplicate_numbers(true)),
            case.settings,
        );
        (case.edit)(&world);
        let found = world.check_state(case.code);
        if found != case.state {
            failures.push_str(&format!("{}: {found:?}\n", case.code));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
