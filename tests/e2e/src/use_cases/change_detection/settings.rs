//! What happens in QuickBooks to what the settings rest on: what is posted next waits, and goes on once that is put right.

use super::cases::office;
use super::lists::{ITEM, REVENUE};
use crate::support::world::World;
use bridge::views;
use futures::executor::block_on;
use mapping::RetainageMethod;
use serde_json::{Value, json};
use simulator::ClassTracking;

pub struct Row {
    pub what: &'static str,
    does: fn(&World),
    /// What has to be chosen anew.
    missing: &'static str,
    /// The event that comes next, the document that it is about, and why that waits; nothing if it does not.
    next: (&'static str, &'static str, &'static str),
    undone: fn(&World),
    /// Whether the nightly question finds it too.
    by_night: bool,
}

const RETAINAGE: &str = "Retainage Receivable";
const BILL: &str = "pa_1042_2";

/// A pay app of another customer.
const OF_INTERIORS: &str = "pa_1042_9";

pub const ROWS: [Row; 12] = [
    Row {
        what: "the revenue account becomes one of other income",
        does: |world| world.retype(REVENUE, "Other Income", "OtherMiscellaneousIncome"),
        missing: "accounts.contract_revenue",
        next: ("07", BILL, "settings_incomplete"),
        undone: |world| world.retype(REVENUE, "Income", "ServiceFeeIncome"),
        by_night: true,
    },
    Row {
        what: "the retainage account becomes a liability",
        does: |world| {
            world.retype(
                RETAINAGE,
                "Other Current Liability",
                "OtherCurrentLiabilities",
            )
        },
        missing: "accounts.retainage",
        next: ("07", BILL, "settings_incomplete"),
        undone: |world| world.retype(RETAINAGE, "Other Current Asset", "Retainage"),
        by_night: true,
    },
    Row {
        what: "the retainage account is made inactive",
        does: |world| world.switch("Account", RETAINAGE, &[false]),
        missing: "accounts.retainage",
        next: ("07", BILL, "settings_incomplete"),
        undone: |world| world.switch("Account", RETAINAGE, &[true]),
        by_night: true,
    },
    Row {
        what: "the revenue account is made inactive, and active again before anybody looked",
        does: |world| world.switch("Account", REVENUE, &[false, true]),
        missing: "",
        next: ("07", BILL, ""),
        undone: |_| {},
        by_night: true,
    },
    Row {
        what: "the revenue account is merged into another",
        does: |world| world.merge("Account", REVENUE, "Service Revenue"),
        missing: "accounts.contract_revenue",
        next: ("07", BILL, "settings_incomplete"),
        undone: |world| {
            let id = world.entry("Account", "Service Revenue");
            world
                .person(|person| person.rename("Account", &id, REVENUE))
                .unwrap();
            world.save_settings(|_| {});
        },
        by_night: true,
    },
    Row {
        what: "the account for payments is made inactive, which nothing else waits for",
        does: |world| world.switch("Account", "Checking", &[false]),
        missing: "accounts.deposit",
        next: ("07", BILL, ""),
        undone: |world| world.switch("Account", "Checking", &[true]),
        by_night: true,
    },
    Row {
        what: "the account for payments is made inactive",
        does: |world| world.switch("Account", "Checking", &[false]),
        missing: "accounts.deposit",
        next: ("05", "pay_0002", "settings_incomplete"),
        undone: |world| world.switch("Account", "Checking", &[true]),
        by_night: true,
    },
    Row {
        what: "the books are closed",
        does: |world| world.close("2026-12-31"),
        missing: "",
        next: ("07", BILL, "books_closed"),
        undone: |world| world.close("2026-03-31"),
        by_night: false,
    },
    Row {
        what: "a customer is made inactive",
        does: |world| {
            world.named("Customer", "Turner Interiors");
            world.switch("Customer", "Turner Interiors", &[false]);
        },
        missing: "",
        next: ("07", OF_INTERIORS, "customer_inactive"),
        undone: |world| world.switch("Customer", "Turner Interiors", &[true]),
        by_night: true,
    },
    Row {
        what: "the project's class is made inactive",
        does: |world| world.switch("Class", "1042 Harbor Point Tower", &[false]),
        missing: "",
        next: ("07", BILL, "class_inactive"),
        undone: |world| world.switch("Class", "1042 Harbor Point Tower", &[true]),
        by_night: true,
    },
    Row {
        what: "RIVET's item is made inactive",
        does: |world| world.switch("Item", ITEM, &[false]),
        missing: "",
        next: ("07", BILL, "item_inactive"),
        undone: |world| world.switch("Item", ITEM, &[true]),
        by_night: true,
    },
    Row {
        what: "classes are tracked no more",
        does: |world| world.person(|person| person.set_class_tracking(ClassTracking::Off)),
        missing: "",
        next: ("07", BILL, ""),
        undone: |_| {},
        by_night: false,
    },
];

impl World {
    fn retype(&self, account: &str, kind: &str, detail: &str) {
        let id = self.entry("Account", account);
        self.person(|person| person.retype_account(&id, kind, detail))
            .unwrap();
    }

    fn close(&self, through: &str) {
        let through = through.parse().ok();
        self.person(|person| person.close_books(through));
    }

    fn missing(&self) -> String {
        let status = block_on(views::status(&self.bridge.store, &self.firm, self.now())).unwrap();
        let setup = serde_json::to_value(status).unwrap()["setup"].clone();
        let missing = setup["missing"].as_array().unwrap().iter();
        let missing: Vec<_> = missing.map(|path| path.as_str().unwrap()).collect();
        assert_eq!(setup["complete"], missing.is_empty());
        missing.join(" ")
    }
}

/// The next document arrives, under another id where the story's is there already.
fn arrives(world: &World, (event, id, _): (&'static str, &'static str, &str)) -> Value {
    world.deliver_changed(event, |data| {
        if id == OF_INTERIORS {
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

impl Row {
    fn run(&self, is_told: bool) -> String {
        let world = office(RetainageMethod::JournalEntry);
        let checking = world.entry("Account", "Checking");
        world.save_settings(|settings| settings.accounts.deposit = Some(checking));
        if !is_told {
            world.simulator().unsubscribe();
        }
        (self.does)(&world);
        world.learns(is_told);
        let missing = world.missing();
        let view = arrives(&world, self.next);
        let waits = view["reason"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (self.undone)(&world);
        world.learns(is_told);
        world.learns(is_told);
        let left = world.missing();
        let end = world.view(self.next.1);
        format!(
            "{missing} | {waits} | {} {left}",
            end["state"].as_str().unwrap()
        )
    }
}

#[test]
fn changes_to_settings_dependencies_are_detected() {
    let mut off = String::new();
    for row in &ROWS {
        let expected = format!("{} | {} | posted ", row.missing, row.next.2);
        for is_told in [true, false] {
            let came = row.run(is_told);
            if came != expected && (is_told || row.by_night) {
                off.push_str(&format!("{} ({is_told}): {came}\n", row.what));
            }
        }
    }
    assert!(off.is_empty(), "{off}");
}
