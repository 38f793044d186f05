//! Pay apps of unusual amounts: credits, bills that are withheld whole, retainage that is given back, and nothing at all.

use super::table::{Case, Ending, check, counted};
use crate::support::usual_bill::{BILL, Figures, USUAL, pay_app};
use crate::support::world::{World, WorldOptions};
use mapping::RetainageMethod;

const EXPECTED: &str = "
case                       | state   | reason          |      A/R | retainage |  revenue | deposits | calls | reads
credit, retainage by entry | posted  |                 | -2280.00 |   -120.00 | -2400.00 |     0.00 |     3 |     1
credit, retainage by line  | posted  |                 | -2280.00 |   -120.00 | -2400.00 |     0.00 |     3 |     1
withheld whole, by entry   | posted  |                 |     0.00 |   1000.00 |  1000.00 |     0.00 |     3 |     1
withheld whole, by line    | posted  |                 |     0.00 |   1000.00 |  1000.00 |     0.00 |     3 |     1
given back, by entry       | posted  |                 | 45150.00 |   4350.00 | 49500.00 |     0.00 |     4 |     1
given back, by line        | posted  |                 | 45150.00 |   4350.00 | 49500.00 |     0.00 |     4 |     1
nothing is billed          | skipped | nothing_to_post |     0.00 |      0.00 |     0.00 |     0.00 |     0 |     0
";

const BY_ENTRY: RetainageMethod = RetainageMethod::JournalEntry;
const BY_LINE: RetainageMethod = RetainageMethod::InvoiceLine;

/// A bill of less than nothing: work is taken back.
const CREDIT: Figures = Figures {
    billed: "-2400.00",
    retainage: "-120.00",
};

/// A bill that is withheld whole.
const WITHHELD: Figures = Figures {
    billed: "1000.00",
    retainage: "1000.00",
};

/// A bill in which the rate of retainage steps down.
const GIVEN_BACK: Figures = Figures {
    billed: "1000.00",
    retainage: "-500.00",
};

/// A bill of nothing.
const NOTHING: Figures = Figures {
    billed: "0.00",
    retainage: "0.00",
};

pub fn cases() -> Vec<Case> {
    let case = |name, story| Case { name, story };
    vec![
        case("credit, retainage by entry", || billed(BY_ENTRY, CREDIT)),
        case("credit, retainage by line", || billed(BY_LINE, CREDIT)),
        case("withheld whole, by entry", || billed(BY_ENTRY, WITHHELD)),
        case("withheld whole, by line", || billed(BY_LINE, WITHHELD)),
        case("given back, by entry", || given_back(BY_ENTRY)),
        case("given back, by line", || given_back(BY_LINE)),
        case("nothing is billed", || billed(BY_ENTRY, NOTHING)),
    ]
}

#[test]
fn amounts_end_as_expected() {
    check(&cases(), EXPECTED);
}

fn world(method: RetainageMethod) -> World {
    let change = |settings: &mut mapping::Settings| settings.retainage_method = method;
    counted(World::configured_with(WorldOptions::default(), change))
}

fn billed(method: RetainageMethod, figures: Figures) -> Ending {
    let world = world(method);
    world.deliver_pay_app("pay_app.approved", &pay_app(1, figures));
    world.ends(BILL)
}

fn given_back(method: RetainageMethod) -> Ending {
    let world = world(method);
    world.bill_next(1, USUAL);
    world.bill_next(2, GIVEN_BACK);
    world.ends("pa_2")
}
