//! What is stored of a desk: as it was stored before there were shelves, and how large it gets.

use crate::given::{arrival, at, document, finished, firm, paused, plain, store, waiting};
use billing::SubscriptionPlan;
use futures::executor::block_on;
use serde_json::{Value, json};
use simulation::memory::{BackEnd, Memory};
use store::Claimant;
use store::PAGE_CAPACITY;
use store::queue::entry::EntryState;
use store::queue::lease::LeaseRelease;
use store::queue::lease::{EnqueueResult, LeaseResult, NewEntry};
use store::reason::hold::HoldReason;

const KEY: &str = "rivet-books/desk/firm_harbor";

fn largest(memory: &Memory) -> usize {
    memory.content().values().map(Vec::len).max().unwrap()
}

/// A desk as it was stored before there were shelves.
fn before_shelves(documents: usize) -> Memory {
    let waits = |number: usize| {
        json!({
            "document": { "kind": "pay_app", "id": format!("pa_{number:04}") }, "revision": 1, "date": "2026-03-31",
            "mark": { "held": "paused" },
        })
    };
    let waiting: Vec<Value> = (0..documents).map(waits).collect();
    let desk = json!({
        "worker": { "owner": "a", "until": "2026-03-02T15:00:00Z" }, "waiting": waiting, "plan": null, "last_sync_at": null,
        "recent": [], "pages": 0, "not_before": null,
    });
    let memory = Memory::new(BackEnd::DynamoDb);
    memory.put(
        KEY,
        serde_json::to_vec(&json!({ "v": 1, "n": ["x"], "r": desk })).unwrap(),
    );
    memory
}

#[test]
fn queue_record_without_pages_loads_and_gains_them() {
    let memory = before_shelves(1000);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let before = block_on(store.queue(&firm())).unwrap();
    assert_eq!(before.counts().held, 1000);
    assert!(!before.has_expired_lease());
    block_on(store.enqueue(
        &firm(),
        &paused(1000),
        Claimant {
            owner: "rivet",
            now: at(0),
        },
    ))
    .unwrap();
    let after = block_on(store.queue(&firm())).unwrap();
    let order = after.entries.iter().map(|waiting| waiting.document.clone());
    assert!(order.eq((0..=1000).map(document)));
    assert!(largest(&memory) < 32 * 1024, "{}", largest(&memory));
}

#[test]
fn short_queue_is_stored_without_pages() {
    let memory = before_shelves(3);
    let store = store(&memory, PAGE_CAPACITY, 1);
    block_on(store.enqueue(
        &firm(),
        &paused(3),
        Claimant {
            owner: "rivet",
            now: at(0),
        },
    ))
    .unwrap();
    let stored: Value = serde_json::from_slice(&memory.read(KEY).unwrap()).unwrap();
    assert_eq!(stored["r"]["shelves"], Value::Null);
    assert_eq!(stored["r"]["waiting"].as_array().unwrap().len(), 4);
}

#[test]
fn unpaged_queue_update_costs_two_reads_one_write() {
    let memory = before_shelves(100);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let (reads, writes) = (memory.reads(), memory.writes());
    let cost = |reads_before: usize, writes_before: usize| {
        (
            memory.reads() - reads_before,
            memory.writes() - writes_before,
        )
    };
    block_on(store.enqueue(
        &firm(),
        &paused(100),
        Claimant {
            owner: "rivet",
            now: at(0),
        },
    ))
    .unwrap();
    assert_eq!(cost(reads, writes), (2, 1));
    let (reads, writes) = (memory.reads(), memory.writes());
    let LeaseResult::Ours(desk) = block_on(store.acquire_lease(
        &firm(),
        Claimant {
            owner: "w",
            now: at(0),
        },
    ))
    .unwrap() else {
        panic!("the seat is free");
    };
    let done = [finished(&desk.entries[7], None, at(1))];
    block_on(store.complete_and_release(&firm(), &done, LeaseRelease::new("w", at(1)))).unwrap();
    assert_eq!(cost(reads, writes), (4, 2));
}

/// The newest lies in the record, the rest on shelves that the common arrival does not even read.
#[test]
fn enqueue_to_long_queue_reads_no_page() {
    let memory = before_shelves(1000);
    let store = store(&memory, PAGE_CAPACITY, 1);
    block_on(store.enqueue(
        &firm(),
        &paused(1000),
        Claimant {
            owner: "rivet",
            now: at(0),
        },
    ))
    .unwrap();
    let (reads, writes) = (memory.reads(), memory.writes());
    block_on(store.enqueue(
        &firm(),
        &paused(1001),
        Claimant {
            owner: "rivet",
            now: at(0),
        },
    ))
    .unwrap();
    assert_eq!((memory.reads() - reads, memory.writes() - writes), (2, 1));
}

/// Its second revision is on a shelf when the first comes late: it is put down without a look there, and joins it.
#[test]
fn late_first_revision_joins_existing_entry() {
    let memory = Memory::new(BackEnd::Sqlite);
    let store = store(&memory, 2, 1);
    let put = |arrival: &NewEntry| {
        block_on(store.enqueue(
            &firm(),
            arrival,
            Claimant {
                owner: "rivet",
                now: at(0),
            },
        ))
        .unwrap()
    };
    let second = waiting(0, 2, EntryState::Held(HoldReason::Paused));
    put(&arrival(second, (SubscriptionPlan::Pro, at(0)), false));
    for number in 1..5 {
        put(&paused(number));
    }
    let before = plain(block_on(store.queue(&firm())).unwrap());
    assert_eq!(put(&paused(0)), EnqueueResult::Waits(None));
    let after = plain(block_on(store.queue(&firm())).unwrap());
    assert_eq!(after.entries, before.entries);
    assert_eq!(after.counts().held, 5);
    for number in 6..12 {
        put(&paused(number));
    }
    assert_eq!(block_on(store.queue(&firm())).unwrap().counts().held, 11);
    let cured = block_on(store.release_holds(&firm(), |_| true)).unwrap();
    assert_eq!((cured.counts().pending, cured.entries[0].revision), (11, 2));
}

#[test]
fn long_hold_reasons_shrink_queue_pages() {
    let memory = Memory::new(BackEnd::Sqlite);
    let store = store(&memory, PAGE_CAPACITY, 1);
    for number in 0..600 {
        let long = EntryState::Held(HoldReason::CustomerUnmatched(
            "a contractor's name ".repeat(40),
        ));
        let held = arrival(
            waiting(number, 1, long),
            (SubscriptionPlan::Pro, at(0)),
            true,
        );
        block_on(store.enqueue(
            &firm(),
            &held,
            Claimant {
                owner: "rivet",
                now: at(0),
            },
        ))
        .unwrap();
    }
    assert_eq!(block_on(store.queue(&firm())).unwrap().counts().held, 600);
    assert!(largest(&memory) < 64 * 1024, "{}", largest(&memory));
}
