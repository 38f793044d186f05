//! What people do one after another: each thing is told once, and what is over is told to be over.

use super::cases::{line, office};
use super::edits::{BILL, ENTRY, NEXT_BILL, OWN_PAYMENT, PAID_BILL, RELEASE};
use crate::support::world::World;
use mapping::RetainageMethod;
use serde_json::{Value, json};

/// What somebody does, one after the other, each of it noticed before the next; what is told in all; where it ends.
struct Row {
    what: &'static str,
    does: &'static [fn(&World)],
    told: &'static [&'static str],
    stands: &'static str,
}

impl World {
    /// Takes the last payment off what it pays.
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

/// What is told of a hundred for the first pay app, and once they are not there any more.
const A_PART: &str =
    "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 8106.65. [100.00; 8006.65 open]";
const NO_MORE: &str =
    "pa_1057_1 paid: Not paid any more in QuickBooks: 0.00 of 8106.65. [; 8106.65 open]";

const RELEASE_PAID: &str =
    "rel_1042_1 paid: Paid in QuickBooks: 1000.00 of 1000.00. [1000.00; 0.00 open]";
const RELEASE_NO_MORE: &str =
    "rel_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 1000.00. [; 1000.00 open]";

const CHANGED: &str =
    "pa_1057_1 changed: Somebody changed the amount and lines of Invoice 1057-1 in QuickBooks.";
const ANOTHER_DATE: &str =
    "pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 in QuickBooks.";

const ROWS: &[Row] = &[
    Row {
        what: "paid, and un-applied",
        does: &[pays_a_part, World::unapply_last],
        told: &[A_PART, NO_MORE],
        stands: "",
    },
    Row {
        what: "paid, and the payment voided",
        does: &[pays_a_part, |world| world.void_last("Payment")],
        told: &[A_PART, NO_MORE],
        stands: "",
    },
    Row {
        what: "paid, and the payment deleted",
        does: &[pays_a_part, |world| world.delete_last("Payment")],
        told: &[A_PART, NO_MORE],
        stands: "",
    },
    Row {
        what: "paid in part, and then the rest",
        does: &[pays_a_part, |world| {
            drop(world.receives(BILL, "8006.65", &[(BILL, "8006.65")]))
        }],
        told: &[
            A_PART,
            "pa_1057_1 paid: Paid in QuickBooks: 8106.65 of 8106.65. [100.00 + 8006.65; 0.00 open]",
        ],
        stands: "",
    },
    Row {
        what: "paid, and the payment moved to the next pay app",
        does: &[pays_a_part, |world| {
            let lines = world.applied(&[(NEXT_BILL, "100.00")]);
            world.change_payment(json!({ "Line": lines }));
        }],
        told: &[
            A_PART,
            "pa_1057_2 paid: Partly paid in QuickBooks: 100.00 of 17242.51. [100.00; 17142.51 open]",
            NO_MORE,
        ],
        stands: "",
    },
    Row {
        what: "paid, and the payment raised",
        does: &[pays_a_part, |world| {
            let lines = world.applied(&[(BILL, "250.00")]);
            world.change_payment(json!({ "TotalAmt": 250, "Line": lines }));
        }],
        told: &[
            A_PART,
            "pa_1057_1 paid: Partly paid in QuickBooks: 250.00 of 8106.65. [250.00; 7856.65 open]",
        ],
        stands: "",
    },
    Row {
        what: "paid, and the payment dated otherwise",
        does: &[pays_a_part, |world| {
            world.change_payment(json!({"TxnDate": "2026-04-21"}))
        }],
        told: &[A_PART],
        stands: "",
    },
    Row {
        what: "paid, and deposited later",
        does: &[pays_a_part, |world| {
            world.deposit(&world.last_id("Payment"))
        }],
        told: &[A_PART],
        stands: "",
    },
    Row {
        what: "a release paid, and the payment deleted",
        does: &[pays_the_release, |world| world.delete_last("Payment")],
        told: &[RELEASE_PAID, RELEASE_NO_MORE],
        stands: "",
    },
    Row {
        what: "a release paid, and the payment un-applied",
        does: &[pays_the_release, World::unapply_last],
        told: &[RELEASE_PAID, RELEASE_NO_MORE],
        stands: "",
    },
    Row {
        what: "a release paid, and the payment moved to a pay app",
        does: &[pays_the_release, |world| {
            let lines = world.applied(&[(PAID_BILL, "1000.00")]);
            world.change_payment(json!({ "Line": lines }));
        }],
        told: &[
            RELEASE_PAID,
            "pa_1042_1 paid: Partly paid in QuickBooks: 21000.00 of 43650.00. [1000.00 + 20000.00; 22650.00 open]",
            RELEASE_NO_MORE,
        ],
        stands: "",
    },
    Row {
        what: "RIVET's payment un-applied, and applied again",
        does: &[
            |world| world.change(OWN_PAYMENT, json!({"Line": []})),
            |world| {
                let lines = world.applied(&[(PAID_BILL, "20000.00")]);
                world.change(OWN_PAYMENT, json!({ "Line": lines }));
            },
        ],
        told: &[
            "pa_1042_1 paid: Not paid any more in QuickBooks: 0.00 of 43650.00. [; 43650.00 open]",
            "pay_0001 changed: Somebody took Payment ACH 88213 off what it pays in QuickBooks.",
            "pa_1042_1 paid: Partly paid in QuickBooks: 20000.00 of 43650.00. [20000.00; 23650.00 open]",
            "pay_0001 posted: It stands in QuickBooks again as RIVET posted it.",
        ],
        stands: "",
    },
    Row {
        what: "another amount, and yet another",
        does: &[
            |world| world.change_amount(BILL, "7000.00"),
            |world| world.change_amount(BILL, "7100.00"),
        ],
        told: &[CHANGED, CHANGED],
        stands: "pa_1057_1 conflict, Invoice: total balance lines",
    },
    Row {
        what: "another amount, and another memo",
        does: &[
            |world| world.change_amount(BILL, "7000.00"),
            |world| world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}})),
        ],
        told: &[CHANGED],
        stands: "pa_1057_1 conflict, Invoice: total balance customer_memo lines",
    },
    Row {
        what: "another memo, another date, and the date put back",
        does: &[
            |world| world.change(BILL, json!({"CustomerMemo": {"value": "Thank you"}})),
            |world| world.change(BILL, json!({"TxnDate": "2026-04-02"})),
            |world| world.change(BILL, json!({"TxnDate": "2026-03-31"})),
        ],
        told: &[
            "pa_1057_1 noted: Somebody changed the customer message of Invoice 1057-1 in QuickBooks. The books say the same.",
            ANOTHER_DATE,
            "pa_1057_1 posted: It stands in QuickBooks again as RIVET posted it.",
        ],
        stands: "",
    },
    Row {
        what: "another amount, and paid all the same",
        does: &[|world| world.change_amount(BILL, "7000.00"), pays_a_part],
        told: &[
            CHANGED,
            "pa_1057_1 paid: Partly paid in QuickBooks: 100.00 of 9089.99. [100.00; 8989.99 open]",
        ],
        stands: "pa_1057_1 conflict, Invoice: state total balance lines",
    },
    Row {
        what: "the invoice edited, and then its retainage entry deleted",
        does: &[
            |world| world.change(BILL, json!({"TxnDate": "2026-04-02"})),
            |world| world.delete(ENTRY),
        ],
        told: &[
            ANOTHER_DATE,
            "pa_1057_1 changed: Somebody changed the date of Invoice 1057-1 and deleted Journal Entry 1057-1R in QuickBooks.",
        ],
        stands: "pa_1057_1 conflict, Invoice: date, JournalEntry gone",
    },
    Row {
        what: "voided, and deleted",
        does: &[|world| world.void(BILL), |world| world.delete(BILL)],
        told: &[
            "pa_1057_1 changed: Somebody voided Invoice 1057-1 in QuickBooks.",
            "pa_1057_1 changed: Somebody deleted Invoice 1057-1 in QuickBooks.",
        ],
        stands: "pa_1057_1 conflict, Invoice gone",
    },
];

fn pays_a_part(world: &World) {
    world.receives(BILL, "100.00", &[(BILL, "100.00")]);
}

fn pays_the_release(world: &World) {
    world.receives(RELEASE, "1000.00", &[(RELEASE, "1000.00")]);
}

impl Row {
    fn run(&self, is_told: bool) -> (Vec<String>, String) {
        let world = office(RetainageMethod::JournalEntry);
        let before = world.activity().len();
        world.simulator().clear_traffic();
        if !is_told {
            world.simulator().unsubscribe();
        }
        for does in self.does {
            does(&world);
            world.learns(is_told);
        }
        for _ in 0..2 {
            world.cycle();
            world.night();
        }
        world.calls_made();
        let told = world.activity()[before..].iter().map(line).collect();
        (told, world.stands())
    }
}

#[test]
fn edit_sequence_notifies_each_change_once() {
    let mut off = String::new();
    for row in ROWS {
        for is_told in [true, false] {
            let (told, stands) = row.run(is_told);
            if told != row.told || stands != row.stands {
                let (what, told) = (row.what, told.join("\n    "));
                off.push_str(&format!("{what} ({is_told}): {stands}\n    {told}\n"));
            }
        }
    }
    assert!(off.is_empty(), "\n{off}");
}
