//! The size of a test run.

use std::env;

/// Returns whether the run must be complete, as in CI: nothing is skipped, and each state is shown in each look.
#[must_use]
pub fn is_full() -> bool {
    env::var("RIVET_TESTS").is_ok_and(|tests| tests == "full")
}
