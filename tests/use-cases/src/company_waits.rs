//! Waits that are QuickBooks' fault end for all documents together; a document that fails alone waits alone.

use crate::support::usual_bill::USUAL;
use crate::support::world::World;
use jiff::SignedDuration;
use simulator::{Commit, Effect, Injection, RequestKind};

const BILLS: [&str; 3] = ["pa_1", "pa_2", "pa_3"];

/// The ways in which an outage looks.
fn outages() -> [Effect; 5] {
    [
        Effect::Unavailable,
        Effect::ApplicationError(Commit::Before),
        Effect::ApplicationError(Commit::After),
        Effect::Dropped(Commit::After),
        Effect::Throttled,
    ]
}

/// Returns a world with a posted bill, whose customer is known and whose QuickBooks is about to be unwell.
fn world() -> World {
    let world = World::configured();
    world.bill_next(9, USUAL);
    assert_eq!(world.count("Invoice"), 1);
    world.simulator().clear_traffic();
    world
}

fn posted(world: &World) -> usize {
    let is_posted = |id: &&&str| world.view(id)["state"] == "posted";
    BILLS.iter().filter(is_posted).count()
}

#[test]
fn bills_flow_together_once_quickbooks_answers() {
    for outage in outages() {
        let world = world();
        world.fail_every_second(8, &outage);
        for number in 1..=3 {
            world.bill_next(number, USUAL);
        }
        while world.simulator().traffic().len() < 8 {
            world.run_next_sync();
        }
        world.run_next_sync();
        assert_eq!(posted(&world), 3, "{outage:?}");
        assert_eq!(world.invoices_and_entries(), (4, 4), "{outage:?}");
    }
}

#[test]
fn first_answer_after_long_outage_ends_all_waits() {
    for outage in outages() {
        let world = world();
        let failure = Injection::new(outage.clone()).path_containing("/v3/company/");
        world.simulator().inject(failure.always());
        for number in 1..=3 {
            world.bill_next(number, USUAL);
        }
        for _ in 0..24 {
            world.advance(SignedDuration::from_mins(5));
            world.run_scheduled_sync();
        }
        world.simulator().clear_injections();
        world.advance(SignedDuration::from_mins(5));
        world.bill_next(4, USUAL);
        world.run_scheduled_sync();
        assert_eq!(posted(&world), 3, "{outage:?}");
        assert_eq!(world.invoices_and_entries(), (5, 5), "{outage:?}");
    }
}

#[test]
fn outage_makes_few_calls_a_run() {
    let world = world();
    let failure = Injection::new(Effect::Unavailable).path_containing("/v3/company/");
    world.simulator().inject(failure.always());
    for number in 1..=3 {
        world.bill_next(number, USUAL);
    }
    for _ in 0..12 {
        world.simulator().clear_traffic();
        world.advance(SignedDuration::from_mins(5));
        world.run_scheduled_sync();
        let simulator = world.simulator();
        let calls = simulator
            .traffic()
            .iter()
            .filter(|call| call.realm.is_some());
        assert!(calls.count() <= 2);
    }
}

/// The bill is tried after the others, and then at its own growing intervals.
#[test]
fn bill_that_fails_alone_waits_alone() {
    let world = world();
    let failure = Injection::new(Effect::ApplicationError(Commit::Before));
    let failure = failure.kind(RequestKind::Write).body_containing("pa_1 ");
    world.simulator().inject(failure.always());
    world.bill_next(1, USUAL);
    for number in 2..=9 {
        world.run_next_sync();
        world.bill_next(number, USUAL);
    }
    assert_eq!(world.view("pa_1")["state"], "uncertain");
    assert_eq!(posted(&world), 2);
    let attempts = world.view("pa_1")["attempts"].as_array().unwrap().len();
    assert!(attempts <= 8, "{attempts} attempts in 16 minutes");
    world.simulator().clear_injections();
    for _ in 0..9 {
        world.run_next_sync();
    }
    assert_eq!(posted(&world), 3);
}
