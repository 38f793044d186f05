//! What somebody does to an invoice.

use super::cases::Row;
use super::edits::{BILL, ENTRY};
use serde_json::{Value, json};

pub const ROWS: [Row; 26] = [
    Row {
        what: "another amount on its first line",
        does: |world| world.change_amount(BILL, "7000.00"),
        stands: "pa_1057_1 conflict, Invoice: total balance lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another customer",
        does: |world| {
            world.change(
                BILL,
                json!({"CustomerRef": world.named("Customer", "Turner Bay Constructors")}),
            )
        },
        stands: "pa_1057_1 conflict, Invoice: customer",
        told: &[
            "pa_1057_1 changed: Somebody changed the customer of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another item, and with it another account",
        does: |world| world.change_detail(BILL, "ItemRef", world.named("Item", "Service calls")),
        stands: "pa_1057_1 conflict, Invoice: lines",
        told: &["pa_1057_1 changed: Somebody changed the lines of Invoice 1057-1 in QuickBooks."],
        calls: [3, 3],
    },
    Row {
        what: "another class on a line",
        does: |world| world.change_detail(BILL, "ClassRef", world.named("Class", "Overhead")),
        stands: "pa_1057_1 conflict, Invoice: class",
        told: &["pa_1057_1 changed: Somebody changed the class of Invoice 1057-1 in QuickBooks."],
        calls: [3, 3],
    },
    Row {
        what: "no class on a line",
        does: |world| world.change_detail(BILL, "ClassRef", Value::Null),
        stands: "pa_1057_1 conflict, Invoice: class",
        told: &["pa_1057_1 changed: Somebody changed the class of Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "another number",
        does: |world| world.change(BILL, json!({"DocNumber": "P-17"})),
        stands: "pa_1057_1 conflict, Invoice: number",
        told: &["pa_1057_1 changed: Somebody changed the number of Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "another date",
        does: |world| world.change(BILL, json!({"TxnDate": "2026-04-02"})),
        stands: "pa_1057_1 conflict, Invoice: date",
        told: &["pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "another memo for the customer",
        does: |world| world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}})),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another private note",
        does: |world| world.change(BILL, json!({"PrivateNote": "see Bob"})),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the memo of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another due date",
        does: |world| world.change(BILL, json!({"DueDate": "2026-06-30"})),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the due date of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "other terms",
        does: |world| {
            world.change(
                BILL,
                json!({"SalesTermRef": world.named("Term", "Net 15"), "DueDate": null}),
            )
        },
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the due date of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row::no_difference(
        "another address to send it to",
        |world| {
            world.change(
                BILL,
                json!({"BillEmail": {"Address": "ap@ashgrove.example"}}),
            )
        },
        [1, 1],
    ),
    Row::no_difference(
        "sent to the customer",
        |world| {
            let id = world.id(BILL);
            world
                .person(|person| person.email(&id, "ap@ashgrove.example"))
                .unwrap();
        },
        [1, 1],
    ),
    Row {
        what: "another description on a line",
        does: |world| world.change_lines(BILL, |lines| lines[0]["Description"] = json!("Work")),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the description of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "one more line",
        does: |world| {
            world.change_lines(BILL, |lines| lines.push(json!({"Amount": 100, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": lines[0]["SalesItemLineDetail"]})))
        },
        stands: "pa_1057_1 conflict, Invoice: total balance lines description",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "one line less",
        does: |world| world.change_lines(BILL, |lines| drop(lines.remove(1))),
        stands: "pa_1057_1 conflict, Invoice: total balance lines description",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row::no_difference(
        "a line of text",
        |world| {
            world.change_lines(BILL, |lines| lines.push(json!({"Description": "Thank you", "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}})))
        },
        [1, 1],
    ),
    Row {
        what: "its lines in another order",
        does: |world| world.change_lines(BILL, |lines| lines.reverse()),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the lines and description of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "voided",
        does: |world| world.void(BILL),
        stands: "pa_1057_1 conflict, Invoice voided",
        told: &["pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "deleted",
        does: |world| world.delete(BILL),
        stands: "pa_1057_1 conflict, Invoice gone",
        told: &["pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks."],
        calls: [3, 2],
    },
    Row {
        what: "another memo and another private note at once",
        does: |world| {
            world.change(
                BILL,
                json!({"CustomerMemo": {"value": "Thank you"}, "PrivateNote": "see Bob"}),
            )
        },
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the memo and customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another amount, date and memo at once",
        does: |world| {
            world.change_amounts(BILL, "1000.00");
            world.change(
                BILL,
                json!({"TxnDate": "2026-04-02", "PrivateNote": "see Bob"}),
            );
        },
        stands: "pa_1057_1 conflict, Invoice: date total balance private_note lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the date, amount and lines of Invoice 1057-1 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row::no_difference(
        "edited, and put back before anybody looked",
        |world| {
            let date = world.standing(BILL)["TxnDate"].clone();
            world.change(BILL, json!({"TxnDate": "2026-04-02"}));
            world.change(BILL, json!({"TxnDate": date}));
        },
        [1, 1],
    ),
    Row {
        what: "voided, and its retainage entry deleted",
        does: |world| {
            world.void(BILL);
            world.delete(ENTRY);
        },
        stands: "pa_1057_1 conflict, Invoice voided, JournalEntry gone",
        told: &[
            "pa_1057_1 changed: Somebody voided Invoice 1057-1 and deleted Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 1],
    },
    Row {
        what: "another memo, and another note on its retainage entry",
        does: |world| {
            world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}}));
            world.change(ENTRY, json!({"PrivateNote": "see Bob"}));
        },
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 and changed the memo of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "another amount, and partly paid",
        does: |world| {
            world.change_amount(BILL, "7000.00");
            world.receives(BILL, "100.00", &[(BILL, "100.00")]);
        },
        stands: "pa_1057_1 conflict, Invoice: state total balance lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.",
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 9089.99. [100.00; 8989.99 open]",
        ],
        calls: [2, 2],
    },
];
