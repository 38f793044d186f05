//! Months that are reported or closed: voids, returned checks and credits.

use super::table::{Case, Ending, check, field_world};
use crate::support::usual_bill::{BILL, Figures, customer};
use mapping::ClosedBooks;
use serde_json::json;

const EXPECTED: &str = "
case                                                   | state  | reason       |      A/R | retainage |  revenue |  deposits | calls | reads
bill of a reported month is voided                     | voided |              |     0.00 |      0.00 |     0.00 |      0.00 |     5 |     3
bill of a closed month is voided                       | voided |              |     0.00 |      0.00 |     0.00 |      0.00 |     9 |     6
bill and void of closed months                         | voided |              |     0.00 |      0.00 |     0.00 |      0.00 |     9 |     6
bill of a closed month waits                           | held   | books_closed |     0.00 |      0.00 |     0.00 |      0.00 |     0 |     0
bill of a closed month is posted on the first open day | posted |              | 43650.00 |   4850.00 | 48500.00 |      0.00 |     3 |     1
check of an open month is returned                     | voided |              | 43650.00 |   4850.00 | 48500.00 |      0.00 |     2 |     1
check of a closed month is returned                    | voided |              | 43650.00 |   4850.00 | 48500.00 |      0.00 |     4 |     3
deposited check is returned                            | voided |              | 43650.00 |   4850.00 | 48500.00 | -43650.00 |     6 |     4
credit is netted without money                         | posted |              | 41370.00 |   4730.00 | 46100.00 |      0.00 |     2 |     1
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "bill of a reported month is voided",
            story: || voided(None),
        },
        Case {
            name: "bill of a closed month is voided",
            story: || voided(Some("2026-03-31")),
        },
        Case {
            name: "bill and void of closed months",
            story: || voided(Some("2026-07-31")),
        },
        Case {
            name: "bill of a closed month waits",
            story: || billed_late(ClosedBooks::Hold),
        },
        Case {
            name: "bill of a closed month is posted on the first open day",
            story: || billed_late(ClosedBooks::FirstOpenDay),
        },
        Case {
            name: "check of an open month is returned",
            story: || returned(None),
        },
        Case {
            name: "check of a closed month is returned",
            story: || returned(Some("2026-04-30")),
        },
        Case {
            name: "deposited check is returned",
            story: deposited,
        },
        Case {
            name: "credit is netted without money",
            story: netted,
        },
    ]
}

fn voided(closed_through: Option<&str>) -> Ending {
    let world = field_world();
    world.bill();
    if let Some(day) = closed_through {
        world.close_books(day);
    }
    world.simulator().clear_traffic();
    world.void_bill(BILL, "2026-07-02");
    world.ends(BILL)
}

fn billed_late(treatment: ClosedBooks) -> Ending {
    let world = field_world();
    world.close_books("2026-06-30");
    world.treat_closed_books(treatment);
    world.simulator().clear_traffic();
    world.bill();
    world.ends(BILL)
}

fn returned(closed_through: Option<&str>) -> Ending {
    let world = field_world();
    world.bill();
    world.pay(BILL, "43650.00");
    if let Some(day) = closed_through {
        world.close_books(day);
    }
    world.simulator().clear_traffic();
    let data = json!({ "payment_id": "pay_pa_1", "voided_on": "2026-05-04" });
    world.deliver_data("payment.voided", data);
    world.ends("pay_pa_1")
}

fn deposited() -> Ending {
    let world = field_world();
    world.bill();
    world.pay(BILL, "43650.00");
    let payment = world.last_id("Payment");
    let bank = world.simulator().find(&world.realm, "Account", "Checking");
    world
        .person(|person| person.deposit(&payment, &bank.unwrap()))
        .unwrap();
    world.simulator().clear_traffic();
    let data = json!({ "payment_id": "pay_pa_1", "voided_on": "2026-05-04" });
    world.deliver_data("payment.voided", data);
    world.ends("pay_pa_1")
}

fn netted() -> Ending {
    let world = field_world();
    world.bill();
    world.bill_next(
        2,
        Figures {
            billed: "-2400.00",
            retainage: "-120.00",
        },
    );
    world.simulator().clear_traffic();
    let part = |id: &str| json!({ "kind": "pay_app", "id": id, "amount": "2280.00" });
    let payment = json!({
        "id": "pay_1", "received_on": "2026-05-12", "amount": "0.00",
        "customer": customer(), "applied": [part(BILL), part("pa_2")],
    });
    world.deliver_data("payment.recorded", json!({ "payment": payment }));
    world.ends("pay_1")
}

#[test]
fn closed_months_end_as_expected() {
    check(&cases(), EXPECTED);
}
