//! Money that somebody receives, moves or gives back in QuickBooks.

use super::cases::Row;
use super::edits::{BILL, CREDIT, NEXT_BILL, OWN_PAYMENT, PAID_BILL, RELEASE};
use serde_json::json;

pub const ROWS: [Row; 26] = [
    Row {
        what: "paid",
        does: |world| {
            world.receives(BILL, "8106.65", &[(BILL, "8106.65")]);
        },
        stands: "",
        told: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    Row {
        what: "paid in part",
        does: |world| {
            world.receives(BILL, "100.00", &[(BILL, "100.00")]);
        },
        stands: "",
        told: &[
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65. [100.00; 8006.65 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "paid in two parts",
        does: |world| {
            for amount in ["100.00", "8006.65"] {
                world.receives(BILL, amount, &[(BILL, amount)]);
            }
        },
        stands: "",
        told: &[
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [100.00 + 8006.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "paid with more than is owed",
        does: |world| {
            world.receives(BILL, "8200.00", &[(BILL, "8106.65")]);
        },
        stands: "",
        told: &[
            "pa_1057_1 paid: Overpaid in QuickBooks: 8106.65 of 8106.65; 93.35 is not applied to anything. [8106.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    Row::no_difference(
        "money that is applied to nothing",
        |world| {
            world.receives(BILL, "500.00", &[]);
        },
        [1, 1],
    ),
    Row {
        what: "paid in part, with money for something else",
        does: |world| {
            world.receives(BILL, "500.00", &[(BILL, "100.00")]);
        },
        stands: "",
        told: &[
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65; 400.00 is not applied to anything. [100.00; 8006.65 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "two pay apps paid at once",
        does: |world| {
            world.receives(
                BILL,
                "9106.65",
                &[(BILL, "8106.65"), (NEXT_BILL, "1000.00")],
            );
        },
        stands: "",
        told: &[
            "pa_1057_2 paid: Partly paid in QuickBooks: 1000.00 of 17242.51. [1000.00; 16242.51 open]",
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "settled with a credit memo in part",
        does: |world| world.credit("2280.00"),
        stands: "",
        told: &[
            "pa_1057_1 paid: Partly paid in QuickBooks: 2280.00 of 8106.65. [2280.00; 5826.65 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "settled with a credit memo and money",
        does: |world| {
            world.receives(BILL, "5826.65", &[(BILL, "8106.65"), (CREDIT, "2280.00")]);
        },
        stands: "",
        told: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    Row {
        what: "the rest of what RIVET recorded in part",
        does: |world| {
            world.receives(PAID_BILL, "23650.00", &[(PAID_BILL, "23650.00")]);
        },
        stands: "",
        told: &[
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "a release paid",
        does: |world| {
            world.receives(RELEASE, "1000.00", &[(RELEASE, "1000.00")]);
        },
        stands: "",
        told: &["rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]"],
        calls: [1, 1],
    },
    Row {
        what: "a release paid in part, with a pay app",
        does: |world| {
            world.receives(
                RELEASE,
                "23950.00",
                &[(RELEASE, "300.00"), (PAID_BILL, "23650.00")],
            );
        },
        stands: "",
        told: &[
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
            "rel_1042_1 paid: Partly paid in QuickBooks: 300.00 of 1000.00. [300.00; 700.00 open]",
        ],
        calls: [1, 1],
    },
    Row {
        what: "paid, and deposited",
        does: |world| {
            let id = world.receives(BILL, "8106.65", &[(BILL, "8106.65")]);
            world.deposit(&id);
        },
        stands: "",
        told: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    Row::no_difference(
        "paid, and un-applied before anybody looked",
        |world| {
            let id = world.receives(BILL, "100.00", &[(BILL, "100.00")]);
            world.person(|person| person.unapply(&id)).unwrap();
        },
        [1, 1],
    ),
    Row {
        what: "RIVET's payment of another amount",
        does: |world| world.change(OWN_PAYMENT, json!({"TotalAmt": 21000})),
        stands: "pay_0001 conflict, Payment: total",
        told: &[
            "pay_0001 changed: Somebody changed the amount of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment applied to less",
        does: |world| {
            world.change(
                OWN_PAYMENT,
                json!({"Line": world.applied(&[(PAID_BILL, "15000.00")])}),
            )
        },
        stands: "pay_0001 conflict, Payment: applied",
        told: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 15000.00 of 43650.00; 5000.00 is not applied to anything. [15000.00; 28650.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "RIVET's payment applied to a release too",
        does: |world| {
            world.change(
                OWN_PAYMENT,
                json!({"Line": world.applied(&[(PAID_BILL, "19000.00"), (RELEASE, "1000.00")])}),
            )
        },
        stands: "pay_0001 conflict, Payment: applied",
        told: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 19000.00 of 43650.00. [19000.00; 24650.00 open]",
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "RIVET's payment of more, applied to the same",
        does: |world| world.change(OWN_PAYMENT, json!({"TotalAmt": 20500})),
        stands: "pay_0001 conflict, Payment: total",
        told: &[
            "pay_0001 changed: Somebody changed the amount of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment on another day",
        does: |world| world.change(OWN_PAYMENT, json!({"TxnDate": "2026-04-30"})),
        stands: "pay_0001 conflict, Payment: date",
        told: &["pay_0001 changed: Somebody changed the date of Payment ACH 88213 in QuickBooks."],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment with another reference",
        does: |world| world.change(OWN_PAYMENT, json!({"PaymentRefNum": "7"})),
        stands: "pay_0001 conflict, Payment: reference",
        told: &[
            "pay_0001 changed: Somebody changed the reference of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment with another private note",
        does: |world| world.change(OWN_PAYMENT, json!({"PrivateNote": "see Bob"})),
        stands: "",
        told: &[
            "pay_0001 noted: Somebody changed the memo of Payment ACH 88213 in QuickBooks. The books say the same.",
        ],
        calls: [2, 1],
    },
    Row {
        what: "RIVET's payment un-applied",
        does: |world| {
            let id = world.id(OWN_PAYMENT);
            world.person(|person| person.unapply(&id)).unwrap();
        },
        stands: "pay_0001 conflict, Payment: applied",
        told: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody took Payment ACH 88213 off what it pays in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row::no_difference(
        "RIVET's payment deposited",
        |world| world.deposit(&world.id(OWN_PAYMENT)),
        [0, 1],
    ),
    Row::no_difference(
        "RIVET's payment deposited, and the deposit deleted",
        |world| {
            world.deposit(&world.id(OWN_PAYMENT));
            world.delete_last("Deposit");
        },
        [0, 1],
    ),
    Row {
        what: "RIVET's payment voided",
        does: |world| world.void(OWN_PAYMENT),
        stands: "pay_0001 conflict, Payment voided",
        told: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody voided Payment ACH 88213 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "RIVET's payment deleted",
        does: |world| world.delete(OWN_PAYMENT),
        stands: "pay_0001 conflict, Payment gone",
        told: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody deleted Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
];
