//! Connects, refreshes and disconnects under random schedules and faults: overlapping refreshes, reconnects, crashes, lost answers, and
//! the swaps of every back end.

mod actions;
mod given;
mod history;
mod invariants;
mod final_state;
mod scenario;

use simulation::seeds::{Scenario, TestSize};

const CONNECTIONS: Scenario = Scenario {
    name: "connections",
    run: scenario::run,
};

#[test]
fn replay() {
    CONNECTIONS.replay(&TestSize { usual: 5, full: 20 });
}

#[test]
fn every_connection_works_or_shows_required_action() {
    CONNECTIONS.check(&TestSize {
        usual: 100,
        full: 600,
    });
}

#[test]
#[ignore = "as many seeds as the environment asks for"]
fn long() {
    CONNECTIONS.search();
}
