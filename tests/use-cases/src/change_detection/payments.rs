//! Payments that a person enters, moves or removes in QuickBooks.

use super::cases::{EditCase, check};
use super::edits::{CREDIT_MEMO, INVOICE, NEXT_INVOICE, PAID_INVOICE, RELEASE, RIVET_PAYMENT};
use mapping::RetainageMethod;
use serde_json::json;

pub const CASES: [EditCase; 27] = [
    EditCase {
        name: "paid",
        edit: |world| {
            world.enter_payment(INVOICE, "8106.65", &[(INVOICE, "8106.65")]);
        },
        unposted: "",
        activity: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    EditCase {
        name: "paid in part",
        edit: |world| {
            world.enter_payment(INVOICE, "100.00", &[(INVOICE, "100.00")]);
        },
        unposted: "",
        activity: &[
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65. [100.00; 8006.65 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "paid in two parts",
        edit: |world| {
            for amount in ["100.00", "8006.65"] {
                world.enter_payment(INVOICE, amount, &[(INVOICE, amount)]);
            }
        },
        unposted: "",
        activity: &[
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [100.00 + 8006.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "overpaid",
        edit: |world| {
            world.enter_payment(INVOICE, "8200.00", &[(INVOICE, "8106.65")]);
        },
        unposted: "",
        activity: &[
            "pa_1057_1 paid: Overpaid in QuickBooks: 8106.65 of 8106.65; 93.35 is not applied to anything. [8106.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase::without_difference(
        "a payment that is not applied",
        |world| {
            world.enter_payment(INVOICE, "500.00", &[]);
        },
        [1, 1],
    ),
    EditCase {
        name: "paid in part by a larger payment",
        edit: |world| {
            world.enter_payment(INVOICE, "500.00", &[(INVOICE, "100.00")]);
        },
        unposted: "",
        activity: &[
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65; 400.00 is not applied to anything. [100.00; 8006.65 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "two pay apps paid at once",
        edit: |world| {
            world.enter_payment(
                INVOICE,
                "9106.65",
                &[(INVOICE, "8106.65"), (NEXT_INVOICE, "1000.00")],
            );
        },
        unposted: "",
        activity: &[
            "pa_1057_2 paid: Partly paid in QuickBooks: 1000.00 of 17242.51. [1000.00; 16242.51 open]",
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "partly settled with a credit memo",
        edit: |world| world.apply_credit_memo("2280.00"),
        unposted: "",
        activity: &[
            "pa_1057_1 paid: Partly settled with a credit, not with money, in QuickBooks: 2280.00 of 8106.65. [; 5826.65 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "settled with a credit memo and money",
        edit: |world| {
            world.enter_payment(
                INVOICE,
                "5826.65",
                &[(INVOICE, "8106.65"), (CREDIT_MEMO, "2280.00")],
            );
        },
        unposted: "",
        activity: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    EditCase {
        name: "the rest of a partly paid invoice",
        edit: |world| {
            world.enter_payment(PAID_INVOICE, "23650.00", &[(PAID_INVOICE, "23650.00")]);
        },
        unposted: "",
        activity: &[
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "a release paid",
        edit: |world| {
            world.enter_payment(RELEASE, "1000.00", &[(RELEASE, "1000.00")]);
        },
        unposted: "",
        activity: &[
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "a release paid in part, with a pay app",
        edit: |world| {
            world.enter_payment(
                RELEASE,
                "23950.00",
                &[(RELEASE, "300.00"), (PAID_INVOICE, "23650.00")],
            );
        },
        unposted: "",
        activity: &[
            "pa_1042_1 paid: Paid in QuickBooks: 43650.00 of 43650.00. [23650.00 + 20000.00; 0.00 open]",
            "rel_1042_1 paid: Partly paid in QuickBooks: 300.00 of 1000.00. [300.00; 700.00 open]",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "paid, and deposited",
        edit: |world| {
            let id = world.enter_payment(INVOICE, "8106.65", &[(INVOICE, "8106.65")]);
            world.deposit(&id);
        },
        unposted: "",
        activity: &["pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [8106.65; 0.00 open]"],
        calls: [1, 1],
    },
    EditCase::without_difference(
        "paid, and unapplied before the scan",
        |world| {
            let id = world.enter_payment(INVOICE, "100.00", &[(INVOICE, "100.00")]);
            world.person(|person| person.unapply(&id)).unwrap();
        },
        [1, 1],
    ),
    EditCase {
        name: "RIVET's payment with another amount",
        edit: |world| world.change_object(RIVET_PAYMENT, json!({"TotalAmt": 21000})),
        unposted: "pay_0001 conflict, Payment: total",
        activity: &[
            "pay_0001 changed: Somebody changed the amount of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment applied to a smaller part",
        edit: |world| {
            world.change_object(
                RIVET_PAYMENT,
                json!({"Line": world.payment_lines(&[(PAID_INVOICE, "15000.00")])}),
            )
        },
        unposted: "pay_0001 conflict, Payment: applied unapplied_amount",
        activity: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 15000.00 of 43650.00; 5000.00 is not applied to anything. [15000.00; 28650.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "RIVET's payment applied to a release too",
        edit: |world| {
            world.change_object(
                RIVET_PAYMENT,
                json!({"Line": world.payment_lines(&[(PAID_INVOICE, "19000.00"), (RELEASE, "1000.00")])}),
            )
        },
        unposted: "pay_0001 conflict, Payment: applied",
        activity: &[
            "pa_1042_1 paid: Partly paid in QuickBooks: 19000.00 of 43650.00. [19000.00; 24650.00 open]",
            "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]",
            "pay_0001 changed: Somebody applied Payment ACH 88213 otherwise in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "RIVET's payment increased, and applied as before",
        edit: |world| world.change_object(RIVET_PAYMENT, json!({"TotalAmt": 20500})),
        unposted: "pay_0001 conflict, Payment: total",
        activity: &[
            "pay_0001 changed: Somebody changed the amount of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment on another day",
        edit: |world| world.change_object(RIVET_PAYMENT, json!({"TxnDate": "2026-04-30"})),
        unposted: "pay_0001 conflict, Payment: date",
        activity: &[
            "pay_0001 changed: Somebody changed the date of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment with another reference",
        edit: |world| world.change_object(RIVET_PAYMENT, json!({"PaymentRefNum": "7"})),
        unposted: "pay_0001 conflict, Payment: reference",
        activity: &[
            "pay_0001 changed: Somebody changed the reference of Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment with another private note",
        edit: |world| world.change_object(RIVET_PAYMENT, json!({"PrivateNote": "see Bob"})),
        unposted: "",
        activity: &[
            "pay_0001 noted: Somebody changed the memo of Payment ACH 88213 in QuickBooks. The books say the same.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "RIVET's payment unapplied",
        edit: |world| {
            let id = world.object_id(RIVET_PAYMENT);
            world.person(|person| person.unapply(&id)).unwrap();
        },
        unposted: "pay_0001 conflict, Payment: applied unapplied_amount",
        activity: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody took Payment ACH 88213 off what it pays in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase::without_difference(
        "RIVET's payment deposited",
        |world| world.deposit(&world.object_id(RIVET_PAYMENT)),
        [0, 1],
    ),
    EditCase::without_difference(
        "RIVET's payment deposited, and the deposit deleted",
        |world| {
            world.deposit(&world.object_id(RIVET_PAYMENT));
            world.delete_last("Deposit");
        },
        [0, 1],
    ),
    EditCase {
        name: "an invoice moved to a job of its customer",
        edit: |world| world.move_to_job(INVOICE, "Clinic job"),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody moved Invoice 1057-1 to Ashgrove Builders, Inc.:Clinic job in QuickBooks. The books say the same.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "RIVET's payment voided",
        edit: |world| world.void_object(RIVET_PAYMENT),
        unposted: "pay_0001 conflict, Payment voided",
        activity: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody voided Payment ACH 88213 in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "RIVET's payment deleted",
        edit: |world| world.delete_object(RIVET_PAYMENT),
        unposted: "pay_0001 conflict, Payment gone",
        activity: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody deleted Payment ACH 88213 in QuickBooks.",
        ],
        calls: [2, 1],
    },
];

#[test]
fn payment_changes_are_detected() {
    check(&CASES, RetainageMethod::JournalEntry);
}
