//! Edits of lists that postings refer to, and of the company's preferences.

use super::cases::{EditCase, check};
use super::edits::{INVOICE, PAID_INVOICE};
use mapping::RetainageMethod;
use serde_json::json;
use simulator::ClassTracking;

pub const ASHGROVE: &str = "Ashgrove Builders, Inc.";
pub const CLINIC: &str = "1057 Mill Street Clinic";
pub const ITEM: &str = "RIVET Contract Revenue";
pub const REVENUE: &str = "Contract Revenue";

pub const CASES: [EditCase; 21] = [
    EditCase::without_difference(
        "a customer renamed",
        |world| world.rename_in_list("Customer", ASHGROVE),
        [0, 1],
    ),
    EditCase::without_difference(
        "a class renamed",
        |world| world.rename_in_list("Class", CLINIC),
        [0, 1],
    ),
    EditCase::without_difference(
        "an item renamed",
        |world| world.rename_in_list("Item", ITEM),
        [1, 1],
    ),
    EditCase::without_difference(
        "an account renamed",
        |world| world.rename_in_list("Account", REVENUE),
        [1, 1],
    ),
    EditCase::without_difference(
        "a class made inactive, and active again",
        |world| world.toggle_active("Class", CLINIC, &[false, true]),
        [0, 1],
    ),
    EditCase::without_difference(
        "a class made inactive",
        |world| world.toggle_active("Class", CLINIC, &[false]),
        [0, 1],
    ),
    EditCase {
        name: "an item made inactive",
        edit: |world| world.toggle_active("Item", ITEM, &[false]),
        unposted: "",
        activity: &[
            "pa_1057_3 changed: The product or service \"RIVET Contract Revenue\" was changed in QuickBooks: it is inactive. RIVET posts nothing on it until it is put back. To put it back, make it active.",
        ],
        calls: [1, 1],
    },
    EditCase::without_difference(
        "an item made inactive, and active again",
        |world| world.toggle_active("Item", ITEM, &[false, true]),
        [1, 1],
    ),
    EditCase {
        name: "an item moved to another account, with its history",
        edit: |world| {
            world.change_item(ITEM, "Service Revenue");
        },
        unposted: "",
        activity: &[
            "pa_1057_3 changed: The product or service \"RIVET Contract Revenue\" was changed in QuickBooks: its income account is \"Service Revenue\" instead of \"Contract Revenue\". RIVET posts nothing on it until it is put back. To put it back, set its income account to \"Contract Revenue\".",
        ],
        calls: [2, 2],
    },
    EditCase::without_difference(
        "another item made taxable",
        |world| {
            let account = world.list_id("Account", REVENUE);
            let body = json!({"Name": "Service calls", "IncomeAccountRef": {"value": account}});
            let item = world.enter("Item", body);
            let taxable = json!({"Taxable": true});
            world
                .person(|person| person.edit("Item", &item, taxable))
                .unwrap();
        },
        [0, 1],
    ),
    EditCase::without_difference(
        "a customer merged into another",
        |world| world.merge_in_list("Customer", ASHGROVE, "Ashgrove"),
        [0, 1],
    ),
    EditCase {
        name: "a customer merged, and an invoice of theirs sent",
        edit: |world| {
            world.merge_in_list("Customer", ASHGROVE, "Ashgrove");
            world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}}));
        },
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [4, 4],
    },
    EditCase {
        name: "a customer merged, and an invoice of theirs paid",
        edit: |world| {
            world.merge_in_list("Customer", ASHGROVE, "Ashgrove");
            world.enter_payment(INVOICE, "8106.65", &[(INVOICE, "8106.65")]);
        },
        unposted: "",
        activity: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [4, 4],
    },
    EditCase::without_difference(
        "a class merged into another",
        |world| world.merge_in_list("Class", CLINIC, "Clinic"),
        [0, 1],
    ),
    EditCase {
        name: "a class merged, and a pay app of the project paid",
        edit: |world| {
            world.merge_in_list("Class", CLINIC, "Clinic");
            world.enter_payment(INVOICE, "8106.65", &[(INVOICE, "8106.65")]);
        },
        unposted: "",
        activity: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [4, 4],
    },
    EditCase {
        name: "an item merged, and two invoices with it paid",
        edit: |world| {
            world.merge_in_list("Item", ITEM, "Service calls");
            world.enter_payment(INVOICE, "8106.65", &[(INVOICE, "8106.65")]);
            world.enter_payment(PAID_INVOICE, "50.00", &[(PAID_INVOICE, "50.00")]);
        },
        unposted: "",
        activity: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 20050.00 of 43650.00. [50.00 + 20000.00; 23600.00 open]",
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]",
        ],
        calls: [8, 8],
    },
    EditCase {
        name: "an account merged, and a pay app with it changed in its memo",
        edit: |world| {
            world.merge_in_list("Account", REVENUE, "Service Revenue");
            world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}}));
        },
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [5, 4],
    },
    EditCase::without_difference(
        "the company renamed",
        |world| world.person(|person| person.rename_company("Harbor Electrical LLC")),
        [0, 1],
    ),
    EditCase::without_difference(
        "custom numbers switched off",
        |world| world.person(|person| person.set_custom_numbers(false)),
        [2, 1],
    ),
    EditCase::without_difference(
        "class tracking switched off",
        |world| world.person(|person| person.set_class_tracking(ClassTracking::Off)),
        [2, 1],
    ),
    EditCase::without_difference(
        "the books closed",
        |world| world.person(|person| person.close_books("2026-12-31".parse().ok())),
        [2, 1],
    ),
];

#[test]
fn list_and_preference_changes_are_no_drift() {
    check(&CASES, RetainageMethod::JournalEntry);
}
