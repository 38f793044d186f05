//! Settings: a change in QuickBooks makes them incomplete. The next document is held, and released after the change is undone.

use super::cases::{Detection, firm_with_documents};
use super::lists::{ITEM, REVENUE};
use crate::support::world::World;
use bridge::views;
use futures::executor::block_on;
use mapping::RetainageMethod;
use serde_json::{Value, json};
use simulator::ClassTracking;

pub struct SettingsCase {
    pub name: &'static str,
    edit: fn(&World),
    /// The settings that a person must choose again.
    missing: &'static str,
    /// The event that follows, its document, and the code of the hold; an empty code if the document is posted.
    event: &'static str,
    document: &'static str,
    hold: &'static str,
    undo: fn(&World),
    /// The nightly scan finds the change, too.
    is_found_by_scan: bool,
}

const RETAINAGE: &str = "Retainage Receivable";
const PAY_APP: &str = "pa_1042_2";

/// A pay app of another customer.
const INTERIORS_PAY_APP: &str = "pa_1042_9";

pub const CASES: [SettingsCase; 12] = [
    SettingsCase {
        name: "the revenue account becomes one of other income",
        edit: |world| world.retype_account(REVENUE, "Other Income", "OtherMiscellaneousIncome"),
        missing: "accounts.contract_revenue",
        event: "07",
        document: PAY_APP,
        hold: "settings_incomplete",
        undo: |world| world.retype_account(REVENUE, "Income", "ServiceFeeIncome"),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the retainage account becomes a liability",
        edit: |world| {
            world.retype_account(
                RETAINAGE,
                "Other Current Liability",
                "OtherCurrentLiabilities",
            )
        },
        missing: "accounts.retainage",
        event: "07",
        document: PAY_APP,
        hold: "settings_incomplete",
        undo: |world| world.retype_account(RETAINAGE, "Other Current Asset", "Retainage"),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the retainage account is made inactive",
        edit: |world| world.toggle_active("Account", RETAINAGE, &[false]),
        missing: "accounts.retainage",
        event: "07",
        document: PAY_APP,
        hold: "settings_incomplete",
        undo: |world| world.toggle_active("Account", RETAINAGE, &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the revenue account is made inactive, and active again before the scan",
        edit: |world| world.toggle_active("Account", REVENUE, &[false, true]),
        missing: "",
        event: "07",
        document: PAY_APP,
        hold: "",
        undo: |_| {},
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the revenue account is merged into another",
        edit: |world| world.merge_in_list("Account", REVENUE, "Service Revenue"),
        missing: "accounts.contract_revenue",
        event: "07",
        document: PAY_APP,
        hold: "settings_incomplete",
        undo: |world| {
            let id = world.list_id("Account", "Service Revenue");
            world
                .person(|person| person.rename("Account", &id, REVENUE))
                .unwrap();
            world.save_settings(|_| {});
        },
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the deposit account is made inactive before a pay app",
        edit: |world| world.toggle_active("Account", "Checking", &[false]),
        missing: "accounts.deposit",
        event: "07",
        document: PAY_APP,
        hold: "",
        undo: |world| world.toggle_active("Account", "Checking", &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the deposit account is made inactive before a payment",
        edit: |world| world.toggle_active("Account", "Checking", &[false]),
        missing: "accounts.deposit",
        event: "05",
        document: "pay_0002",
        hold: "settings_incomplete",
        undo: |world| world.toggle_active("Account", "Checking", &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the books are closed",
        edit: |world| world.close_books_through("2026-12-31"),
        missing: "",
        event: "07",
        document: PAY_APP,
        hold: "books_closed",
        undo: |world| world.close_books_through("2026-03-31"),
        is_found_by_scan: false,
    },
    SettingsCase {
        name: "a customer is made inactive",
        edit: |world| {
            world.list_reference("Customer", "Turner Interiors");
            world.toggle_active("Customer", "Turner Interiors", &[false]);
        },
        missing: "",
        event: "07",
        document: INTERIORS_PAY_APP,
        hold: "customer_inactive",
        undo: |world| world.toggle_active("Customer", "Turner Interiors", &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "the project's class is made inactive",
        edit: |world| world.toggle_active("Class", "1042 Harbor Point Tower", &[false]),
        missing: "",
        event: "07",
        document: PAY_APP,
        hold: "class_inactive",
        undo: |world| world.toggle_active("Class", "1042 Harbor Point Tower", &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "RIVET's item is made inactive",
        edit: |world| world.toggle_active("Item", ITEM, &[false]),
        missing: "",
        event: "07",
        document: PAY_APP,
        hold: "item_changed",
        undo: |world| world.toggle_active("Item", ITEM, &[true]),
        is_found_by_scan: true,
    },
    SettingsCase {
        name: "class tracking is switched off",
        edit: |world| world.person(|person| person.set_class_tracking(ClassTracking::Off)),
        missing: "",
        event: "07",
        document: PAY_APP,
        hold: "",
        undo: |_| {},
        is_found_by_scan: false,
    },
];

impl World {
    fn retype_account(&self, account: &str, kind: &str, detail: &str) {
        let id = self.list_id("Account", account);
        self.person(|person| person.retype_account(&id, kind, detail))
            .unwrap();
    }

    fn close_books_through(&self, through: &str) {
        let through = through.parse().ok();
        self.person(|person| person.close_books(through));
    }

    /// Returns the paths of all missing settings.
    fn missing_settings(&self) -> String {
        let status = block_on(views::status(
            &self.services.store,
            &self.session(),
            self.now(),
        ))
        .unwrap();
        let setup = serde_json::to_value(status).unwrap()["setup"].clone();
        let missing = setup["missing"].as_array().unwrap().iter();
        let missing: Vec<_> = missing.map(|path| path.as_str().unwrap()).collect();
        assert_eq!(setup["complete"], missing.is_empty());
        missing.join(" ")
    }
}

/// Delivers the next document, with another id if the story's is posted already.
fn deliver_document(world: &World, event: &str, id: &str) -> Value {
    world.deliver_changed(event, |data| {
        if id == INTERIORS_PAY_APP {
            data["pay_app"]["id"] = id.into();
            data["pay_app"]["customer"] = json!({"id": "gc_interiors", "name": "Turner Interiors"});
        }
        if id.starts_with("pay_") {
            data["payment"]["id"] = id.into();
            data["payment"]["amount"] = "100.00".into();
            data["payment"]["applied"][0]["amount"] = "100.00".into();
        }
    });
    world.view(id)
}

impl SettingsCase {
    /// Returns missing settings, hold and final state in one line.
    fn run(&self, detection: Detection) -> String {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        let checking = world.list_id("Account", "Checking");
        world.save_settings(|settings| settings.accounts.deposit = Some(checking));
        world.allow_only(detection);
        (self.edit)(&world);
        world.detect_by(detection);
        let missing = world.missing_settings();
        let view = deliver_document(&world, self.event, self.document);
        let hold = view["reason"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (self.undo)(&world);
        world.detect_by(detection);
        world.detect_by(detection);
        let still_missing = world.missing_settings();
        let view = world.view(self.document);
        format!(
            "{missing} | {hold} | {} {still_missing}",
            view["state"].as_str().unwrap()
        )
    }
}

#[test]
fn changes_to_settings_dependencies_are_detected() {
    let mut failures = String::new();
    for case in &CASES {
        let expected = format!("{} | {} | posted ", case.missing, case.hold);
        for detection in [Detection::Webhook, Detection::NightlyScan] {
            let result = case.run(detection);
            if result != expected && (detection == Detection::Webhook || case.is_found_by_scan) {
                failures.push_str(&format!("{} ({detection:?}): {result}\n", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
