//! Documents that take more retainage than their project holds.

use super::retainage::map_second_account;
use super::table::{Case, Ending, check, field_world};
use crate::support::bookkeeper::{HARBOR, Typed, number};
use crate::support::usual_bill::{BILL, Figures, USUAL};
use crate::support::world::World;
use mapping::settings::OpeningAmount;
use rust_decimal::Decimal;
use serde_json::json;
use store::document::decision::DecisionKind;

const EXPECTED: &str = "
case                                                   | state  | reason                |       A/R | retainage |  revenue | deposits | calls | reads
pay app is voided after its release                    | held   | retainage_exceeded    |  48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
pay app is voided after its release anyway             | voided |                       |   4850.00 |  -4850.00 |     0.00 |     0.00 |     9 |     4
pay app is revised to no retainage after its release   | held   | retainage_exceeded    |  48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
release of more than is held                           | held   | retainage_exceeded    |  43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
release of more than is held anyway                    | posted |                       |  48650.00 |   -150.00 | 48500.00 |     0.00 |     4 |     1
release of more than is held, entered by a person too  | held   | already_in_quickbooks |   5000.00 |  -5000.00 |     0.00 |     0.00 |     1 |     1
opening is entered after the release                   | posted |                       |  63650.00 |      0.00 | 48500.00 |     0.00 |     4 |     1
opening stays in the account that was mapped first     | posted |                       | 112150.00 |      0.00 | 97000.00 |     0.00 |     1 |     0
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "pay app is voided after its release",
            story: voided_after_release,
        },
        Case {
            name: "pay app is voided after its release anyway",
            story: voided_anyway,
        },
        Case {
            name: "pay app is revised to no retainage after its release",
            story: revised_after_release,
        },
        Case {
            name: "release of more than is held",
            story: excessive_release,
        },
        Case {
            name: "release of more than is held anyway",
            story: released_anyway,
        },
        Case {
            name: "release of more than is held, entered by a person too",
            story: released_anyway_beside_a_person,
        },
        Case {
            name: "opening is entered after the release",
            story: late_opening,
        },
        Case {
            name: "opening stays in the account that was mapped first",
            story: opening_of_another_account,
        },
    ]
}

fn set_opening(world: &World, amount: &str) {
    let opening = OpeningAmount(amount.parse().unwrap());
    world.save_settings(|settings| {
        settings.retainage_opening = [("prj_1042".to_owned(), opening)].into();
    });
    world.run_next_sync();
}

fn decide(world: &World, document: &str, kind: DecisionKind) {
    let decision = world.decision(kind);
    world.record_decision(document, &decision).unwrap();
    world.run_next_sync();
}

/// Returns the message of a held document.
fn message(world: &World, document: &str) -> String {
    world.view(document)["reason"]["message"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn voided_after_release() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "4850.00");
    world.void_bill(BILL, "2026-07-02");
    let expected = "It takes 4850.00 of retainage back, but the project holds 0.00: the rest is released. Void the release first, or post it anyway.";
    assert_eq!(message(&world, BILL), expected);
    world.ends(BILL)
}

fn voided_anyway() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "4850.00");
    world.void_bill(BILL, "2026-07-02");
    decide(&world, BILL, DecisionKind::PostAnyway);
    world.ends(BILL)
}

fn revised_after_release() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "4850.00");
    world.revise_bill(Figures {
        billed: "48500.00",
        retainage: "0.00",
    });
    world.ends(BILL)
}

fn excessive_release() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "4850.01");
    let expected = "It takes 4850.01 from retainage, but the project holds 4850.00. More pay apps, or the retainage from before RIVET in the settings, release it. Or post it anyway.";
    assert_eq!(message(&world, "rel_1"), expected);
    world.ends("rel_1")
}

fn released_anyway() -> Ending {
    let world = field_world();
    world.bill();
    world.release(1, "5000.00");
    decide(&world, "rel_1", DecisionKind::PostAnyway);
    let decision = world.decision(DecisionKind::PostAnyway);
    world.record_decision("rel_1", &decision).unwrap();
    world.ends("rel_1")
}

/// The decision about the retainage does not cover what a person entered.
fn released_anyway_beside_a_person() -> Ending {
    let world = field_world();
    world.release(1, "5000.00");
    let id = "rel_1".parse().unwrap();
    world.type_entry(Typed {
        customer: HARBOR,
        number: &mapping::release_number("1042", &id),
        amount: "5000.00",
    });
    decide(&world, "rel_1", DecisionKind::PostAnyway);
    world.ends("rel_1")
}

/// Types the retainage from before RIVET into the books, as a bookkeeper does when changing over.
fn type_opening(world: &World, account: &str, amount: &str) {
    let customer = world.customer_named(HARBOR);
    let line = |account: &str, side: &str| {
        json!({ "DetailType": "JournalEntryLineDetail", "Amount": number(amount),
            "JournalEntryLineDetail": { "PostingType": side, "AccountRef": { "value": account },
                "Entity": { "Type": "Customer", "EntityRef": { "value": customer } } } })
    };
    let equity = world
        .simulator()
        .find(&world.realm, "Account", "Opening Balance Equity")
        .unwrap();
    let entry = json!({ "TxnDate": "2025-12-31", "Line": [line(account, "Debit"), line(&equity, "Credit")] });
    world.enter("JournalEntry", entry);
}

fn late_opening() -> Ending {
    let world = field_world();
    type_opening(&world, &world.accounts().retainage, "15150.00");
    world.bill();
    world.release(1, "20000.00");
    assert_eq!(world.view("rel_1")["reason"]["code"], "retainage_exceeded");
    set_opening(&world, "15150.00");
    world.ends("rel_1")
}

fn opening_of_another_account() -> Ending {
    let world = field_world();
    type_opening(&world, &world.accounts().retainage, "15150.00");
    set_opening(&world, "15150.00");
    world.bill();
    let second = map_second_account(&world);
    world.bill_next(2, USUAL);
    world.simulator().clear_traffic();
    world.release(1, "24850.00");
    assert_eq!(world.balance(&second), Decimal::ZERO);
    world.ends("rel_1")
}

#[test]
fn held_retainage_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
