//! Edits of retainage entries, releases and credit memos.

use super::cases::{EditCase, check};
use super::edits::{CREDIT_MEMO, ENTRY, RELEASE};
use mapping::RetainageMethod;
use serde_json::json;

pub const CASES: [EditCase; 24] = [
    EditCase {
        name: "another amount of the retainage entry",
        edit: |world| world.change_amounts(ENTRY, "500.00"),
        unposted: "pa_1057_1 conflict, JournalEntry: total lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another customer on one of its lines",
        edit: |world| {
            world.change_detail(ENTRY, "Entity", json!({"Type": "Customer", "EntityRef": world.list_reference("Customer", "Turner Bay Constructors")}))
        },
        unposted: "pa_1057_1 conflict, JournalEntry: customer",
        activity: &[
            "pa_1057_1 changed: Somebody changed the customer of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another account on one of its lines",
        edit: |world| {
            world.change_detail(
                ENTRY,
                "AccountRef",
                world.list_reference("Account", "Prepaid Expenses"),
            )
        },
        unposted: "pa_1057_1 conflict, JournalEntry: lines",
        activity: &[
            "pa_1057_1 changed: Somebody changed the lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another class on one of its lines",
        edit: |world| {
            world.change_detail(ENTRY, "ClassRef", world.list_reference("Class", "Overhead"))
        },
        unposted: "pa_1057_1 conflict, JournalEntry: class",
        activity: &[
            "pa_1057_1 changed: Somebody changed the class of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another number of the entry",
        edit: |world| world.change_object(ENTRY, json!({"DocNumber": "J-7"})),
        unposted: "pa_1057_1 conflict, JournalEntry: number",
        activity: &[
            "pa_1057_1 changed: Somebody changed the number of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another date of the entry",
        edit: |world| world.change_object(ENTRY, json!({"TxnDate": "2026-04-02"})),
        unposted: "pa_1057_1 conflict, JournalEntry: date",
        activity: &[
            "pa_1057_1 changed: Somebody changed the date of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another private note on the entry",
        edit: |world| world.change_object(ENTRY, json!({"PrivateNote": "see Bob"})),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the memo of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another description on a line of the entry",
        edit: |world| world.change_lines(ENTRY, |lines| lines[0]["Description"] = json!("Held")),
        unposted: "",
        activity: &[
            "pa_1057_1 noted: Somebody changed the description of Journal Entry 1057-1R in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "two more lines in the entry",
        edit: |world| world.change_lines(ENTRY, |lines| lines.extend(lines.clone())),
        unposted: "pa_1057_1 conflict, JournalEntry: total lines description",
        activity: &[
            "pa_1057_1 changed: Somebody changed the amount and lines of Journal Entry 1057-1R in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "the entry voided",
        edit: |world| world.void_object(ENTRY),
        unposted: "pa_1057_1 conflict, JournalEntry voided",
        activity: &["pa_1057_1 changed: Somebody voided Journal Entry 1057-1R in QuickBooks."],
        calls: [2, 2],
    },
    EditCase {
        name: "the entry deleted",
        edit: |world| world.delete_object(ENTRY),
        unposted: "pa_1057_1 conflict, JournalEntry gone",
        activity: &["pa_1057_1 changed: Somebody deleted Journal Entry 1057-1R in QuickBooks."],
        calls: [3, 2],
    },
    EditCase {
        name: "another amount of a credit memo",
        edit: |world| world.change_amount(CREDIT_MEMO, "2000.00"),
        unposted: "pa_1057_3 conflict, CreditMemo: total balance lines",
        activity: &[
            "pa_1057_3 changed: Somebody changed the amount and lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another customer of a credit memo",
        edit: |world| {
            world.change_object(
                CREDIT_MEMO,
                json!({"CustomerRef": world.list_reference("Customer", "Turner Bay Constructors")}),
            )
        },
        unposted: "pa_1057_3 conflict, CreditMemo: customer",
        activity: &[
            "pa_1057_3 changed: Somebody changed the customer of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another item on a credit memo",
        edit: |world| {
            world.change_detail(
                CREDIT_MEMO,
                "ItemRef",
                world.list_reference("Item", "Service calls"),
            )
        },
        unposted: "pa_1057_3 conflict, CreditMemo: lines",
        activity: &[
            "pa_1057_3 changed: Somebody changed the lines of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another class on a credit memo",
        edit: |world| {
            world.change_detail(
                CREDIT_MEMO,
                "ClassRef",
                world.list_reference("Class", "Overhead"),
            )
        },
        unposted: "pa_1057_3 conflict, CreditMemo: class",
        activity: &[
            "pa_1057_3 changed: Somebody changed the class of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [3, 3],
    },
    EditCase {
        name: "another number of a credit memo",
        edit: |world| world.change_object(CREDIT_MEMO, json!({"DocNumber": "C-7"})),
        unposted: "pa_1057_3 conflict, CreditMemo: number",
        activity: &[
            "pa_1057_3 changed: Somebody changed the number of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another date of a credit memo",
        edit: |world| world.change_object(CREDIT_MEMO, json!({"TxnDate": "2026-08-02"})),
        unposted: "pa_1057_3 conflict, CreditMemo: date",
        activity: &[
            "pa_1057_3 changed: Somebody changed the date of Credit Memo 1057-3 in QuickBooks.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "another memo on a credit memo",
        edit: |world| world.change_object(CREDIT_MEMO, json!({"CustomerMemo": {"value": "Sorry"}})),
        unposted: "",
        activity: &[
            "pa_1057_3 noted: Somebody changed the customer message of Credit Memo 1057-3 in QuickBooks. The books say the same.",
        ],
        calls: [2, 2],
    },
    EditCase {
        name: "a credit memo voided",
        edit: |world| world.void_object(CREDIT_MEMO),
        unposted: "pa_1057_3 conflict, CreditMemo voided",
        activity: &["pa_1057_3 changed: Somebody voided Credit Memo 1057-3 in QuickBooks."],
        calls: [2, 2],
    },
    EditCase {
        name: "a credit memo deleted",
        edit: |world| world.delete_object(CREDIT_MEMO),
        unposted: "pa_1057_3 conflict, CreditMemo gone",
        activity: &["pa_1057_3 changed: Somebody deleted Credit Memo 1057-3 in QuickBooks."],
        calls: [3, 2],
    },
    EditCase {
        name: "another amount of a release",
        edit: |world| world.change_amounts(RELEASE, "900.00"),
        unposted: "rel_1042_1 conflict, JournalEntry: total lines",
        activity: &[
            "rel_1042_1 changed: Somebody changed the amount and lines of Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "another date of a release",
        edit: |world| world.change_object(RELEASE, json!({"TxnDate": "2026-06-16"})),
        unposted: "rel_1042_1 conflict, JournalEntry: date",
        activity: &[
            "rel_1042_1 changed: Somebody changed the date of Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "another private note on a release",
        edit: |world| world.change_object(RELEASE, json!({"PrivateNote": "see Bob"})),
        unposted: "",
        activity: &[
            "rel_1042_1 noted: Somebody changed the memo of Journal Entry 1042-REL-mk2mga in QuickBooks. The books say the same.",
        ],
        calls: [1, 1],
    },
    EditCase {
        name: "a release deleted",
        edit: |world| world.delete_object(RELEASE),
        unposted: "rel_1042_1 conflict, JournalEntry gone",
        activity: &[
            "rel_1042_1 changed: Somebody deleted Journal Entry 1042-REL-mk2mga in QuickBooks.",
        ],
        calls: [2, 1],
    },
];

#[test]
fn entry_and_credit_memo_edits_are_detected() {
    check(&CASES, RetainageMethod::JournalEntry);
}
