//! What happens to the lists that RIVET's postings name, and to the company's settings.

use super::cases::Row;
use super::edits::{BILL, PAID_BILL};
use serde_json::json;
use simulator::ClassTracking;

pub const ASHGROVE: &str = "Ashgrove Builders, Inc.";
pub const CLINIC: &str = "1057 Mill Street Clinic";
pub const ITEM: &str = "RIVET Contract Revenue";
pub const REVENUE: &str = "Contract Revenue";

pub const ROWS: [Row; 19] = [
    Row::no_difference(
        "a customer renamed",
        |world| world.rename("Customer", ASHGROVE),
        [0, 1],
    ),
    Row::no_difference(
        "a class renamed",
        |world| world.rename("Class", CLINIC),
        [0, 1],
    ),
    Row::no_difference(
        "an item renamed",
        |world| world.rename("Item", ITEM),
        [0, 1],
    ),
    Row::no_difference(
        "an account renamed",
        |world| world.rename("Account", REVENUE),
        [1, 1],
    ),
    Row::no_difference(
        "a class made inactive, and active again",
        |world| world.switch("Class", CLINIC, &[false, true]),
        [0, 1],
    ),
    Row::no_difference(
        "a class made inactive",
        |world| world.switch("Class", CLINIC, &[false]),
        [0, 1],
    ),
    Row::no_difference(
        "an item made inactive",
        |world| world.switch("Item", ITEM, &[false]),
        [0, 1],
    ),
    Row::no_difference(
        "an item made inactive, and active again",
        |world| world.switch("Item", ITEM, &[false, true]),
        [0, 1],
    ),
    Row::no_difference(
        "a customer merged into another",
        |world| world.merge("Customer", ASHGROVE, "Ashgrove"),
        [0, 1],
    ),
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
    Row::no_difference(
        "a class merged into another",
        |world| world.merge("Class", CLINIC, "Clinic"),
        [0, 1],
    ),
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
    Row::no_difference(
        "the company renamed",
        |world| world.person(|person| person.rename_company("Harbor Electrical LLC")),
        [0, 1],
    ),
    Row::no_difference(
        "custom numbers switched off",
        |world| world.person(|person| person.set_custom_numbers(false)),
        [2, 1],
    ),
    Row::no_difference(
        "class tracking switched off",
        |world| world.person(|person| person.set_class_tracking(ClassTracking::Off)),
        [2, 1],
    ),
    Row::no_difference(
        "the books closed",
        |world| world.person(|person| person.close_books("2026-12-31".parse().ok())),
        [2, 1],
    ),
];
