//! Concurrent use of one queue loses no document, duplicates none, and leaves no page missing.

use crate::queue::given::{at, document, firm, paused_entry, result_for};
use futures::executor::block_on;
use futures::future::join;
use jiff::SignedDuration;
use platform::store::SealedRecords;
use serde_json::Value;
use simulation::Conditions;
use simulation::deployment::{self, Deployment};
use simulation::faulty_store::FaultyStore;
use simulation::memory_store::{BackEnd, MemoryStore};
use simulation::observer::Observer;
use simulation::requests::claimant;
use simulation::seeds::TestSize;
use simulation::world::{Place, TaskId, World};
use simulator::Rotation;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use store::Store;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::queue::lease::LeaseRelease;
use store::reason::hold::HoldReason;

const WRITERS: usize = 3;
const EACH: usize = 6;

/// Events that arrive at once.
const EVENTS: usize = 24;

fn deployment(seed: u64) -> Deployment {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let conditions = Conditions {
        one_in: 1 << chance.u32(3..7),
        crashes: chance.u32(..3),
        stores: chance.u32(..3),
        ..Conditions::without_faults()
    };
    let world = World::new(seed, conditions, at(0));
    let rotation = Rotation::Grace24h;
    let memory = MemoryStore::new(BackEnd::ALL[chance.usize(..4)]);
    Deployment {
        intuit: Rc::new(RefCell::new(deployment::intuit(&world, rotation))),
        world,
        observer: Rc::new(ListedPages(memory.clone())),
        memory,
        page_capacity: chance.usize(1..=3),
    }
}

/// Checks at each write that the queue names or lists all its pages. So a crash at any moment leaves none that an erasure does not find.
struct ListedPages(MemoryStore);

impl Observer for ListedPages {
    fn on_written(&self, key: &str, _: &[u8], _: TaskId) {
        let missing = missing_pages(&self.0, &["named", "loose"]);
        assert!(missing.is_empty(), "{key} leaves {missing:?}");
    }
}

/// Returns a deployment without faults, in which an operation of the store takes up to 20 ms.
fn slow_deployment(seed: u64) -> Deployment {
    let conditions = Conditions {
        step: SignedDuration::from_millis(20),
        ..Conditions::without_faults()
    };
    let world = World::new(seed, conditions, at(0));
    let memory = MemoryStore::new(BackEnd::ALL[seed as usize % 4]);
    Deployment {
        world,
        observer: Rc::new(ListedPages(memory.clone())),
        memory,
        ..deployment(seed)
    }
}

pub type FaultyRecords = Store<SealedRecords<FaultyStore>>;

/// Enqueues documents, each until the store confirms it.
async fn enqueue_all(at: Deployment, writer: usize) {
    for number in 0..EACH {
        let mut params = paused_entry(writer * EACH + number);
        loop {
            let confirmed = Rc::new(RefCell::new(false));
            let (confirm, deployment) = (Rc::clone(&confirmed), at.clone());
            let once = paused_entry(writer * EACH + number);
            let once = store::queue::lease::NewEntry {
                is_first: params.is_first,
                ..once
            };
            let task = at
                .world
                .spawn(Place::Instance(writer as u8), "arrival", async move {
                    let store: FaultyRecords = deployment.services().store;
                    let now = deployment.world.now();
                    let arrived = store.enqueue(&firm(), &once, claimant("rivet", now)).await;
                    *confirm.borrow_mut() = arrived.is_ok();
                });
            at.world.join(task).await;
            if *confirmed.borrow() {
                break;
            }
            params.is_first = false;
            at.world.sleep(SignedDuration::from_secs(1)).await;
        }
    }
}

/// Starts a worker that completes runnable documents or holds them again. A page may then get the same content as before.
fn work(at: &Deployment, owner: &'static str) {
    let deployment = at.clone();
    at.world.spawn(Place::Instance(7), "worker", async move {
        let (store, now) = (deployment.services().store, deployment.world.now());
        let Ok(store::queue::lease::LeaseResult::Ours(queue)) =
            store.acquire_lease(&firm(), claimant(owner, now)).await
        else {
            return;
        };
        let ready = queue
            .entries
            .iter()
            .filter(|entry| entry.state.is_runnable(now));
        let held = || {
            deployment
                .world
                .one_in(2)
                .then_some(EntryState::Held(HoldReason::Paused))
        };
        let done: Vec<_> = ready.map(|entry| result_for(entry, held(), now)).collect();
        let _ = store
            .complete_and_release(&firm(), &done, LeaseRelease::new(owner, now))
            .await;
    });
}

fn release_paused(at: &Deployment) {
    let deployment = at.clone();
    at.world.spawn(Place::Instance(8), "cure", async move {
        let store = deployment.services().store;
        let _ = store
            .release_holds(&firm(), |hold| *hold == HoldReason::Paused)
            .await;
    });
}

async fn scenario(deployment: Deployment) {
    let world = deployment.world.clone();
    // A writer without an answer repeats its request, perhaps after the document was finished. In production the received record
    // detects this.
    let has_faults = world.conditions()
        != Conditions {
            one_in: world.conditions().one_in,
            ..Conditions::without_faults()
        };
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            world.spawn(
                Place::Outside,
                "writer",
                enqueue_all(deployment.clone(), writer),
            )
        })
        .collect();
    for number in 0..16 {
        let longest = SignedDuration::from_secs(world.pick(&[0, 1, 1, 20]));
        world.sleep(world.span_up_to(longest)).await;
        match number % 2 {
            0 => release_paused(&deployment),
            _ => work(&deployment, ["a", "b"][world.below(2)]),
        }
    }
    for writer in writers {
        world.join(writer).await;
    }
    world.stop_faults();
    world.wait_for_instances().await;
    check(&deployment, has_faults).await;
}

/// Checks that each document is in the queue once or was finished, in the order of its writer.
async fn check(deployment: &Deployment, has_faults: bool) {
    let queue = deployment.direct_store().queue(&firm()).await.unwrap();
    let mut there = BTreeSet::new();
    for entry in &queue.entries {
        assert!(
            there.insert(entry.document.to_string()),
            "{} twice",
            entry.document
        );
    }
    let gone = posted(deployment, &queue);
    for number in 0..WRITERS * EACH {
        let document = document(number).to_string();
        assert!(
            there.contains(&document) || gone.contains(&document),
            "{document} is lost"
        );
        let is_back = there.contains(&document) && gone.contains(&document);
        assert!(has_faults || !is_back, "{document} is back");
    }
    for writer in 0..WRITERS {
        let own: Vec<_> = (0..EACH).map(|n| document(writer * EACH + n)).collect();
        let order = queue.entries.iter().map(|entry| &entry.document);
        let order: Vec<_> = order.filter(|document| own.contains(document)).collect();
        let mut sorted = order.clone();
        sorted.sort_by_key(|document| document.to_string());
        assert_eq!(order, sorted);
    }
}

/// Returns the documents that the activity log reports as posted.
fn posted(deployment: &Deployment, queue: &Queue) -> BTreeSet<String> {
    let mut lines = queue.recent_activity.clone();
    for page in 0..queue.activity_pages {
        lines.extend(
            block_on(deployment.direct_store().activity_page(&firm(), page))
                .unwrap()
                .0,
        );
    }
    let posted = lines.iter().filter(|line| line.state == "posted");
    posted.map(|line| line.document.to_string()).collect()
}

/// Runs a scenario with each of the first seeds.
pub fn run_seeds<F: Future<Output = ()> + 'static>(
    seeds: &TestSize,
    scenario: fn(Deployment) -> F,
) {
    for seed in 0..seeds.get() {
        let deployment = deployment(seed);
        let world = deployment.world.clone();
        if let Err(failure) = world.run(scenario(deployment)) {
            panic!("seed {seed}: {}", failure.message);
        }
    }
}

#[test]
fn concurrent_crashing_workers_neither_lose_nor_duplicate() {
    run_seeds(
        &TestSize {
            usual: 20,
            full: 500,
        },
        scenario,
    );
}

/// The first events of a firm arrive at once, and each operation of the store may take 20 ms.
#[test]
fn simultaneous_first_events_are_all_accepted() {
    for seed in 0..12 {
        let deployment = slow_deployment(seed);
        let (world, runner) = (deployment.world.clone(), deployment.world.clone());
        let arriving = deployment.clone();
        let first_events = async move {
            for number in 0..EVENTS {
                let at = arriving.clone();
                runner.spawn(Place::Instance(number as u8), "arrival", async move {
                    let (store, now) = (at.services().store, at.world.now());
                    let entry = paused_entry(number);
                    let arrived = store.enqueue(&firm(), &entry, claimant("rivet", now)).await;
                    if let Err(error) = arrived {
                        at.world.fail(error.to_string());
                    }
                });
            }
            runner.wait_for_instances().await;
        };
        if let Err(failure) = world.run(first_events) {
            panic!("seed {seed}: {}", failure.message);
        }
        let queue = block_on(deployment.direct_store().queue(&firm())).unwrap();
        assert_eq!(queue.counts().held, EVENTS, "seed {seed}");
    }
}

/// Two concurrent updates on each back end: every page that the winner names exists with its content.
#[test]
fn losing_swap_removes_no_page_of_winner() {
    for back_end in BackEnd::ALL {
        for page_capacity in 1..4 {
            let memory = MemoryStore::new(back_end);
            let [one, two] =
                [1, 2].map(|seed| crate::queue::given::store(&memory, page_capacity, seed));
            let (firm, documents) = (firm(), 9);
            for number in 0..documents {
                block_on(one.enqueue(&firm, &paused_entry(number), claimant("rivet", at(0))))
                    .unwrap();
            }
            // The two stores prepare the same change, and then each prepares its own.
            let released = |hold: &HoldReason| *hold == HoldReason::Paused;
            let both = join(
                one.release_holds(&firm, released),
                two.release_holds(&firm, released),
            );
            let (first, second) = block_on(both);
            assert_eq!(first.unwrap().counts().pending, documents);
            assert_eq!(second.unwrap().counts().pending, documents);
            let queue = block_on(one.queue(&firm)).unwrap();
            let done = |n: usize| {
                [result_for(
                    &queue.entries[n],
                    Some(EntryState::Failed),
                    at(1),
                )]
            };
            let (done_one, done_two) = (done(0), done(1));
            let both = join(
                one.complete_and_release(&firm, &done_one, LeaseRelease::new("a", at(1))),
                two.complete_and_release(&firm, &done_two, LeaseRelease::new("b", at(1))),
            );
            let (first, second) = block_on(both);
            assert!(first.is_ok() && second.is_ok());
            let queue = block_on(two.queue(&firm)).unwrap();
            let counts = queue.counts();
            assert_eq!(
                (counts.pending, counts.failed),
                (documents - 2, 2),
                "{back_end:?}"
            );
            let unnamed = missing_pages(&memory, &["named"]);
            assert!(unnamed.is_empty(), "{back_end:?}: {unnamed:?}");
        }
    }
}

/// Returns the pages that are not on these lists of the queue record. Each item is a name, perhaps with a time, or an object with the name.
fn missing_pages(memory: &MemoryStore, lists: &[&str]) -> Vec<String> {
    let content = memory.content();
    let keys = content.keys();
    let kept = keys.filter_map(|key| key.strip_prefix("rivet-books:queue-page:firm_harbor:"));
    let mut kept: Vec<String> = kept.map(str::to_owned).collect();
    if kept.is_empty() {
        return kept;
    }
    let queue: Value = serde_json::from_slice(&content["rivet-books:queue:firm_harbor"]).unwrap();
    let items = lists
        .iter()
        .filter_map(|list| queue["r"]["overflow"][list].as_array());
    let named: BTreeSet<&str> = items
        .flatten()
        .filter_map(|item| {
            item["name"]
                .as_str()
                .or(item.as_str())
                .and_then(|name| name.split(' ').next())
        })
        .collect();
    kept.retain(|name| !named.contains(name.as_str()));
    kept
}
