//! What is kept: request ids, repeated events and pace.

use super::table::{Case, check, field_world};
use crate::support::usual_bill::{BILL, Figures};

const EXPECTED: &str = "
case                                | state  | reason |      A/R | retainage |  revenue | deposits | calls | reads
plain bill                          | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
same event twice                    | posted |        | 43650.00 |   4850.00 | 48500.00 |     0.00 |     3 |     1
release of all retainage, then paid | posted |        |     0.00 |      0.00 | 48500.00 | 48500.00 |     7 |     2
bill revised                        | posted |        | 45000.00 |   5000.00 | 50000.00 |     0.00 |     7 |     3
bill voided                         | voided |        |     0.00 |      0.00 |     0.00 |     0.00 |     8 |     4
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "plain bill",
            story: || {
                let world = field_world();
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "same event twice",
            story: || {
                let world = field_world();
                world.bill();
                world.bill();
                world.ends(BILL)
            },
        },
        Case {
            name: "release of all retainage, then paid",
            story: || {
                let world = field_world();
                world.bill();
                world.release(1, "4850.00");
                world.pay("pa_1", "43650.00");
                world.pay("rel_1", "4850.00");
                world.ends("pay_rel_1")
            },
        },
        Case {
            name: "bill revised",
            story: || {
                let world = field_world();
                world.bill();
                world.revise_bill(Figures {
                    billed: "50000.00",
                    retainage: "5000.00",
                });
                world.ends(BILL)
            },
        },
        Case {
            name: "bill voided",
            story: || {
                let world = field_world();
                world.bill();
                world.void_bill(BILL, "2026-07-02");
                world.ends(BILL)
            },
        },
    ]
}

#[test]
fn store_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
