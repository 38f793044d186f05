//! Look-ups after an answer that was lost or refused.

use super::table::{Case, check};

const EXPECTED: &str = "
case | state | reason | A/R | retainage | revenue | deposits | calls | reads
";

pub fn cases() -> Vec<Case> {
    vec![]
}

#[test]
fn lookups_cases_end_as_expected() {
    check(&cases(), EXPECTED);
}
