//! What QuickBooks makes of a write that is not what was sent.

use super::table::{Case, check};

const EXPECTED: &str = "
case | state | reason | A/R | retainage | revenue | deposits | calls | reads
";

pub fn cases() -> Vec<Case> {
    vec![]
}

#[test]
fn differences_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
