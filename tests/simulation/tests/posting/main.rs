//! Billing under every schedule that a seed can draw: events that come twice, late and out of order, workers that die, answers
//! that are lost, and afterwards books that are right to the cent. In a third of the seeds firms choose, disconnect and close
//! their books, so that documents wait and must say truly why; in a fifth people edit the companies by hand, see [`meddled`]; in
//! an eighth a lot waits and is asked for at once, see [`bulk`].
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

mod actions;
mod backlog;
mod billing_facts;
mod bookkeeper;
mod books;
mod bulk;
mod calm;
mod given;
mod meddled;
mod office;
mod rest;
mod slow;
mod story;
mod troubles;
mod truth;

use simulation::seeds::Scenario;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const POSTING: Scenario = Scenario {
    name: "posting",
    run: story::run,
};

#[test]
fn replay() {
    POSTING.replay(0..50);
}

/// What long searches found.
#[test]
fn earlier_failing_seeds_stay_fixed() {
    for seed in [44_746, 66_236, 655_882, 823_906, 908_598] {
        POSTING.replay(seed..seed + 1);
    }
}

#[test]
fn every_document_is_posted_exactly_once() {
    POSTING.hunt(0..10_000);
}

#[test]
#[ignore = "as many seeds as the environment asks for"]
fn long() {
    POSTING.long();
}
