//! Payments: for several documents, in part, on account, into a chosen account, too early, and those that come back.

use super::table::{Case, Ending, check, counted};
use crate::support::usual_bill::{BILL, USUAL, customer};
use crate::support::world::{World, WorldOptions};
use bridge::accept_event::Outcome;
use mapping::RetainageMethod;
use serde_json::{Value, json};

const EXPECTED: &str = "
case                                             | state  | reason       |      A/R | retainage |  revenue | deposits | calls | reads
bill and release by entry at once                | posted |              |     0.00 |      0.00 | 48500.00 | 48500.00 |     6 |     2
bill and release by line at once                 | posted |              |     0.00 |      0.00 | 48500.00 | 48500.00 |     6 |     2
bill and release billed on release at once       | posted |              |     0.00 |      0.00 | 48500.00 | 48500.00 |     6 |     2
two bills in part                                | posted |              | 74800.00 |   9700.00 | 97000.00 | 12500.00 |     6 |     2
same bill in two parts                           | posted |              |     0.00 |   4850.00 | 48500.00 | 43650.00 |     6 |     2
rest stays on account                            | posted |              | -6350.00 |   4850.00 | 48500.00 | 50000.00 |     5 |     2
payment on account                               | posted |              | 42650.00 |   4850.00 | 48500.00 |  1000.00 |     5 |     2
payment into the chosen account                  | posted |              |     0.00 |   4850.00 | 48500.00 |     0.00 |     5 |     2
payment comes before its bill                    | held   | waiting_for  |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
payment comes before its bill, which follows     | posted |              |     0.00 |   4850.00 | 48500.00 | 43650.00 |     5 |     2
payment waits, and its bill is voided            | failed | nothing_owed |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
payment with a rest is voided                    | voided |              | 43650.00 |   4850.00 | 48500.00 |     0.00 |     7 |     3
payment with a rest of a closed month comes back | voided |              | 43650.00 |   4850.00 | 48500.00 |     0.00 |     4 |     3
payment of a release by entry is voided          | voided |              | 48500.00 |      0.00 | 48500.00 |     0.00 |     2 |     1
payment of a release by entry comes back         | voided |              | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     3
payment of a release by line comes back          | voided |              | 48500.00 |      0.00 | 48500.00 |     0.00 |     4 |     3
payment is voided before it is recorded          | voided |              | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
";

const BY_ENTRY: RetainageMethod = RetainageMethod::JournalEntry;
const BY_LINE: RetainageMethod = RetainageMethod::InvoiceLine;
const ON_RELEASE: RetainageMethod = RetainageMethod::BilledOnRelease;

/// The id of the payment in the stories.
const CHECK: &str = "pay_check";

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("bill and release by entry at once", || {
            bill_and_release(BY_ENTRY, "JournalEntry")
        }),
        case("bill and release by line at once", || {
            bill_and_release(BY_LINE, "Invoice")
        }),
        case("bill and release billed on release at once", || {
            bill_and_release(ON_RELEASE, "Invoice")
        }),
        case("two bills in part", in_part),
        case("same bill in two parts", in_two_parts),
        case("rest stays on account", || {
            let world = with_rest();
            assert_eq!(rest(&world), "6350.00");
            world.ends(CHECK)
        }),
        case("payment on account", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            pay(&world, "1000.00", &json!([]));
            assert_eq!(rest(&world), "1000.00");
            world.ends(CHECK)
        }),
        case("payment into the chosen account", chosen_account),
        case("payment comes before its bill", || {
            let world = world_of(BY_ENTRY);
            assert_eq!(pay(&world, "43650.00", &bill(43_650)), Outcome::Held);
            world.ends(CHECK)
        }),
        case("payment comes before its bill, which follows", || {
            let world = world_of(BY_ENTRY);
            pay(&world, "43650.00", &bill(43_650));
            world.bill();
            world.ends(CHECK)
        }),
        case("payment waits, and its bill is voided", || {
            let world = world_of(BY_ENTRY);
            pay(&world, "43650.00", &bill(43_650));
            world.void_bill(BILL, "2026-05-02");
            world.bill();
            world.ends(CHECK)
        }),
        case("payment with a rest is voided", || {
            let world = with_rest();
            void(&world);
            world.ends(CHECK)
        }),
        case("payment with a rest of a closed month comes back", || {
            let world = with_rest();
            world.close_books("2026-04-30");
            world.simulator().clear_traffic();
            void(&world);
            world.ends(CHECK)
        }),
        case("payment of a release by entry is voided", || {
            release_paid_and_voided(BY_ENTRY, None)
        }),
        case("payment of a release by entry comes back", || {
            release_paid_and_voided(BY_ENTRY, Some("2026-04-30"))
        }),
        case("payment of a release by line comes back", || {
            release_paid_and_voided(BY_LINE, Some("2026-04-30"))
        }),
        case("payment is voided before it is recorded", || {
            let world = world_of(BY_ENTRY);
            world.bill();
            void(&world);
            assert_eq!(pay(&world, "43650.00", &bill(43_650)), Outcome::Duplicate);
            world.ends(CHECK)
        }),
    ]
}

fn world_of(method: RetainageMethod) -> World {
    counted(World::configured_with(
        WorldOptions::default(),
        |settings| {
            settings.retainage_method = method;
        },
    ))
}

/// Returns the application of a payment to the usual bill.
fn bill(dollars: i64) -> Value {
    json!([part("pay_app", BILL, dollars)])
}

fn part(kind: &str, id: &str, dollars: i64) -> Value {
    json!({ "kind": kind, "id": id, "amount": format!("{dollars}.00") })
}

fn pay(world: &World, amount: &str, applied: &Value) -> Outcome {
    let payment = json!({ "id": CHECK, "received_on": "2026-04-28", "amount": amount,
        "reference": "4711", "customer": customer(), "applied": applied });
    world.deliver_data("payment.recorded", json!({ "payment": payment }))
}

fn void(world: &World) {
    let data = json!({ "payment_id": CHECK, "voided_on": "2026-05-04" });
    world.deliver_data("payment.voided", data);
}

/// Returns what the newest payment leaves unapplied.
fn rest(world: &World) -> String {
    world.last("Payment")["UnappliedAmt"].to_string()
}

/// Returns a world whose usual bill is paid with 6 350.00 more than it owes.
fn with_rest() -> World {
    let world = world_of(BY_ENTRY);
    world.bill();
    pay(&world, "50000.00", &bill(43_650));
    world
}

/// Returns the types and amounts of the transactions that the newest payment pays.
fn paid(world: &World) -> Vec<String> {
    let payment = world.last("Payment");
    let lines = payment["Line"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let kind = line["LinkedTxn"][0]["TxnType"].as_str().unwrap();
            format!("{kind} {}", line["Amount"])
        })
        .collect()
}

fn bill_and_release(method: RetainageMethod, release: &str) -> Ending {
    let world = world_of(method);
    world.bill();
    world.release(1, "4850.00");
    let parts = [
        part("pay_app", BILL, 43_650),
        part("retainage_release", "rel_1", 4_850),
    ];
    pay(&world, "48500.00", &json!(parts));
    let expected = ["Invoice 43650.00".to_owned(), format!("{release} 4850.00")];
    assert_eq!(paid(&world), expected);
    world.ends(CHECK)
}

fn in_part() -> Ending {
    let world = world_of(BY_ENTRY);
    world.bill();
    world.bill_next(2, USUAL);
    let parts = [
        part("pay_app", BILL, 10_000),
        part("pay_app", "pa_2", 2_500),
    ];
    pay(&world, "12500.00", &json!(parts));
    assert_eq!(paid(&world), ["Invoice 10000.00", "Invoice 2500.00"]);
    assert_eq!(world.open_amount("Invoice"), "41150.00");
    world.ends(CHECK)
}

fn in_two_parts() -> Ending {
    let world = world_of(BY_ENTRY);
    world.bill();
    world.pay(BILL, "40000.00");
    pay(&world, "3650.00", &bill(3_650));
    assert_eq!(world.open_amount("Invoice"), "0.00");
    world.ends(CHECK)
}

fn chosen_account() -> Ending {
    let world = world_of(BY_ENTRY);
    let bank = world.simulator().find(&world.realm, "Account", "Checking");
    world.save_settings(|settings| settings.accounts.deposit = bank.clone());
    world.simulator().clear_traffic();
    world.bill();
    pay(&world, "43650.00", &bill(43_650));
    assert_eq!(world.balance(&bank.unwrap()).to_string(), "43650.00");
    world.ends(CHECK)
}

fn release_paid_and_voided(method: RetainageMethod, closed_through: Option<&str>) -> Ending {
    let world = world_of(method);
    world.bill();
    world.release(1, "4850.00");
    pay(
        &world,
        "4850.00",
        &json!([part("retainage_release", "rel_1", 4_850)]),
    );
    if let Some(day) = closed_through {
        world.close_books(day);
    }
    world.simulator().clear_traffic();
    void(&world);
    world.ends(CHECK)
}

#[test]
fn receipts_end_as_expected() {
    check(&cases(), EXPECTED);
}
