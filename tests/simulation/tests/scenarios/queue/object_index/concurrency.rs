//! Updates of the object index that are concurrent, late, or cut off by a crash.

use super::{PAGES, assert_all_named, both, complete, entry, known, object, pages, posted, swept};
use crate::queue::concurrency::{FaultyRecords, run_seeds};
use crate::queue::given::{Records, at, firm, paused_entry, store};
use futures::executor::block_on;
use futures::future::join;
use jiff::SignedDuration;
use quickbooks::Kind;
use simulation::deployment::Deployment;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::requests::claimant;
use simulation::seeds::{TestSize, stride};
use simulation::world::Place;
use std::cell::RefCell;
use std::rc::Rc;
use store::object_index::CHUNK;
use store::queue::lease::LeaseRelease;
use store::{PAGE_CAPACITY, Store};

/// Returns a store whose next update moves this many chunks from the queue record to a page.
fn store_before_move(memory: &MemoryStore, chunks: usize) -> Store<Records> {
    let store = store(memory, PAGE_CAPACITY, 1);
    complete(&store, &[]);
    for number in 0..chunks * CHUNK / 2 {
        complete(&store, &[posted(number, both(number, 0))]);
    }
    store
}

/// A worker crashes after it wrote the page and before it updated the queue.
#[test]
fn crash_before_swap_leaves_page_reproducible() {
    for chunks in (1..=7).step_by(stride()) {
        let memory = MemoryStore::new(BackEnd::DynamoDb);
        let store = store_before_move(&memory, chunks);
        let before = memory.content();
        let numbers = chunks * CHUNK / 2;
        complete(&store, &[posted(numbers, both(numbers, 0))]);
        let after = memory.content();
        // Keep only what is written before the swap.
        let mut crashed = before.clone();
        let new = after.iter().filter(|(key, _)| key.starts_with(PAGES));
        let new: Vec<_> = new.filter(|(key, _)| !before.contains_key(*key)).collect();
        assert_eq!(new.len(), 1);
        let (page, written) = (new[0].0.clone(), new[0].1.clone());
        crashed.insert(page.clone(), written.clone());
        let memory = MemoryStore::with_content(BackEnd::DynamoDb, crashed);
        let store = crate::queue::given::store(&memory, PAGE_CAPACITY, 2);
        assert_eq!(known(&store, 0..numbers).len(), 2 * numbers);
        assert_eq!(swept(&store).len(), 2 * numbers);
        // Another operation runs first, and moves the chunks.
        block_on(store.enqueue(&firm(), &paused_entry(5000), claimant("rivet", at(0)))).unwrap();
        let entries =
            |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["r"].clone();
        let again = memory.read(&page).unwrap();
        assert_eq!(entries(&again), entries(&written), "{chunks} chunks");
        assert_eq!(swept(&store).len(), 2 * numbers);
        assert_all_named(&memory, "");
    }
}

/// A stalled worker writes its page long after other updates. The late page removes no entries.
#[test]
fn late_page_write_loses_no_entries() {
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let store = store_before_move(&memory, 1);
    let mut late = Vec::new();
    let numbers = 8 * CHUNK / 2;
    for number in CHUNK / 2..numbers {
        complete(&store, &[posted(number, both(number, 0))]);
        let content = memory.content();
        late.extend(
            content
                .into_iter()
                .filter(|(key, _)| key.starts_with(PAGES)),
        );
    }
    for (key, value) in late.into_iter().step_by(stride()) {
        memory.put(&key, value);
        assert_eq!(swept(&store).len(), 2 * numbers, "{key}");
    }
    complete(&store, &[posted(numbers, both(numbers, 0))]);
    assert_eq!(known(&store, 0..=numbers).len(), 2 * numbers + 2);
}

/// Documents are enqueued while a worker completes. Both move full chunks: no entry is lost, and no unnamed page remains.
#[test]
fn enqueue_during_completion_loses_nothing() {
    for back_end in BackEnd::ALL {
        for chunks in (1..=6).step_by(stride()) {
            let memory = MemoryStore::new(back_end);
            let one = store_before_move(&memory, chunks);
            let two = store(&memory, PAGE_CAPACITY, 2);
            let (firm, numbers) = (firm(), chunks * CHUNK / 2);
            let done: Vec<_> = (numbers..numbers + 150)
                .map(|number| posted(number, both(number, 0)))
                .collect();
            let arrivals = async {
                for number in 5000..5020 {
                    two.enqueue(&firm, &paused_entry(number), claimant("rivet", at(0)))
                        .await
                        .unwrap();
                }
            };
            let leaving = one.complete_and_release(&firm, &done, LeaseRelease::new("w", at(1)));
            let (left, ()) = block_on(join(leaving, arrivals));
            left.unwrap();
            let numbers = numbers + 150;
            assert_eq!(known(&two, 0..numbers).len(), 2 * numbers, "{back_end:?}");
            assert_eq!(swept(&two).len(), 2 * numbers, "{back_end:?}");
            let queue = block_on(one.queue(&firm)).unwrap();
            assert_eq!(queue.counts().held, 20);
            assert_all_named(&memory, &format!("{back_end:?}, {chunks} chunks"));
        }
    }
}

/// Two workers both assume that they hold the lease.
#[test]
fn concurrent_completions_keep_both_index_entries() {
    for back_end in BackEnd::ALL {
        let memory = MemoryStore::new(back_end);
        let one = store_before_move(&memory, 1);
        let two = store(&memory, PAGE_CAPACITY, 2);
        let firm = firm();
        let from = |first: usize| -> Vec<_> {
            let numbers = first..first + 300;
            numbers
                .map(|number| posted(number, both(number, 0)))
                .collect()
        };
        let (ones, twos) = (from(1000), from(2000));
        let both = join(
            one.complete_and_release(&firm, &ones, LeaseRelease::new("a", at(1))),
            two.complete_and_release(&firm, &twos, LeaseRelease::new("b", at(1))),
        );
        let (first, second) = block_on(both);
        assert!(first.is_ok() && second.is_ok());
        let numbers = (0..CHUNK / 2).chain(1000..1300).chain(2000..2300);
        assert_eq!(known(&one, numbers).len(), CHUNK + 1200, "{back_end:?}");
        assert_eq!(swept(&one).len(), CHUNK + 1200, "{back_end:?}");
        assert_all_named(&memory, &format!("{back_end:?}"));
    }
}

/// A caller with an outdated index finds the current entries and its own additions.
#[test]
fn outdated_object_index_finds_current_entries() {
    let memory = MemoryStore::new(BackEnd::DynamoDb);
    let store = store_before_move(&memory, 2);
    let mut old = block_on(store.queue(&firm())).unwrap().object_index;
    let own = entry(Kind::Invoice, 9000, 0);
    old.add(own.clone());
    for number in 0..3 * CHUNK {
        complete(&store, &[posted(number, both(number, 1))]);
    }
    let asked = [entry(Kind::Invoice, 3, 0), own.clone()].map(|entry| object(&entry));
    let found = block_on(store.entries_of(&firm(), &old, &asked)).unwrap();
    assert_eq!(found, [entry(Kind::Invoice, 3, 1), own]);
    for part in 0..old.parts() {
        let found = block_on(store.entries_on_page(&firm(), &old, part)).unwrap();
        assert!(!found.is_empty());
    }
}

/// The number of documents that each worker completes.
const EACH: usize = 30;

/// Completes documents with this object version, until the store confirms it.
async fn complete_documents(at: Deployment, worker: usize, version: u32) {
    for try_ in 0.. {
        let confirmed = Rc::new(RefCell::new(false));
        let (confirm, deployment) = (Rc::clone(&confirmed), at.clone());
        let place = Place::Instance((worker + try_ % 2) as u8);
        let task = at.world.spawn(place, "worker", async move {
            let store: FaultyRecords = deployment.services().store;
            let numbers = worker * EACH..(worker + 1) * EACH;
            let done: Vec<_> = numbers
                .map(|number| posted(number, both(number, version)))
                .collect();
            let release = LeaseRelease::new("w", deployment.world.now());
            *confirm.borrow_mut() = store
                .complete_and_release(&firm(), &done, release)
                .await
                .is_ok();
        });
        at.world.join(task).await;
        if *confirmed.borrow() {
            return;
        }
        at.world.sleep(SignedDuration::from_secs(1)).await;
    }
}

async fn scenario(deployment: Deployment) {
    const WORKERS: usize = 3;
    let world = deployment.world.clone();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let deployment = deployment.clone();
            world.spawn(Place::Outside, "firm", async move {
                for version in 0..8 {
                    complete_documents(deployment.clone(), worker, version).await;
                }
            })
        })
        .collect();
    for worker in workers {
        world.join(worker).await;
    }
    world.stop_faults();
    world.wait_for_instances().await;
    let store = deployment.direct_store();
    let index = store.queue(&firm()).await.unwrap().object_index;
    let expected: Vec<_> = (0..WORKERS * EACH).flat_map(|n| both(n, 7)).collect();
    let asked: Vec<_> = expected.iter().map(object).collect();
    let mut found = store.entries_of(&firm(), &index, &asked).await.unwrap();
    found.sort_by_key(|entry| entry.id.parse::<u64>().unwrap());
    assert_eq!(found, expected);
    let (stored, named) = pages(&deployment.memory);
    assert!(!named.is_empty());
    assert!(named.iter().all(|name| stored.contains(name)), "{named:?}");
}

#[test]
fn crashing_index_writers_lose_no_confirmed_entry() {
    run_seeds(
        &TestSize {
            usual: 8,
            full: 100,
        },
        scenario,
    );
}
