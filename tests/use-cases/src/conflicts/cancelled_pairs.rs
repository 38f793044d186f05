//! Cancelled pairs: a person edits a journal entry or its reversal after the pay app was voided.

use super::edits::{Balances, NOTHING};
use super::{assert_balances, decide, deliver_void, view};
use crate::support::events::event_body;
use crate::support::world::World;
use bridge::accept_event::Outcome;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::document::decision::DecisionKind;

/// Returns a firm with a voided pay app, and the ids of its journal entry and of the reversal.
fn with_cancelled_pair() -> (World, [String; 2]) {
    let world = World::configured();
    assert_eq!(world.deliver(event_body("04")), Outcome::Posted);
    assert_eq!(deliver_void(&world, 1), Outcome::Posted);
    assert_balances(&world, NOTHING, "voided");
    let simulator = world.simulator();
    let entries = simulator.entities(&world.realm, "JournalEntry");
    let ids: Vec<String> = entries
        .map(|entry| entry["Id"].as_str().unwrap().to_owned())
        .collect();
    drop(simulator);
    (world, ids.try_into().unwrap())
}

fn delete_entry(world: &World, id: &str) {
    world
        .person(|person| person.delete("JournalEntry", id))
        .unwrap();
}

/// Doubles the amount of every line.
fn double_entry(world: &World, id: &str) {
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

/// Lets a day pass: a scan finds changes, and decisions are executed.
fn run_next_day(world: &World) {
    world.advance(SignedDuration::from_hours(24));
    for _ in 0..2 {
        world.run_next_sync();
    }
}

/// An edit of the entry or of its reversal, and the balances after it.
struct PairEdit {
    name: &'static str,
    apply: fn(&World, &[String; 2]),
    balances: Balances,
}

const EDITS: [PairEdit; 4] = [
    PairEdit {
        name: "the entry is deleted",
        apply: |world, ids| delete_entry(world, &ids[0]),
        balances: ["0.00", "-426.67", "-426.67", "0.00"],
    },
    PairEdit {
        name: "its reversal is deleted",
        apply: |world, ids| delete_entry(world, &ids[1]),
        balances: ["0.00", "426.67", "426.67", "0.00"],
    },
    PairEdit {
        name: "the entry is doubled",
        apply: |world, ids| double_entry(world, &ids[0]),
        balances: ["0.00", "426.67", "426.67", "0.00"],
    },
    PairEdit {
        name: "its reversal is doubled",
        apply: |world, ids| double_entry(world, &ids[1]),
        balances: ["0.00", "-426.67", "-426.67", "0.00"],
    },
];

#[test]
fn edit_of_cancelled_pair_becomes_conflict() {
    for edit in EDITS {
        let name = edit.name;
        let (world, ids) = with_cancelled_pair();
        (edit.apply)(&world, &ids);
        run_next_day(&world);
        assert_eq!(
            view(&world)["state"],
            "conflict",
            "{name}: {}",
            view(&world)
        );
        assert_balances(&world, edit.balances, name);
        decide(&world, DecisionKind::KeepRivet).unwrap();
        run_next_day(&world);
        assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
        assert_balances(&world, NOTHING, name);
        (0..2).for_each(|_| run_next_day(&world));
        assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
    }
}

#[test]
fn edited_cancelled_pair_can_be_kept() {
    for edit in EDITS {
        let name = edit.name;
        let (world, ids) = with_cancelled_pair();
        (edit.apply)(&world, &ids);
        run_next_day(&world);
        decide(&world, DecisionKind::KeepQuickbooks).unwrap();
        for _ in 0..3 {
            run_next_day(&world);
            assert_eq!(view(&world)["state"], "voided", "{name}: {}", view(&world));
            assert_balances(&world, edit.balances, name);
        }
    }
}
