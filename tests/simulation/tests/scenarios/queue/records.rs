//! The stored form of a queue: records without pages load, and no record gets large.

use crate::queue::given::{
    at, document, firm, new_entry, paused_entry, pro_plan, queue_entry, result_for, store,
    without_pages,
};
use futures::executor::block_on;
use serde_json::{Value, json};
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::requests::claimant;
use store::PAGE_CAPACITY;
use store::queue::entry::EntryState;
use store::queue::lease::{EnqueueResult, LeaseRelease, LeaseResult, NewEntry};
use store::reason::hold::{HoldReason, UnmatchedCustomer};

const KEY: &str = "rivet-books:queue:firm_harbor";

fn largest(memory: &MemoryStore) -> usize {
    memory.content().values().map(Vec::len).max().unwrap()
}

/// Returns a store with a queue record in the format before pages existed.
fn memory_without_pages(documents: usize) -> MemoryStore {
    let waits = |number: usize| {
        json!({
            "document": { "kind": "pay_app", "id": format!("pa_{number:04}") }, "revision": 1, "date": "2026-03-31",
            "state": { "held": "paused" },
        })
    };
    let entries: Vec<Value> = (0..documents).map(waits).collect();
    let queue = json!({
        "lease": { "owner": "a", "expires_at": "2026-03-02T15:00:00Z" }, "entries": entries, "plan": null,
        "last_sync_at": null, "recent_activity": [], "activity_pages": 0, "call_not_before": null,
    });
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    memory.put(
        KEY,
        serde_json::to_vec(&json!({ "v": 1, "n": ["x"], "r": queue })).unwrap(),
    );
    memory
}

#[test]
fn queue_record_without_pages_loads_and_gains_them() {
    let memory = memory_without_pages(1000);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let before = block_on(store.queue(&firm())).unwrap();
    assert_eq!(before.counts().held, 1000);
    assert!(!before.has_expired_lease());
    block_on(store.enqueue(&firm(), &paused_entry(1000), claimant("rivet", at(0)))).unwrap();
    let after = block_on(store.queue(&firm())).unwrap();
    let order = after.entries.iter().map(|entry| entry.document.clone());
    assert!(order.eq((0..=1000).map(document)));
    assert!(largest(&memory) < 32 * 1024, "{}", largest(&memory));
}

#[test]
fn short_queue_is_stored_without_pages() {
    let memory = memory_without_pages(3);
    let store = store(&memory, PAGE_CAPACITY, 1);
    block_on(store.enqueue(&firm(), &paused_entry(3), claimant("rivet", at(0)))).unwrap();
    let stored: Value = serde_json::from_slice(&memory.read(KEY).unwrap()).unwrap();
    assert_eq!(stored["r"]["overflow"], Value::Null);
    assert_eq!(stored["r"]["entries"].as_array().unwrap().len(), 4);
}

#[test]
fn unpaged_queue_update_costs_two_reads_one_write() {
    let memory = memory_without_pages(100);
    let store = store(&memory, PAGE_CAPACITY, 1);
    let (reads, writes) = (memory.reads(), memory.writes());
    let cost = |reads_before: usize, writes_before: usize| {
        (
            memory.reads() - reads_before,
            memory.writes() - writes_before,
        )
    };
    block_on(store.enqueue(&firm(), &paused_entry(100), claimant("rivet", at(0)))).unwrap();
    assert_eq!(cost(reads, writes), (2, 1));
    let (reads, writes) = (memory.reads(), memory.writes());
    let LeaseResult::Ours(queue) =
        block_on(store.acquire_lease(&firm(), claimant("w", at(0)))).unwrap()
    else {
        panic!("the lease is free");
    };
    let done = [result_for(&queue.entries[7], None, at(1))];
    block_on(store.complete_and_release(&firm(), &done, LeaseRelease::new("w", at(1)))).unwrap();
    assert_eq!(cost(reads, writes), (4, 2));
}

/// The newest entries are in the queue record. A first revision is enqueued without reading the pages.
#[test]
fn enqueue_to_long_queue_reads_no_page() {
    let memory = memory_without_pages(1000);
    let store = store(&memory, PAGE_CAPACITY, 1);
    block_on(store.enqueue(&firm(), &paused_entry(1000), claimant("rivet", at(0)))).unwrap();
    let (reads, writes) = (memory.reads(), memory.writes());
    block_on(store.enqueue(&firm(), &paused_entry(1001), claimant("rivet", at(0)))).unwrap();
    assert_eq!((memory.reads() - reads, memory.writes() - writes), (2, 1));
}

/// The second revision is on a page when the first revision arrives late. The late revision is stored without reading the page, and
/// joins the entry later.
#[test]
fn late_first_revision_joins_existing_entry() {
    let memory = MemoryStore::new(BackEnd::Sqlite);
    let store = store(&memory, 2, 1);
    let put = |params: &NewEntry| {
        block_on(store.enqueue(&firm(), params, claimant("rivet", at(0)))).unwrap()
    };
    let second = queue_entry(0, 2, EntryState::Held(HoldReason::Paused));
    put(&new_entry(second, pro_plan(at(0)), false));
    for number in 1..5 {
        put(&paused_entry(number));
    }
    let before = without_pages(block_on(store.queue(&firm())).unwrap());
    assert_eq!(put(&paused_entry(0)), EnqueueResult::Waits(None));
    let after = without_pages(block_on(store.queue(&firm())).unwrap());
    assert_eq!(after.entries, before.entries);
    assert_eq!(after.counts().held, 5);
    for number in 6..12 {
        put(&paused_entry(number));
    }
    assert_eq!(block_on(store.queue(&firm())).unwrap().counts().held, 11);
    let released = block_on(store.release_holds(&firm(), |_| true)).unwrap();
    assert_eq!(
        (released.counts().pending, released.entries[0].revision),
        (11, 2)
    );
}

#[test]
fn long_hold_reasons_shrink_queue_pages() {
    let memory = MemoryStore::new(BackEnd::Sqlite);
    let store = store(&memory, PAGE_CAPACITY, 1);
    for number in 0..600 {
        let long = EntryState::Held(HoldReason::CustomerUnmatched(UnmatchedCustomer::Named(
            "a contractor's name ".repeat(40),
        )));
        let held = new_entry(queue_entry(number, 1, long), pro_plan(at(0)), true);
        block_on(store.enqueue(&firm(), &held, claimant("rivet", at(0)))).unwrap();
    }
    assert_eq!(block_on(store.queue(&firm())).unwrap().counts().held, 600);
    assert!(largest(&memory) < 64 * 1024, "{}", largest(&memory));
}
