//! Several at one desk: nothing is lost, nothing is there twice, and no named shelf is missing.

use crate::given::{at, document, finished, firm, paused};
use futures::executor::block_on;
use futures::future::join;
use jiff::SignedDuration;
use platform::store::SealedRecords;
use serde_json::Value;
use simulation::Conditions;
use simulation::deployment::{self, Deployment};
use simulation::memory::{BackEnd, Memory};
use simulation::store::Remote;
use simulation::witness::Nobody;
use simulation::world::{Place, World};
use simulator::Rotation;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use store::Claimant;
use store::Store;
use store::queue::Queue;
use store::queue::entry::EntryState;
use store::queue::lease::LeaseRelease;
use store::reason::hold::HoldReason;

const WRITERS: usize = 3;
const EACH: usize = 6;

fn stage(seed: u64) -> Deployment {
    let mut chance = fastrand::Rng::with_seed(!seed);
    let conditions = Conditions {
        one_in: 1 << chance.u32(3..7),
        crashes: chance.u32(..3),
        stores: chance.u32(..3),
        ..Conditions::calm()
    };
    let world = World::new(seed, conditions, at(0));
    let rotation = Rotation::Grace24h;
    Deployment {
        intuit: Rc::new(RefCell::new(deployment::intuit(&world, rotation))),
        world,
        memory: Memory::new(BackEnd::ALL[chance.usize(..4)]),
        witness: Rc::new(Nobody),
        shelf: chance.usize(1..=3),
    }
}

pub type Remotely = Store<SealedRecords<Remote>>;

/// Documents arrive, each until it is said to have arrived.
async fn arrive(at: Deployment, writer: usize) {
    for number in 0..EACH {
        let mut arrival = paused(writer * EACH + number);
        loop {
            let told = Rc::new(RefCell::new(false));
            let (tell, stage) = (Rc::clone(&told), at.clone());
            let once = paused(writer * EACH + number);
            let once = store::queue::lease::NewEntry {
                is_first: arrival.is_first,
                ..once
            };
            let task = at
                .world
                .spawn(Place::Instance(writer as u8), "arrival", async move {
                    let store: Remotely = stage.books().store;
                    let now = stage.world.now();
                    let arrived = store
                        .enqueue(
                            &firm(),
                            &once,
                            Claimant {
                                owner: "rivet",
                                now,
                            },
                        )
                        .await;
                    *tell.borrow_mut() = arrived.is_ok();
                });
            at.world.join(task).await;
            if *told.borrow() {
                break;
            }
            arrival.is_first = false;
            at.world.sleep(SignedDuration::from_secs(1)).await;
        }
    }
}

/// A worker that finishes what is not held, or finds that it has to be held again: a shelf may come to hold what it held before.
fn work(at: &Deployment, owner: &'static str) {
    let stage = at.clone();
    at.world.spawn(Place::Instance(7), "worker", async move {
        let (store, now) = (stage.books().store, stage.world.now());
        let Ok(store::queue::lease::LeaseResult::Ours(desk)) =
            store.acquire_lease(&firm(), Claimant { owner, now }).await
        else {
            return;
        };
        let ready = desk
            .entries
            .iter()
            .filter(|waiting| waiting.state.is_runnable(now));
        let held = || {
            stage
                .world
                .one_in(2)
                .then_some(EntryState::Held(HoldReason::Paused))
        };
        let done: Vec<_> = ready
            .map(|waiting| finished(waiting, held(), now))
            .collect();
        let _ = store
            .complete_and_release(&firm(), &done, LeaseRelease::new(owner, now))
            .await;
    });
}

fn cure(at: &Deployment) {
    let stage = at.clone();
    at.world.spawn(Place::Instance(8), "cure", async move {
        let store = stage.books().store;
        let _ = store
            .release_holds(&firm(), |hold| *hold == HoldReason::Paused)
            .await;
    });
}

async fn story(stage: Deployment) {
    let world = stage.world.clone();
    // Who was not answered sends again, perhaps what was finished meanwhile; the reception would know it by its own record.
    let sent_again = world.conditions()
        != Conditions {
            one_in: world.conditions().one_in,
            ..Conditions::calm()
        };
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| world.spawn(Place::Outside, "writer", arrive(stage.clone(), writer)))
        .collect();
    for round in 0..16 {
        let longest = SignedDuration::from_secs(world.pick(&[0, 1, 1, 20]));
        world.sleep(world.up_to(longest)).await;
        match round % 2 {
            0 => cure(&stage),
            _ => work(&stage, ["a", "b"][world.below(2)]),
        }
    }
    for writer in writers {
        world.join(writer).await;
    }
    world.calm();
    world.idle().await;
    check(&stage, sent_again).await;
}

/// Each document waits once or was finished, in the order in which each writer sent them.
async fn check(stage: &Deployment, sent_again: bool) {
    let desk = stage.records().queue(&firm()).await.unwrap();
    let mut there = BTreeSet::new();
    for waiting in &desk.entries {
        assert!(
            there.insert(waiting.document.to_string()),
            "{} twice",
            waiting.document
        );
    }
    let gone = posted(stage, &desk);
    for number in 0..WRITERS * EACH {
        let document = document(number).to_string();
        assert!(
            there.contains(&document) || gone.contains(&document),
            "{document} is lost"
        );
        let is_back = there.contains(&document) && gone.contains(&document);
        assert!(sent_again || !is_back, "{document} is back");
    }
    for writer in 0..WRITERS {
        let own: Vec<_> = (0..EACH).map(|n| document(writer * EACH + n)).collect();
        let order = desk.entries.iter().map(|waiting| &waiting.document);
        let order: Vec<_> = order.filter(|document| own.contains(document)).collect();
        let mut sorted = order.clone();
        sorted.sort_by_key(|document| document.to_string());
        assert_eq!(order, sorted);
    }
}

/// What the activity says was posted.
fn posted(stage: &Deployment, desk: &Queue) -> BTreeSet<String> {
    let mut lines = desk.recent_activity.clone();
    for page in 0..desk.activity_pages {
        lines.extend(
            block_on(stage.records().activity_page(&firm(), page))
                .unwrap()
                .0,
        );
    }
    let posted = lines.iter().filter(|line| line.state == "posted");
    posted.map(|line| line.document.to_string()).collect()
}

/// Plays a story with each of so many seeds.
pub fn play<F: Future<Output = ()> + 'static>(seeds: u64, story: fn(Deployment) -> F) {
    for seed in 0..seeds {
        let stage = stage(seed);
        let world = stage.world.clone();
        if let Err(broken) = world.run(story(stage)) {
            panic!("seed {seed}: {}", broken.what);
        }
    }
}

#[test]
fn concurrent_crashing_workers_neither_lose_nor_duplicate() {
    play(1500, story);
}

/// Whatever two do at the same time, on whatever back end, the shelves that the winner names are there with what it put on them.
#[test]
fn losing_swap_removes_no_page_of_winner() {
    for back_end in BackEnd::ALL {
        for room in 1..4 {
            let memory = Memory::new(back_end);
            let [one, two] = [1, 2].map(|seed| crate::given::store(&memory, room, seed));
            let (firm, paused_ones) = (firm(), 9);
            for number in 0..paused_ones {
                block_on(one.enqueue(
                    &firm,
                    &paused(number),
                    Claimant {
                        owner: "rivet",
                        now: at(0),
                    },
                ))
                .unwrap();
            }
            // Both prepare the same change, and then each one of its own.
            let cured = |hold: &HoldReason| *hold == HoldReason::Paused;
            let both = join(
                one.release_holds(&firm, cured),
                two.release_holds(&firm, cured),
            );
            let (first, second) = block_on(both);
            assert_eq!(first.unwrap().counts().pending, paused_ones);
            assert_eq!(second.unwrap().counts().pending, paused_ones);
            let desk = block_on(one.queue(&firm)).unwrap();
            let done = |n: usize| [finished(&desk.entries[n], Some(EntryState::Failed), at(1))];
            let (done_one, done_two) = (done(0), done(1));
            let both = join(
                one.complete_and_release(&firm, &done_one, LeaseRelease::new("a", at(1))),
                two.complete_and_release(&firm, &done_two, LeaseRelease::new("b", at(1))),
            );
            let (first, second) = block_on(both);
            assert!(first.is_ok() && second.is_ok());
            let desk = block_on(two.queue(&firm)).unwrap();
            let counts = desk.counts();
            assert_eq!(
                (counts.pending, counts.failed),
                (paused_ones - 2, 2),
                "{back_end:?}"
            );
            assert_eq!(orphans(&memory), 0, "{back_end:?}");
        }
    }
}

/// Shelves that the desk does not name.
fn orphans(memory: &Memory) -> usize {
    let content = memory.content();
    let desk: Value = serde_json::from_slice(&content["rivet-books/desk/firm_harbor"]).unwrap();
    let named = desk["r"]["shelves"]["named"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let named: BTreeSet<_> = named
        .iter()
        .map(|shelf| shelf["name"].as_str().unwrap().to_owned())
        .collect();
    let kept = content
        .keys()
        .filter_map(|key| key.strip_prefix("rivet-books/shelf/firm_harbor/"));
    kept.filter(|name| !named.contains(*name)).count()
}
