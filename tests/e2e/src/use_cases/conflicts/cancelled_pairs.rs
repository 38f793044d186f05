//! What somebody does to entries that cancel each other out: both parts of a pay app that was voided.

use super::{Books, NOTHING, assert_books, decide, view, voided};
use crate::support::story::body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;

/// A pay app that was posted and voided; the ids of its entry and the entry's reversal.
fn with_a_pair() -> (World, [String; 2]) {
    let world = World::usual();
    assert_eq!(world.deliver(body("04")), Outcome::Posted);
    assert_eq!(voided(&world, 1), Outcome::Posted);
    assert_books(&world, NOTHING, "voided");
    let simulator = world.simulator();
    let entries = simulator.entities(&world.realm, "JournalEntry");
    let ids: Vec<String> = entries
        .map(|entry| entry["Id"].as_str().unwrap().to_owned())
        .collect();
    drop(simulator);
    (world, ids.try_into().unwrap())
}

fn delete(world: &World, id: &str) {
    world
        .person(|person| person.delete("JournalEntry", id))
        .unwrap();
}

fn double(world: &World, id: &str) {
    let simulator = world.simulator();
    let mut entries = simulator.entities(&world.realm, "JournalEntry");
    let mut entry = entries.find(|entry| entry["Id"] == *id).unwrap().clone();
    drop(entries);
    for line in entry["Line"].as_array_mut().unwrap() {
        line["Amount"] = serde_json::from_str::<Value>("853.34").unwrap();
    }
    drop(simulator);
    let change = json!({ "Line": entry["Line"] });
    world
        .person(|person| person.edit("JournalEntry", id, change))
        .unwrap();
}

/// By the next day the company was asked what changed, and what was decided is carried out.
fn a_day_later(world: &World) {
    world.advance(SignedDuration::from_hours(24));
    for _ in 0..2 {
        world.next_run();
    }
}

/// What is done to which of the two, and what the books show then.
type Meddling = (&'static str, fn(&World, &[String; 2]), Books);

const MEDDLINGS: [Meddling; 4] = [
    (
        "the entry is deleted",
        |world, ids| delete(world, &ids[0]),
        ["0.00", "-426.67", "-426.67", "0.00"],
    ),
    (
        "its reversal is deleted",
        |world, ids| delete(world, &ids[1]),
        ["0.00", "426.67", "426.67", "0.00"],
    ),
    (
        "the entry is doubled",
        |world, ids| double(world, &ids[0]),
        ["0.00", "426.67", "426.67", "0.00"],
    ),
    (
        "its reversal is doubled",
        |world, ids| double(world, &ids[1]),
        ["0.00", "-426.67", "-426.67", "0.00"],
    ),
];

#[test]
fn edit_of_cancelled_pair_becomes_conflict() {
    for (name, meddle, stands) in MEDDLINGS {
        let (world, ids) = with_a_pair();
        meddle(&world, &ids);
        a_day_later(&world);
        assert_eq!(
            view(&world)["state"],
            "conflict",
            "{name}: {}",
            view(&world)
        );
        assert_books(&world, stands, name);
        decide(&world, DecisionKind::KeepRivet).unwrap();
        a_day_later(&world);
        assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
        assert_books(&world, NOTHING, name);
        (0..2).for_each(|_| a_day_later(&world));
        assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
    }
}

#[test]
fn edited_cancelled_pair_can_be_kept() {
    for (name, meddle, stands) in MEDDLINGS {
        let (world, ids) = with_a_pair();
        meddle(&world, &ids);
        a_day_later(&world);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        for _ in 0..3 {
            a_day_later(&world);
            assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
            assert_books(&world, stands, name);
        }
    }
}
