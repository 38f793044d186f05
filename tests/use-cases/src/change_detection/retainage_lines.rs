//! Edits of invoices with retainage as a line, and of releases that are invoices.

use super::cases::{EditCase, check};
use super::edits::{
    CREDIT_MEMO, INVOICE, PAID_INVOICE, RELEASE_INVOICE, RIVET_PAYMENT, detail, number,
};
use mapping::RetainageMethod;
use serde_json::json;

pub const CASES: [EditCase; 16] = [
    EditCase {
        name: "the retainage line of another amount",
        edit: |world| {
            world.change_lines(INVOICE, |lines| {
                lines.last_mut().unwrap()["Amount"] = number("-500.00")
            })
        },
        unposted: "pa_1057_1 conflict, Invoice: total balance lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "the retainage line taken out",
        edit: |world| world.change_lines(INVOICE, |lines| drop(lines.pop())),
        unposted: "pa_1057_1 conflict, Invoice: total balance lines description",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "the retainage line on another item",
        edit: |world| {
            world.change_lines(INVOICE, |lines| {
                *detail(lines.last_mut().unwrap(), "ItemRef") =
                    world.list_reference("Item", "Service calls")
            })
        },
        unposted: "pa_1057_1 conflict, Invoice: lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "a bill with a retainage line voided",
        edit: |world| world.void_object(INVOICE),
        unposted: "pa_1057_1 conflict, Invoice voided",
        activity: &["pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks."],
        calls: [1, 1],
    },
    EditCase {
        name: "a bill with a retainage line deleted",
        edit: |world| world.delete_object(INVOICE),
        unposted: "pa_1057_1 conflict, Invoice gone",
        activity: &["pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks."],
        calls: [2, 1],
    },
    EditCase {
        name: "a credit memo with a retainage line of another amount",
        edit: |world| world.change_amount(CREDIT_MEMO, "2000.00"),
        unposted: "pa_1057_3 conflict, CreditMemo: total balance lines",
        activity: &[
            "pa_1057_3 changed: Somebody changed the amount and lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "an invoiced release of another amount",
        edit: |world| world.change_amounts(RELEASE_INVOICE, "900.00"),
        unposted: "rel_1042_1 conflict, Invoice: total balance lines",
        activity: &[
            "rel_1042_1 changed: Somebody changed the amount and lines of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "an invoiced release of another customer",
        edit: |world| {
            world.change_object(
                RELEASE_INVOICE,
                json!({"CustomerRef": world.list_reference("Customer", "Ashgrove")}),
            )
        },
        unposted: "rel_1042_1 conflict, Invoice: customer",
        activity: &[
            "rel_1042_1 changed: Somebody changed the customer of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "an invoiced release with another class",
        edit: |world| {
            world.change_detail(
                RELEASE_INVOICE,
                "ClassRef",
                world.list_reference("Class", "Overhead"),
            )
        },
        unposted: "rel_1042_1 conflict, Invoice: class",
        activity: &[
            "rel_1042_1 changed: Somebody changed the class of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "an invoiced release on another day",
        edit: |world| world.change_object(RELEASE_INVOICE, json!({"TxnDate": "2026-06-16"})),
        unposted: "rel_1042_1 conflict, Invoice: date",
        activity: &[
            "rel_1042_1 changed: Somebody changed the date of Invoice 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase::without_difference(
        "an invoiced release with another due date",
        |world| world.change_object(RELEASE_INVOICE, json!({"DueDate": "2026-12-31"})),
        [1, 1],
    ),
    EditCase {
        name: "an invoiced release voided",
        edit: |world| world.void_object(RELEASE_INVOICE),
        unposted: "rel_1042_1 conflict, Invoice voided",
        activity: &["rel_1042_1 changed: Somebody voided Invoice 1042-REL-mk2mga in QuickBooks."],
        calls: [1, 1],
    },
    EditCase {
        name: "an invoiced release deleted",
        edit: |world| world.delete_object(RELEASE_INVOICE),
        unposted: "rel_1042_1 conflict, Invoice gone",
        activity: &["rel_1042_1 changed: Somebody deleted Invoice 1042-REL-mk2mga in QuickBooks."],
        calls: [2, 1],
    },
    EditCase {
        name: "an invoiced release paid",
        edit: |world| {
            world.enter_payment(RELEASE_INVOICE, "1000.00", &[(RELEASE_INVOICE, "1000.00")]);
        },
        unposted: "",
        activity: &[
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "an invoiced release paid in part, with a pay app",
        edit: |world| {
            world.enter_payment(
                RELEASE_INVOICE,
                "23950.00",
                &[(RELEASE_INVOICE, "300.00"), (PAID_INVOICE, "23650.00")],
            );
        },
        unposted: "",
        activity: &[
            "rel_1042_1 paid: Partly paid in QuickBooks: 300.00 of 1000.00. [300.00; 700.00 open]",
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment applied to an invoiced release too",
        edit: |world| {
            world.change_object(RIVET_PAYMENT, json!({"Line": world.payment_lines(&[(PAID_INVOICE, "19000.00"), (RELEASE_INVOICE, "1000.00")])}))
        },
        unposted: "pay_0001 conflict, Payment: applied",
        activity: &[
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
            "pa_1042_1 paid: Partly paid in QuickBooks: 19000.00 of 43650.00. [19000.00; 24650.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
];

#[test]
fn retainage_line_invoice_edits_are_detected() {
    check(&CASES, RetainageMethod::InvoiceLine);
}
