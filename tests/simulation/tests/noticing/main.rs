//! What people do in QuickBooks is noticed: firms bill, people edit the companies by hand, Intuit tells of it late, twice, in any order
//! or never, and in the end the firms know of every difference, once, and of none that is not there. See [`oracle`].
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

#[path = "../posting/actions.rs"]
#[expect(dead_code, reason = "nobody chooses or decides here")]
mod actions;
#[path = "../posting/billing_facts.rs"]
#[expect(dead_code, reason = "no plan changes here")]
mod billing_facts;
#[path = "../posting/books.rs"]
#[expect(dead_code, reason = "here people touch what is compared there")]
mod books;
#[path = "../posting/given.rs"]
#[expect(dead_code, reason = "a seed draws something else here")]
mod given;
mod known;
mod oracle;
mod people;
mod rest;
mod scribe;
mod story;
#[path = "../posting/troubles.rs"]
mod troubles;
mod view;

use simulation::seeds::Scenario;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NOTICING: Scenario = Scenario {
    name: "noticing",
    run: story::run,
};

#[test]
fn replay() {
    NOTICING.replay(0..50);
}

#[test]
fn every_difference_is_detected_and_notified_once() {
    NOTICING.hunt(0..10_000);
}

#[test]
#[ignore = "as many seeds as the environment asks for"]
fn long() {
    NOTICING.long();
}
