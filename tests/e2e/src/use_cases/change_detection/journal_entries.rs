//! What somebody does to retainage entries, releases and credit memos.

use super::cases::Row;
use super::edits::{CREDIT, ENTRY, RELEASE};
use serde_json::json;

pub const ROWS: [Row; 24] = [
    Row {
        what: "another amount of the retainage entry",
        does: |world| world.change_amounts(ENTRY, "500.00"),
        stands: "pa_1057_1 conflict, JournalEntry: total lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another customer on one of its lines",
        does: |world| {
            world.change_detail(ENTRY, "Entity", json!({"Type": "Customer", "EntityRef": world.named("Customer", "Turner Bay Constructors")}))
        },
        stands: "pa_1057_1 conflict, JournalEntry: customer",
        told: &[
            "pa_1057_1 changed: Somebody changed the customer of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another account on one of its lines",
        does: |world| {
            world.change_detail(
                ENTRY,
                "AccountRef",
                world.named("Account", "Prepaid Expenses"),
            )
        },
        stands: "pa_1057_1 conflict, JournalEntry: lines",
        told: &[
            "pa_1057_1 changed: Somebody changed the lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another class on one of its lines",
        does: |world| world.change_detail(ENTRY, "ClassRef", world.named("Class", "Overhead")),
        stands: "pa_1057_1 conflict, JournalEntry: class",
        told: &[
            "pa_1057_1 changed: Somebody changed the class of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another number of the entry",
        does: |world| world.change(ENTRY, json!({"DocNumber": "J-7"})),
        stands: "pa_1057_1 conflict, JournalEntry: number",
        told: &[
            "pa_1057_1 changed: Somebody changed the number of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another date of the entry",
        does: |world| world.change(ENTRY, json!({"TxnDate": "2026-04-02"})),
        stands: "pa_1057_1 conflict, JournalEntry: date",
        told: &[
            "pa_1057_1 changed: Somebody changed the date of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another private note on the entry",
        does: |world| world.change(ENTRY, json!({"PrivateNote": "see Bob"})),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the memo of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another description on a line of the entry",
        does: |world| world.change_lines(ENTRY, |lines| lines[0]["Description"] = json!("Held")),
        stands: "",
        told: &[
            "pa_1057_1 noted: Somebody changed the description of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "two more lines in the entry",
        does: |world| world.change_lines(ENTRY, |lines| lines.extend(lines.clone())),
        stands: "pa_1057_1 conflict, JournalEntry: total lines description",
        told: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "the entry voided",
        does: |world| world.void(ENTRY),
        stands: "pa_1057_1 conflict, JournalEntry voided",
        told: &["pa_1057_1 changed: Somebody voided Journal Entry 1057-1R in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "the entry deleted",
        does: |world| world.delete(ENTRY),
        stands: "pa_1057_1 conflict, JournalEntry gone",
        told: &["pa_1057_1 changed: Somebody deleted Journal Entry 1057-1R in QuickBooks."],
        calls: [3, 2],
    },
    Row {
        what: "another amount of a credit memo",
        does: |world| world.change_amount(CREDIT, "2000.00"),
        stands: "pa_1057_3 conflict, CreditMemo: total balance lines",
        told: &[
            "pa_1057_3 changed: Somebody changed the amount and lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another customer of a credit memo",
        does: |world| {
            world.change(
                CREDIT,
                json!({"CustomerRef": world.named("Customer", "Turner Bay Constructors")}),
            )
        },
        stands: "pa_1057_3 conflict, CreditMemo: customer",
        told: &[
            "pa_1057_3 changed: Somebody changed the customer of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another item on a credit memo",
        does: |world| world.change_detail(CREDIT, "ItemRef", world.named("Item", "Service calls")),
        stands: "pa_1057_3 conflict, CreditMemo: lines",
        told: &[
            "pa_1057_3 changed: Somebody changed the lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another class on a credit memo",
        does: |world| world.change_detail(CREDIT, "ClassRef", world.named("Class", "Overhead")),
        stands: "pa_1057_3 conflict, CreditMemo: class",
        told: &[
            "pa_1057_3 changed: Somebody changed the class of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    Row {
        what: "another number of a credit memo",
        does: |world| world.change(CREDIT, json!({"DocNumber": "C-7"})),
        stands: "pa_1057_3 conflict, CreditMemo: number",
        told: &[
            "pa_1057_3 changed: Somebody changed the number of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another date of a credit memo",
        does: |world| world.change(CREDIT, json!({"TxnDate": "2026-08-02"})),
        stands: "pa_1057_3 conflict, CreditMemo: date",
        told: &[
            "pa_1057_3 changed: Somebody changed the date of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "another memo on a credit memo",
        does: |world| world.change(CREDIT, json!({"CustomerMemo": {"value": "Sorry"}})),
        stands: "",
        told: &[
            "pa_1057_3 noted: Somebody changed the customer message of Credit Memo 1057-3 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    Row {
        what: "a credit memo voided",
        does: |world| world.void(CREDIT),
        stands: "pa_1057_3 conflict, CreditMemo voided",
        told: &["pa_1057_3 changed: Somebody voided Credit Memo 1057-3 in QuickBooks."],
        calls: [2, 2],
    },
    Row {
        what: "a credit memo deleted",
        does: |world| world.delete(CREDIT),
        stands: "pa_1057_3 conflict, CreditMemo gone",
        told: &["pa_1057_3 changed: Somebody deleted Credit Memo 1057-3 in QuickBooks."],
        calls: [3, 2],
    },
    Row {
        what: "another amount of a release",
        does: |world| world.change_amounts(RELEASE, "900.00"),
        stands: "rel_1042_1 conflict, JournalEntry: total lines",
        told: &[
            "rel_1042_1 changed: Somebody changed the amount and lines of Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "another date of a release",
        does: |world| world.change(RELEASE, json!({"TxnDate": "2026-06-16"})),
        stands: "rel_1042_1 conflict, JournalEntry: date",
        told: &[
            "rel_1042_1 changed: Somebody changed the date of Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "another private note on a release",
        does: |world| world.change(RELEASE, json!({"PrivateNote": "see Bob"})),
        stands: "",
        told: &[
            "rel_1042_1 noted: Somebody changed the memo of Journal Entry 1042-REL-mk2mga in QuickBooks. The books say the same.",
        ],
        calls: [1, 1],
    },
    Row {
        what: "a release deleted",
        does: |world| world.delete(RELEASE),
        stands: "rel_1042_1 conflict, JournalEntry gone",
        told: &[
            "rel_1042_1 changed: Somebody deleted Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 1],
    },
];
