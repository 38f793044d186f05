//! The object index of a queue: entries that a worker adds with its results are found by object, despite concurrent updates and crashes.

mod concurrency;
mod lookup;

use crate::queue::given::{Records, at, document, firm, paused_entry, result_for, store};
use fastrand::Rng;
use futures::executor::block_on;
use quickbooks::Kind;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::requests::claimant;
use simulation::seeds::stride;
use store::object_index::entry::{IndexEntry, Subject};
use store::queue::completion::WorkResult;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::{LeaseRelease, LeaseResult};
use store::{PAGE_CAPACITY, Store};

const QUEUE: &str = "rivet-books:queue:firm_harbor";
const PAGES: &str = "rivet-books:object-index:firm_harbor:";

/// Returns the index entry of one of the two objects of a document.
fn entry(kind: Kind, number: usize, version: u32) -> IndexEntry {
    let id = match kind {
        Kind::Invoice => 1000 + 2 * number,
        _ => 1001 + 2 * number,
    };
    IndexEntry {
        kind,
        id: id.to_string(),
        subject: Subject::Document(document(number)),
        version: version.to_string(),
        at: 1_780_000_000 + i64::from(version),
    }
}

fn both(number: usize, version: u32) -> Vec<IndexEntry> {
    [Kind::Invoice, Kind::JournalEntry]
        .map(|kind| entry(kind, number, version))
        .to_vec()
}

/// Returns the result for a posted document. The queue need not contain the document.
fn posted(number: usize, objects: Vec<IndexEntry>) -> WorkResult {
    let entry = crate::queue::given::queue_entry(number, 1, EntryState::PENDING);
    WorkResult {
        objects,
        ..result_for(&entry, None, at(1))
    }
}

fn complete(store: &Store<Records>, done: &[WorkResult]) {
    block_on(store.complete_and_release(&firm(), done, LeaseRelease::new("w", at(1)))).unwrap();
}

fn object(entry: &IndexEntry) -> (Kind, String) {
    (entry.kind, entry.id.clone())
}

/// Returns all index entries of the objects of these documents.
fn known(store: &Store<Records>, numbers: impl Iterator<Item = usize>) -> Vec<IndexEntry> {
    let asked: Vec<_> = numbers
        .flat_map(|n| both(n, 0))
        .map(|e| object(&e))
        .collect();
    let queue = block_on(store.queue(&firm())).unwrap();
    let mut found = block_on(store.entries_of(&firm(), &queue.object_index, &asked)).unwrap();
    found.sort_by_key(|entry| entry.id.parse::<u64>().unwrap());
    found
}

/// Returns the whole index, page by page, as a sweep reads it.
fn swept(store: &Store<Records>) -> Vec<IndexEntry> {
    let queue = block_on(store.queue(&firm())).unwrap();
    let part = |page| block_on(store.entries_on_page(&firm(), &queue.object_index, page)).unwrap();
    assert_eq!(part(queue.object_index.parts()), []);
    (0..queue.object_index.parts()).flat_map(part).collect()
}

/// Returns the pages that are stored, and the pages that the queue record names.
fn pages(memory: &MemoryStore) -> (Vec<String>, Vec<String>) {
    let content = memory.content();
    let stored = content.keys().filter_map(|key| key.strip_prefix(PAGES));
    let queue: serde_json::Value = serde_json::from_slice(&content[QUEUE]).unwrap();
    let named = queue["r"]["object_index"]["pages"].as_array().cloned();
    let named = named.unwrap_or_default().into_iter().enumerate();
    let named = named.map(|(number, page)| {
        let entries = page.as_str().unwrap().split(' ').next().unwrap();
        format!("{number}-{entries}")
    });
    (stored.map(str::to_owned).collect(), named.collect())
}

/// Checks that the queue names every stored page and no other.
fn assert_all_named(memory: &MemoryStore, when: &str) {
    let (stored, named) = pages(memory);
    assert_eq!(stored, named, "{when}");
}

fn largest(memory: &MemoryStore) -> usize {
    memory.content().values().map(Vec::len).max().unwrap()
}

/// Enqueues documents and acquires the lease.
fn full_queue(store: &Store<Records>, documents: usize) -> Vec<QueueEntry> {
    for number in 0..documents {
        block_on(store.enqueue(&firm(), &paused_entry(number), claimant("rivet", at(0)))).unwrap();
    }
    match block_on(store.acquire_lease(&firm(), claimant("w", at(0)))).unwrap() {
        LeaseResult::Ours(queue) => queue.entries,
        LeaseResult::Taken(_) => panic!("the lease is free"),
    }
}

#[test]
fn many_results_cost_one_write_per_twenty() {
    let documents = 1_000 / stride();
    let cost = |objects: fn(usize) -> Vec<IndexEntry>| {
        let memory = MemoryStore::new(BackEnd::DynamoDb);
        let store = store(&memory, PAGE_CAPACITY, 1);
        let entries = full_queue(&store, documents).into_iter().enumerate();
        let done: Vec<_> = entries
            .map(|(number, entry)| WorkResult {
                objects: objects(number),
                ..result_for(&entry, None, at(1))
            })
            .collect();
        let (reads, writes) = (memory.reads(), memory.writes());
        complete(&store, &done);
        let cost = (memory.reads() - reads, memory.writes() - writes);
        (cost, memory, store)
    };
    let ((reads_without, without), ..) = cost(|_| Vec::new());
    let ((reads, writes), memory, store) = cost(|number| both(number, 0));
    let (more, largest) = (writes - without, largest(&memory));
    println!(
        "{writes} writes instead of {without}, {reads} reads instead of {reads_without}; {largest} bytes at most"
    );
    assert!(more <= documents / 20, "{more}");
    assert!(largest < 32 * 1024, "{largest}");
    assert_eq!(known(&store, 0..documents).len(), 2 * documents);
    assert_eq!(swept(&store).len(), 2 * documents);
    assert_all_named(&memory, "");
}

/// Each document is completed by its own update.
#[test]
fn single_results_cost_one_index_write_per_twenty() {
    // A multiple of the entries on a page of the activity log.
    let documents = 960 / stride();
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let store = store(&memory, PAGE_CAPACITY, 1);
    complete(&store, &[]);
    let writes = memory.writes();
    for number in 0..documents {
        complete(&store, &[posted(number, both(number, 0))]);
        assert_all_named(&memory, "");
    }
    // Each update writes the queue, and every 32nd a page of the activity log.
    let more = memory.writes() - writes - documents - documents / 32;
    assert!(more <= documents / 20, "{more}");
    assert!(largest(&memory) < 32 * 1024, "{}", largest(&memory));
    assert_eq!(swept(&store).len(), 2 * documents);
}
