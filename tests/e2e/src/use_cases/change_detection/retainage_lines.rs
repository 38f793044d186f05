//! The same where the retainage is a line of the invoice, and a release is an invoice.

use super::cases::Row;
use super::edits::{BILL, CREDIT, OWN_PAYMENT, PAID_BILL, RELEASE_BILL, detail, number};
use serde_json::json;

pub const ROWS: [Row; 16] = [
    Row {
        what: "the retainage line of another amount",
        does: |world| {
            world.change_lines(BILL, |lines| {
                lines.last_mut().unwrap()["Amount"] = number("-500.00")
            })
        },
        stands: "pa_1057_1 conflict, Invoice: total balance lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "the retainage line taken out",
        does: |world| world.change_lines(BILL, |lines| drop(lines.pop())),
        stands: "pa_1057_1 conflict, Invoice: total balance lines description",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "the retainage line on another item",
        does: |world| {
            world.change_lines(BILL, |lines| {
                *detail(lines.last_mut().unwrap(), "ItemRef") = world.named("Item", "Service calls")
            })
        },
        stands: "pa_1057_1 conflict, Invoice: lines",
        told: &["pa_1057_1 changed: Somebody changed the lines of Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "a bill with a retainage line voided",
        does: |world| world.void(BILL),
        stands: "pa_1057_1 conflict, Invoice voided",
        told: &["pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks."],
        calls: [1, 1],
    },
    Row {
        what: "a bill with a retainage line deleted",
        does: |world| world.delete(BILL),
        stands: "pa_1057_1 conflict, Invoice gone",
        told: &["pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks."],
        calls: [2, 1],
    },
    Row {
        what: "a credit memo with a retainage line of another amount",
        does: |world| world.change_amount(CREDIT, "2000.00"),
        stands: "pa_1057_3 conflict, CreditMemo: total balance lines",
        told: &[
            "pa_1057_3 changed: Somebody changed the amount and lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "an invoiced release of another amount",
        does: |world| world.change_amounts(RELEASE_BILL, "900.00"),
        stands: "rel_1042_1 conflict, Invoice: total balance lines",
        told: &[
            "rel_1042_1 changed: Somebody changed the amount and lines of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "an invoiced release of another customer",
        does: |world| {
            world.change(
                RELEASE_BILL,
                json!({"CustomerRef": world.named("Customer", "Ashgrove")}),
            )
        },
        stands: "rel_1042_1 conflict, Invoice: customer",
        told: &[
            "rel_1042_1 changed: Somebody changed the customer of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "an invoiced release with another class",
        does: |world| {
            world.change_detail(RELEASE_BILL, "ClassRef", world.named("Class", "Overhead"))
        },
        stands: "rel_1042_1 conflict, Invoice: class",
        told: &[
            "rel_1042_1 changed: Somebody changed the class of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "an invoiced release on another day",
        does: |world| world.change(RELEASE_BILL, json!({"TxnDate": "2026-06-16"})),
        stands: "rel_1042_1 conflict, Invoice: date",
        told: &[
            "rel_1042_1 changed: Somebody changed the date of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row::no_difference(
        "an invoiced release with another due date",
        |world| world.change(RELEASE_BILL, json!({"DueDate": "2026-12-31"})),
        [1, 1],
    ),
    Row {
        what: "an invoiced release voided",
        does: |world| world.void(RELEASE_BILL),
        stands: "rel_1042_1 conflict, Invoice voided",
        told: &["rel_1042_1 changed: Somebody voided Invoice 1042-REL-mk2mga in QuickBooks."],
        calls: [1, 1],
    },
    Row {
        what: "an invoiced release deleted",
        does: |world| world.delete(RELEASE_BILL),
        stands: "rel_1042_1 conflict, Invoice gone",
        told: &["rel_1042_1 changed: Somebody deleted Invoice 1042-REL-mk2mga in QuickBooks."],
        calls: [2, 1],
    },
    Row {
        what: "an invoiced release paid",
        does: |world| {
            world.receives(RELEASE_BILL, "1000.00", &[(RELEASE_BILL, "1000.00")]);
        },
        stands: "",
        told: &["rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]"],
        calls: [2, 1],
    },
    Row {
        what: "an invoiced release paid in part, with a pay app",
        does: |world| {
            world.receives(
                RELEASE_BILL,
                "23950.00",
                &[(RELEASE_BILL, "300.00"), (PAID_BILL, "23650.00")],
            );
        },
        stands: "",
        told: &[
            "rel_1042_1 paid: Partly paid in QuickBooks: 300.00 of 1000.00. [300.00; 700.00 open]",
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
        ],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment applied to an invoiced release too",
        does: |world| {
            world.change(OWN_PAYMENT, json!({"Line": world.applied(&[(PAID_BILL, "19000.00"), (RELEASE_BILL, "1000.00")])}))
        },
        stands: "pay_0001 conflict, Payment: applied",
        told: &[
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
            "pa_1042_1 paid: Partly paid in QuickBooks: 19000.00 of 43650.00. [19000.00; 24650.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
];
