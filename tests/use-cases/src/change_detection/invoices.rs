//! Edits of invoices.

use super::cases::{EditCase, check};
use super::edits::{ENTRY, INVOICE};
use mapping::RetainageMethod;
use serde_json::{Value, json};

pub const CASES: [EditCase; 26] = [
    EditCase {
        name: "another amount on its first line",
        edit: |world| world.change_amount(INVOICE, "7000.00"),
        unposted: "pa_1057_1 conflict, Invoice: total balance lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another customer",
        edit: |world| {
            world.change_object(
                INVOICE,
                json!({"CustomerRef": world.list_reference("Customer", "Turner Bay Constructors")}),
            )
        },
        unposted: "pa_1057_1 conflict, Invoice: customer",
        activity: &[
            "pa_1057_1 changed: Somebody changed the customer of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another item, and with it another account",
        edit: |world| {
            world.change_detail(
                INVOICE,
                "ItemRef",
                world.list_reference("Item", "Service calls"),
            )
        },
        unposted: "pa_1057_1 conflict, Invoice: lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another class on a line",
        edit: |world| {
            world.change_detail(
                INVOICE,
                "ClassRef",
                world.list_reference("Class", "Overhead"),
            )
        },
        unposted: "pa_1057_1 conflict, Invoice: class",
        activity: &[
            "pa_1057_1 changed: Somebody changed the class of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "no class on a line",
        edit: |world| world.change_detail(INVOICE, "ClassRef", Value::Null),
        unposted: "pa_1057_1 conflict, Invoice: class",
        activity: &[
            "pa_1057_1 changed: Somebody changed the class of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another number",
        edit: |world| world.change_object(INVOICE, json!({"DocNumber": "P-17"})),
        unposted: "pa_1057_1 conflict, Invoice: number",
        activity: &[
            "pa_1057_1 changed: Somebody changed the number of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another date",
        edit: |world| world.change_object(INVOICE, json!({"TxnDate": "2026-04-02"})),
        unposted: "pa_1057_1 conflict, Invoice: date",
        activity: &[
            "pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another memo for the customer",
        edit: |world| world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}})),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another private note",
        edit: |world| world.change_object(INVOICE, json!({"PrivateNote": "see Bob"})),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the memo of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another due date",
        edit: |world| world.change_object(INVOICE, json!({"DueDate": "2026-06-30"})),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the due date of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "other terms",
        edit: |world| {
            world.change_object(
                INVOICE,
                json!({"SalesTermRef": world.list_reference("Term", "Net 15"), "DueDate": null}),
            )
        },
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the due date of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase::without_difference(
        "another address to send it to",
        |world| {
            world.change_object(
                INVOICE,
                json!({"BillEmail": {"Address": "ap@ashgrove.example"}}),
            )
        },
        [1, 1],
    ),
    EditCase::without_difference(
        "sent to the customer",
        |world| {
            let id = world.object_id(INVOICE);
            world
                .person(|person| person.email(&id, "ap@ashgrove.example"))
                .unwrap();
        },
        [1, 1],
    ),
    EditCase {
        name: "another description on a line",
        edit: |world| world.change_lines(INVOICE, |lines| lines[0]["Description"] = json!("Work")),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the description of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "one more line",
        edit: |world| {
            world.change_lines(INVOICE, |lines| lines.push(json!({"Amount": 100, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": lines[0]["SalesItemLineDetail"]})))
        },
        unposted: "pa_1057_1 conflict, Invoice: total balance lines description",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "one line less",
        edit: |world| world.change_lines(INVOICE, |lines| drop(lines.remove(1))),
        unposted: "pa_1057_1 conflict, Invoice: total balance lines description",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase::without_difference(
        "a line of text",
        |world| {
            world.change_lines(INVOICE, |lines| lines.push(json!({"Description": "Thank you", "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}})))
        },
        [1, 1],
    ),
    EditCase {
        name: "lines in another order",
        edit: |world| world.change_lines(INVOICE, |lines| lines.reverse()),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the lines and description of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "voided",
        edit: |world| world.void_object(INVOICE),
        unposted: "pa_1057_1 conflict, Invoice voided",
        activity: &["pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    EditCase {
        name: "deleted",
        edit: |world| world.delete_object(INVOICE),
        unposted: "pa_1057_1 conflict, Invoice gone",
        activity: &["pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks."],
        calls: [3, 2],
    },
    EditCase {
        name: "another memo and another private note at once",
        edit: |world| {
            world.change_object(
                INVOICE,
                json!({"CustomerMemo": {"value": "Thank you"}, "PrivateNote": "see Bob"}),
            )
        },
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the memo and customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another amount, date and memo at once",
        edit: |world| {
            world.change_amounts(INVOICE, "1000.00");
            world.change_object(
                INVOICE,
                json!({"TxnDate": "2026-04-02", "PrivateNote": "see Bob"}),
            );
        },
        unposted: "pa_1057_1 conflict, Invoice: date total balance private_note lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the date, amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase::without_difference(
        "edited, and reverted before the scan",
        |world| {
            let date = world.object(INVOICE)["TxnDate"].clone();
            world.change_object(INVOICE, json!({"TxnDate": "2026-04-02"}));
            world.change_object(INVOICE, json!({"TxnDate": date}));
        },
        [1, 1],
    ),
    EditCase {
        name: "voided, and its retainage entry deleted",
        edit: |world| {
            world.void_object(INVOICE);
            world.delete_object(ENTRY);
        },
        unposted: "pa_1057_1 conflict, Invoice voided, JournalEntry gone",
        activity: &[
            "pa_1057_1 changed: Somebody voided Invoice 1057-1 and deleted Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 1],
    },
    EditCase {
        name: "another memo, and another note on its retainage entry",
        edit: |world| {
            world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}}));
            world.change_object(ENTRY, json!({"PrivateNote": "see Bob"}));
        },
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 and changed the memo of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "another amount, and partly paid",
        edit: |world| {
            world.change_amount(INVOICE, "7000.00");
            world.enter_payment(INVOICE, "100.00", &[(INVOICE, "100.00")]);
        },
        unposted: "pa_1057_1 conflict, Invoice: state total balance lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 9089.99. [100.00; 8989.99 open]",
        ],
        calls: [2, 2],
    },
];

#[test]
fn invoice_edits_are_detected() {
    check(&CASES, RetainageMethod::JournalEntry);
}
