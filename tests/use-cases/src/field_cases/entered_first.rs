//! What a bookkeeper entered before RIVET did.

use super::table::{Case, check};

const EXPECTED: &str = "
case | state | reason | A/R | retainage | revenue | deposits | calls | reads
";

pub fn cases() -> Vec<Case> {
    vec![]
}

#[test]
fn entered_first_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
