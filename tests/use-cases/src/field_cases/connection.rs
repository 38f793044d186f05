//! The connection: ended, restored, and what happened meanwhile.

use super::table::{Case, Ending, check, field_world};
use crate::support::usual_bill::BILL;
use crate::support::world::World;
use jiff::SignedDuration;

const EXPECTED: &str = "
case                                                | state    | reason                |      A/R | retainage |  revenue | deposits | calls | reads
invoice deleted while disconnected on the first day | conflict | changed_in_quickbooks |     0.00 |   4850.00 |  4850.00 |     0.00 |     2 |     2
invoice voided while disconnected on the first day  | conflict | changed_in_quickbooks |     0.00 |   4850.00 |  4850.00 |     0.00 |     2 |     2
connected again on the first day, nothing changed   | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     1 |     1
lists asked for sixty times, then a bill            | posted   |                       | 43650.00 |   4850.00 | 48500.00 |     0.00 |     6 |     4
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "invoice deleted while disconnected on the first day",
            story: || away(|world| world.delete_last("Invoice")),
        },
        Case {
            name: "invoice voided while disconnected on the first day",
            story: || away(|world| world.void_last("Invoice")),
        },
        Case {
            name: "connected again on the first day, nothing changed",
            story: || away(|_| {}),
        },
        Case {
            name: "lists asked for sixty times, then a bill",
            story: sixty_lists,
        },
    ]
}

/// Bills, disconnects, lets a person work in QuickBooks, and connects again, all within an hour.
fn away(work: impl FnOnce(&World)) -> Ending {
    let world = field_world();
    world.bill();
    world.disconnect();
    world.advance(SignedDuration::from_mins(10));
    work(&world);
    world.advance(SignedDuration::from_mins(10));
    world.connect();
    world.simulator().clear_traffic();
    for _ in 0..3 {
        world.run_next_sync();
    }
    world.ends(BILL)
}

fn sixty_lists() -> Ending {
    let world = field_world();
    world.simulator().switches_mut().requests_per_second = Some(10);
    for _ in 0..20 {
        for words in ["har", "turn", "x"] {
            world.offered_customers(words).unwrap();
        }
    }
    world.bill();
    world.ends(BILL)
}

#[test]
fn connection_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
