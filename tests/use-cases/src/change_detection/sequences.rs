//! Sequences of edits: RIVET is notified of each edit once, and of its end.

use super::cases::{Detection, describe, firm_with_documents};
use super::edits::{ENTRY, INVOICE, NEXT_INVOICE, PAID_INVOICE, RELEASE, RIVET_PAYMENT};
use crate::support::world::World;
use mapping::RetainageMethod;
use serde_json::{Value, json};

/// Edits that are detected one after the other, with all their activity and the final conflicts.
struct SequenceCase {
    name: &'static str,
    edits: &'static [fn(&World)],
    activity: &'static [&'static str],
    unposted: &'static str,
}

impl World {
    /// Unapplies the last payment.
    fn unapply_last(&self) {
        let id = self.last_id("Payment");
        self.person(|person| person.unapply(&id)).unwrap();
    }

    fn change_payment(&self, change: Value) {
        let id = self.last_id("Payment");
        self.person(|person| person.edit("Payment", &id, change))
            .unwrap();
    }
}

/// The activity after a payment of 100.00 for the first pay app, and after its removal.
const PARTLY_PAID: &str =
    "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65. [100.00; 8006.65 open]";
const NOT_PAID: &str =
    "pa_1057_1 paid: Not paid any more in QuickBooks: 0.00 of 8106.65. [; 8106.65 open]";
const UNAPPLIED: &str = "pa_1057_1 paid: Not paid any more in QuickBooks: 0.00 of 8106.65; 100.00 is not applied to anything. [; 8106.65 open]";

const RELEASE_PAID: &str =
    "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]";
const RELEASE_NOT_PAID: &str =
    "rel_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 1000.00. [; 1000.00 open]";
const RELEASE_UNAPPLIED: &str = "rel_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 1000.00; 1000.00 is not applied to anything. [; 1000.00 open]";

const AMOUNT_CHANGED: &str =
    "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.";
const DATE_CHANGED: &str =
    "pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 in QuickBooks.";

const CASES: &[SequenceCase] = &[
    SequenceCase {
        name: "paid, and unapplied",
        edits: &[pay_part, World::unapply_last],
        activity: &[PARTLY_PAID, UNAPPLIED],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and the payment voided",
        edits: &[pay_part, |world| world.void_last("Payment")],
        activity: &[PARTLY_PAID, NOT_PAID],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and the payment deleted",
        edits: &[pay_part, |world| world.delete_last("Payment")],
        activity: &[PARTLY_PAID, NOT_PAID],
        unposted: "",
    },
    SequenceCase {
        name: "paid in part, and then the rest",
        edits: &[pay_part, |world| {
            drop(world.enter_payment(INVOICE, "8006.65", &[(INVOICE, "8006.65")]))
        }],
        activity: &[
            PARTLY_PAID,
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [100.00 + 8006.65; 0.00 open]",
        ],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and the payment moved to the next pay app",
        edits: &[pay_part, |world| {
            let lines = world.payment_lines(&[(NEXT_INVOICE, "100.00")]);
            world.change_payment(json!({ "Line": lines }));
        }],
        activity: &[
            PARTLY_PAID,
            "pa_1057_2 paid: Partly paid in QuickBooks: 100.00 of 17242.51. [100.00; 17142.51 open]",
            NOT_PAID,
        ],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and the payment raised",
        edits: &[pay_part, |world| {
            let lines = world.payment_lines(&[(INVOICE, "250.00")]);
            world.change_payment(json!({ "TotalAmt": 250, "Line": lines }));
        }],
        activity: &[
            PARTLY_PAID,
            "pa_1057_1 paid: Partly paid in QuickBooks: 250.00 of 8106.65. [250.00; 7856.65 open]",
        ],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and the payment's date changed",
        edits: &[pay_part, |world| {
            world.change_payment(json!({"TxnDate": "2026-04-21"}))
        }],
        activity: &[PARTLY_PAID],
        unposted: "",
    },
    SequenceCase {
        name: "paid, and deposited later",
        edits: &[pay_part, |world| world.deposit(&world.last_id("Payment"))],
        activity: &[PARTLY_PAID],
        unposted: "",
    },
    SequenceCase {
        name: "a release paid, and the payment deleted",
        edits: &[pay_release, |world| world.delete_last("Payment")],
        activity: &[RELEASE_PAID, RELEASE_NOT_PAID],
        unposted: "",
    },
    SequenceCase {
        name: "a release paid, and the payment unapplied",
        edits: &[pay_release, World::unapply_last],
        activity: &[RELEASE_PAID, RELEASE_UNAPPLIED],
        unposted: "",
    },
    SequenceCase {
        name: "a release paid, and the payment moved to a pay app",
        edits: &[pay_release, |world| {
            let lines = world.payment_lines(&[(PAID_INVOICE, "1000.00")]);
            world.change_payment(json!({ "Line": lines }));
        }],
        activity: &[
            RELEASE_PAID,
            "pa_1042_1 paid: Partly paid in QuickBooks: 21000.00 of 43650.00. [1000.00 + 20000.00; 22650.00 open]",
            RELEASE_NOT_PAID,
        ],
        unposted: "",
    },
    SequenceCase {
        name: "RIVET's payment unapplied, and applied again",
        edits: &[
            |world| world.change_object(RIVET_PAYMENT, json!({"Line": []})),
            |world| {
                let lines = world.payment_lines(&[(PAID_INVOICE, "20000.00")]);
                world.change_object(RIVET_PAYMENT, json!({ "Line": lines }));
            },
        ],
        activity: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody took Payment ACH 88213 off what it pays in QuickBooks.",
            "pa_1042_1 paid: Partly paid in QuickBooks: 20000.00 of 43650.00. [20000.00; 23650.00 open]",
            "pay_0001 posted: It stands in QuickBooks again as RIVET posted it.",
        ],
        unposted: "",
    },
    SequenceCase {
        name: "amount changed twice",
        edits: &[
            |world| world.change_amount(INVOICE, "7000.00"),
            |world| world.change_amount(INVOICE, "7100.00"),
        ],
        activity: &[AMOUNT_CHANGED, AMOUNT_CHANGED],
        unposted: "pa_1057_1 conflict, Invoice: total balance lines",
    },
    SequenceCase {
        name: "another amount, and another memo",
        edits: &[
            |world| world.change_amount(INVOICE, "7000.00"),
            |world| world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}})),
        ],
        activity: &[AMOUNT_CHANGED],
        unposted: "pa_1057_1 conflict, Invoice: total balance customer_memo lines",
    },
    SequenceCase {
        name: "another memo, another date, and the date reverted",
        edits: &[
            |world| world.change_object(INVOICE, json!({"CustomerMemo": {"value": "Thank you"}})),
            |world| world.change_object(INVOICE, json!({"TxnDate": "2026-04-02"})),
            |world| world.change_object(INVOICE, json!({"TxnDate": "2026-03-31"})),
        ],
        activity: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
            DATE_CHANGED,
            "pa_1057_1 posted: It stands in QuickBooks again as RIVET posted it.",
        ],
        unposted: "",
    },
    SequenceCase {
        name: "another amount, and then paid",
        edits: &[|world| world.change_amount(INVOICE, "7000.00"), pay_part],
        activity: &[
            AMOUNT_CHANGED,
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 9089.99. [100.00; 8989.99 open]",
        ],
        unposted: "pa_1057_1 conflict, Invoice: state total balance lines",
    },
    SequenceCase {
        name: "the invoice edited, and then its retainage entry deleted",
        edits: &[
            |world| world.change_object(INVOICE, json!({"TxnDate": "2026-04-02"})),
            |world| world.delete_object(ENTRY),
        ],
        activity: &[
            DATE_CHANGED,
            "pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 and deleted Journal Entry 1057-1R in QuickBooks.",
        ],
        unposted: "pa_1057_1 conflict, Invoice: date, JournalEntry gone",
    },
    SequenceCase {
        name: "voided, and deleted",
        edits: &[
            |world| world.void_object(INVOICE),
            |world| world.delete_object(INVOICE),
        ],
        activity: &[
            "pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks.",
            "pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks.",
        ],
        unposted: "pa_1057_1 conflict, Invoice gone",
    },
];

fn pay_part(world: &World) {
    world.enter_payment(INVOICE, "100.00", &[(INVOICE, "100.00")]);
}

fn pay_release(world: &World) {
    world.enter_payment(RELEASE, "1000.00", &[(RELEASE, "1000.00")]);
}

impl SequenceCase {
    /// Returns the activity and the documents in another state than posted.
    fn run(&self, detection: Detection) -> (Vec<String>, String) {
        let world = firm_with_documents(RetainageMethod::JournalEntry);
        let before = world.activity().len();
        world.simulator().clear_traffic();
        world.allow_only(detection);
        for edit in self.edits {
            edit(&world);
            world.detect_by(detection);
        }
        for _ in 0..2 {
            world.deliver_events_and_scan();
            world.run_next_day();
        }
        world.calls_made();
        let activity = world.activity()[before..].iter().map(describe).collect();
        (activity, world.unposted_documents())
    }
}

#[test]
fn edit_sequence_notifies_each_change_once() {
    let mut failures = String::new();
    for case in CASES {
        for detection in [Detection::Webhook, Detection::NightlyScan] {
            let (activity, unposted) = case.run(detection);
            if activity != case.activity || unposted != case.unposted {
                let (name, activity) = (case.name, activity.join("\n    "));
                failures.push_str(&format!(
                    "{name} ({detection:?}): {unposted}\n    {activity}\n"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
