//! The service items and accounts that RIVET's lines go to.

use super::table::{Case, check};

const EXPECTED: &str = "
case | state | reason | A/R | retainage | revenue | deposits | calls | reads
";

pub fn cases() -> Vec<Case> {
    vec![]
}

#[test]
fn items_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
