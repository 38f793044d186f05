//! Companies with several currencies, and customers who are billed in another one than the company's own.

use super::table::{Case, Ending, check, counted};
use crate::currencies::{bill, pay_all, world};
use crate::support::usual_bill::BILL;
use mapping::RetainageMethod;

const EXPECTED: &str = "
case                                    | state  | reason            |  A/R | retainage | revenue | deposits | calls | reads
customer in CAD: bill, release, payment | posted |                   | 0.00 |      0.00 | 1000.00 |  1000.00 |     8 |     3
customer in CAD, retainage by line      | posted |                   | 0.00 |      0.00 | 1000.00 |  1000.00 |     6 |     2
bill in CAD, customer in USD            | held   | customer_currency | 0.00 |      0.00 |    0.00 |     0.00 |     2 |     1
";

pub fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "customer in CAD: bill, release, payment",
            story: || paid_in_full(RetainageMethod::JournalEntry),
        },
        Case {
            name: "customer in CAD, retainage by line",
            story: || paid_in_full(RetainageMethod::InvoiceLine),
        },
        Case {
            name: "bill in CAD, customer in USD",
            story: || {
                let world = world(|_| {});
                world.customer_named("Harbor Builders");
                let world = counted(world);
                bill(&world, 1);
                world.ends(BILL)
            },
        },
    ]
}

/// Bills, releases the retainage and is paid for both.
fn paid_in_full(method: RetainageMethod) -> Ending {
    let world = counted(world(|settings| settings.retainage_method = method));
    bill(&world, 1);
    world.release(1, "100.00");
    pay_all(&world);
    world.ends("pay_1")
}

#[test]
fn currency_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
