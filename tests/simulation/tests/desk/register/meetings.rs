//! Several that change the register at the same time, too late, or dying over it.

use super::{PAGES, assert_all_named, both, entry, known, leave, object, pages, posted, swept};
use crate::given::{Records, at, firm, paused, store};
use crate::races::{Remotely, play};
use futures::executor::block_on;
use futures::future::join;
use jiff::SignedDuration;
use quickbooks::Kind;
use simulation::deployment::Deployment;
use simulation::memory::{BackEnd, Memory};
use simulation::world::Place;
use std::cell::RefCell;
use std::rc::Rc;
use store::Claimant;
use store::PAGE_CAPACITY;
use store::Store;
use store::object_index::CHUNK;
use store::queue::lease::LeaseRelease;

/// A desk with so many chunks in its record that the next change moves.
fn about_to_move(memory: &Memory, chunks: usize) -> Store<Records> {
    let store = store(memory, PAGE_CAPACITY, 1);
    leave(&store, &[]);
    for number in 0..chunks * CHUNK / 2 {
        leave(&store, &[posted(number, both(number, 0))]);
    }
    store
}

/// The worker dies with the page written and the desk as it was.
#[test]
fn crash_before_swap_leaves_page_reproducible() {
    for chunks in 1..=7 {
        let memory = Memory::new(BackEnd::DynamoDb);
        let store = about_to_move(&memory, chunks);
        let before = memory.content();
        let numbers = chunks * CHUNK / 2;
        leave(&store, &[posted(numbers, both(numbers, 0))]);
        let after = memory.content();
        // Only what was written before the swap came about.
        let mut crashed = before.clone();
        let new = after.iter().filter(|(key, _)| key.starts_with(PAGES));
        let new: Vec<_> = new.filter(|(key, _)| !before.contains_key(*key)).collect();
        assert_eq!(new.len(), 1);
        let (page, written) = (new[0].0.clone(), new[0].1.clone());
        crashed.insert(page.clone(), written.clone());
        let memory = Memory::holding(BackEnd::DynamoDb, crashed);
        let store = crate::given::store(&memory, PAGE_CAPACITY, 2);
        assert_eq!(known(&store, 0..numbers).len(), 2 * numbers);
        assert_eq!(swept(&store).len(), 2 * numbers);
        // Another verb comes first, and moves.
        block_on(store.enqueue(
            &firm(),
            &paused(5000),
            Claimant {
                owner: "rivet",
                now: at(0),
            },
        ))
        .unwrap();
        let entries =
            |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["r"].clone();
        let again = memory.read(&page).unwrap();
        assert_eq!(entries(&again), entries(&written), "{chunks} chunks");
        assert_eq!(swept(&store).len(), 2 * numbers);
        assert_all_named(&memory, "");
    }
}

/// What a stalled worker writes when all others have long moved on takes nothing from them.
#[test]
fn late_page_write_loses_no_entries() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = about_to_move(&memory, 1);
    let mut late = Vec::new();
    let numbers = 8 * CHUNK / 2;
    for number in CHUNK / 2..numbers {
        leave(&store, &[posted(number, both(number, 0))]);
        let content = memory.content();
        late.extend(
            content
                .into_iter()
                .filter(|(key, _)| key.starts_with(PAGES)),
        );
    }
    for (key, value) in late {
        memory.put(&key, value);
        assert_eq!(swept(&store).len(), 2 * numbers, "{key}");
    }
    leave(&store, &[posted(numbers, both(numbers, 0))]);
    assert_eq!(known(&store, 0..=numbers).len(), 2 * numbers + 2);
}

/// Documents arrive while a worker leaves, both of whom move what is full: nothing is lost, and no page is left that nobody names.
#[test]
fn enqueue_during_completion_loses_nothing() {
    for back_end in BackEnd::ALL {
        for chunks in 1..=6 {
            let memory = Memory::new(back_end);
            let one = about_to_move(&memory, chunks);
            let two = store(&memory, PAGE_CAPACITY, 2);
            let (firm, numbers) = (firm(), chunks * CHUNK / 2);
            let done: Vec<_> = (numbers..numbers + 150)
                .map(|number| posted(number, both(number, 0)))
                .collect();
            let arrivals = async {
                for number in 5000..5020 {
                    two.enqueue(
                        &firm,
                        &paused(number),
                        Claimant {
                            owner: "rivet",
                            now: at(0),
                        },
                    )
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
            let desk = block_on(one.queue(&firm)).unwrap();
            assert_eq!(desk.counts().held, 20);
            assert_all_named(&memory, &format!("{back_end:?}, {chunks} chunks"));
        }
    }
}

/// Two workers that both believe to have the desk.
#[test]
fn concurrent_completions_keep_both_index_entries() {
    for back_end in BackEnd::ALL {
        let memory = Memory::new(back_end);
        let one = about_to_move(&memory, 1);
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

/// Whoever holds a register of a while ago gets what is known now, and what they have added themselves.
#[test]
fn outdated_object_index_finds_current_entries() {
    let memory = Memory::new(BackEnd::DynamoDb);
    let store = about_to_move(&memory, 2);
    let mut old = block_on(store.queue(&firm())).unwrap().object_index;
    let own = entry(Kind::Invoice, 9000, 0);
    old.add(own.clone());
    for number in 0..3 * CHUNK {
        leave(&store, &[posted(number, both(number, 1))]);
    }
    let asked = [entry(Kind::Invoice, 3, 0), own.clone()].map(|entry| object(&entry));
    let found = block_on(store.entries_of(&firm(), &old, &asked)).unwrap();
    assert_eq!(found, [entry(Kind::Invoice, 3, 1), own]);
    for part in 0..old.parts() {
        let found = block_on(store.entries_on_page(&firm(), &old, part)).unwrap();
        assert!(!found.is_empty());
    }
}

/// The documents that each worker of a story finishes.
const EACH: usize = 30;

/// A worker leaves with what it learnt of its documents, in this version, until it is told that it has left.
async fn learn(at: Deployment, worker: usize, version: u32) {
    for try_ in 0.. {
        let told = Rc::new(RefCell::new(false));
        let (tell, stage) = (Rc::clone(&told), at.clone());
        let place = Place::Instance((worker + try_ % 2) as u8);
        let task = at.world.spawn(place, "worker", async move {
            let store: Remotely = stage.books().store;
            let numbers = worker * EACH..(worker + 1) * EACH;
            let done: Vec<_> = numbers
                .map(|number| posted(number, both(number, version)))
                .collect();
            let leaving = LeaseRelease::new("w", stage.world.now());
            *tell.borrow_mut() = store
                .complete_and_release(&firm(), &done, leaving)
                .await
                .is_ok();
        });
        at.world.join(task).await;
        if *told.borrow() {
            return;
        }
        at.world.sleep(SignedDuration::from_secs(1)).await;
    }
}

async fn story(stage: Deployment) {
    const WORKERS: usize = 3;
    let world = stage.world.clone();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let stage = stage.clone();
            world.spawn(Place::Outside, "firm", async move {
                for version in 0..8 {
                    learn(stage.clone(), worker, version).await;
                }
            })
        })
        .collect();
    for worker in workers {
        world.join(worker).await;
    }
    world.calm();
    world.idle().await;
    let store = stage.records();
    let register = store.queue(&firm()).await.unwrap().object_index;
    let expected: Vec<_> = (0..WORKERS * EACH).flat_map(|n| both(n, 7)).collect();
    let asked: Vec<_> = expected.iter().map(object).collect();
    let mut found = store.entries_of(&firm(), &register, &asked).await.unwrap();
    found.sort_by_key(|entry| entry.id.parse::<u64>().unwrap());
    assert_eq!(found, expected);
    let (stored, named) = pages(&stage.memory);
    assert!(!named.is_empty());
    assert!(named.iter().all(|name| stored.contains(name)), "{named:?}");
}

#[test]
fn crashing_index_writers_lose_no_confirmed_entry() {
    play(200, story);
}
