//! Detects what people do in QuickBooks. Firms bill, people edit the companies by hand, and Intuit announces the changes late, twice, in
//! any order, or not at all. At the end each firm knows every difference, was notified of it once, and of nothing else. See [`checks`].
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

#[path = "../posting/actions.rs"]
#[expect(dead_code, reason = "nobody chooses or decides here")]
mod actions;
#[path = "../posting/billing_events.rs"]
#[expect(dead_code, reason = "no plan changes here")]
mod billing_events;
#[path = "../posting/ledger_checks.rs"]
#[expect(dead_code, reason = "here people touch what is compared there")]
mod ledger_checks;
#[path = "../posting/given.rs"]
#[expect(dead_code, reason = "a seed draws something else here")]
mod given;
mod records;
mod checks;
mod manual_edits;
mod final_state;
mod change_log;
mod scenario;
#[path = "../posting/injected_faults.rs"]
mod injected_faults;
mod transaction;

use simulation::seeds::Scenario;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CHANGE_DETECTION: Scenario = Scenario {
    name: "change_detection",
    run: scenario::run,
};

#[test]
fn replay() {
    CHANGE_DETECTION.replay(0..50);
}

#[test]
fn every_difference_is_detected_and_notified_once() {
    CHANGE_DETECTION.check(1_000);
}

#[test]
#[ignore = "as many seeds as the environment asks for"]
fn long() {
    CHANGE_DETECTION.search();
}
