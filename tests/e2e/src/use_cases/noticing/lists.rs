//! What happens to the lists that RIVET's postings name, and to the company's settings.

use super::deeds::{BILL, PAID_BILL};
use super::table::Row;
use serde_json::json;
use simulator::ClassTracking;

pub const ASHGROVE: &str = "Ashgrove Builders, Inc.";
pub const CLINIC: &str = "1057 Mill Street Clinic";
pub const ITEM: &str = "RIVET Contract Revenue";
pub const REVENUE: &str = "Contract Revenue";

pub const ROWS: [Row; 19] = [
    Row {
        what: "a customer renamed",
        does: |world| world.rename("Customer", ASHGROVE),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "a class renamed",
        does: |world| world.rename("Class", CLINIC),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "an item renamed",
        does: |world| world.rename("Item", ITEM),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "an account renamed",
        does: |world| world.rename("Account", REVENUE),
        stands: "",
        told: &[],
        calls: [1, 1],
    },
    Row {
        what: "a class made inactive, and active again",
        does: |world| world.switch("Class", CLINIC, &[false, true]),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "a class made inactive",
        does: |world| world.switch("Class", CLINIC, &[false]),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "an item made inactive",
        does: |world| world.switch("Item", ITEM, &[false]),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "an item made inactive, and active again",
        does: |world| world.switch("Item", ITEM, &[false, true]),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "a customer merged into another",
        does: |world| world.merge("Customer", ASHGROVE, "Ashgrove"),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "a customer merged, and an invoice of theirs sent",
        does: |world| {
            world.merge("Customer", ASHGROVE, "Ashgrove");
            world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}}));
        },
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "a customer merged, and an invoice of theirs paid",
        does: |world| {
            world.merge("Customer", ASHGROVE, "Ashgrove");
            world.receives(BILL, "8106.65", &[(BILL, "8106.65")]);
        },
        stands: "",
        told: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [3, 3],
    },
    Row {
        what: "a class merged into another",
        does: |world| world.merge("Class", CLINIC, "Clinic"),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "a class merged, and a pay app of the project paid",
        does: |world| {
            world.merge("Class", CLINIC, "Clinic");
            world.receives(BILL, "8106.65", &[(BILL, "8106.65")]);
        },
        stands: "",
        told: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [3, 3],
    },
    Row {
        what: "an item merged, and two invoices with it paid",
        does: |world| {
            world.merge("Item", ITEM, "Service calls");
            world.receives(BILL, "8106.65", &[(BILL, "8106.65")]);
            world.receives(PAID_BILL, "50.00", &[(PAID_BILL, "50.00")]);
        },
        stands: "",
        told: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 20050.00 of 43650.00. [50.00 + 20000.00; 23600.00 open]",
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]",
        ],
        calls: [3, 3],
    },
    Row {
        what: "an account merged, and a pay app with it changed in its memo",
        does: |world| {
            world.merge("Account", REVENUE, "Service Revenue");
            world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}}));
        },
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [4, 3],
    },
    Row {
        what: "the company renamed",
        does: |world| world.person(|person| person.rename_company("Harbor Electrical LLC")),
        stands: "",
        told: &[],
        calls: [0, 1],
    },
    Row {
        what: "custom numbers switched off",
        does: |world| world.person(|person| person.set_custom_numbers(false)),
        stands: "",
        told: &[],
        calls: [2, 1],
    },
    Row {
        what: "class tracking switched off",
        does: |world| world.person(|person| person.set_class_tracking(ClassTracking::Off)),
        stands: "",
        told: &[],
        calls: [2, 1],
    },
    Row {
        what: "the books closed",
        does: |world| world.person(|person| person.close_books("2026-12-31".parse().ok())),
        stands: "",
        told: &[],
        calls: [2, 1],
    },
];
