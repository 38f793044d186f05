//! A crash at any step of a change of overflow pages leaves no page that an erasure does not find, and loses no entry.

use super::crash_leftovers::{
    Answer, CrashStore, crash_everywhere, document, empty_world, lost, posted_entry, run,
};
use crate::support::world::World;
use billing::SubscriptionPlan;
use futures::executor::block_on;
use jiff::Timestamp;
use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use store::Claimant;
use store::document::attempts::WaitCause;
use store::queue::completion::WorkResult;
use store::queue::lease::{LeaseRelease, NewEntry};
use store::queue::{EntryState, PlanStatus, QueueEntry};
use store::reason::hold::HoldReason;

/// The entries of a queue with two pages and a part of a third.
const QUEUED: usize = 400;

fn held_entry(number: usize) -> QueueEntry {
    QueueEntry {
        revision: 1,
        state: EntryState::Held(HoldReason::Paused),
        ..QueueEntry::new(document(number), "2026-03-31".parse().unwrap())
    }
}

fn claimant(now: Timestamp) -> Claimant<'static> {
    Claimant {
        owner: "worker",
        now,
    }
}

/// Returns the arrival of documents, one after the other.
fn arrive(world: &World, numbers: Range<usize>) -> impl AsyncFn(&CrashStore) -> Answer {
    let (firm, now) = (world.firm.clone(), world.now());
    async move |store: &CrashStore| {
        for number in numbers.clone() {
            let arrived = NewEntry {
                entry: held_entry(number),
                activity: None,
                plan: PlanStatus {
                    plan: SubscriptionPlan::Pro,
                    at: now,
                },
                is_first: true,
            };
            store.enqueue(&firm, &arrived, claimant(now)).await?;
        }
        Ok(())
    }
}

/// Returns the completion of documents by one worker, in several swaps.
fn finish(world: &World, numbers: Range<usize>) -> impl AsyncFn(&CrashStore) -> Answer {
    let (firm, now) = (world.firm.clone(), world.now());
    let result = move |number: usize| WorkResult {
        document: document(number),
        revision: 1,
        void: None,
        decision: None,
        entry_state: None,
        wait_cause: WaitCause::Document,
        reason: None,
        activity_entry: posted_entry(number),
        is_posted: true,
        objects: Vec::new(),
    };
    let results: Vec<_> = numbers.map(result).collect();
    async move |store: &CrashStore| {
        let release = LeaseRelease::new("worker", now);
        store.complete_and_release(&firm, &results, release).await?;
        Ok(())
    }
}

fn world_with_queue() -> World {
    let world = empty_world();
    run(&world, &arrive(&world, 0..QUEUED));
    let queue = block_on(world.services.store.queue_record(&world.firm)).unwrap();
    assert_eq!(queue.overflow.page_names().count(), 2);
    world
}

/// Returns the number of entries in the queue.
fn queued(world: &World) -> usize {
    let queue = block_on(world.services.store.queue(&world.firm)).unwrap();
    queue.entries.len()
}

#[test]
fn crash_leaves_no_lost_page_of_arrivals() {
    let world = empty_world();
    run(&world, &arrive(&world, 0..158));
    let next = async |store: &CrashStore| {
        arrive(&world, 158..166)(store).await?;
        assert_eq!(store.queue(&world.firm).await?.entries.len(), 166);
        Ok(())
    };
    crash_everywhere(&world, &arrive(&world, 158..165), &next);
}

#[test]
fn crash_leaves_no_lost_page_of_released_entries() {
    let world = world_with_queue();
    let release = |reason: HoldReason| {
        let firm = world.firm.clone();
        async move |store: &CrashStore| {
            let released = store.release_holds(&firm, |hold| *hold == reason).await?;
            assert_eq!(released.entries.len(), QUEUED);
            Ok(())
        }
    };
    let next = async |store: &CrashStore| {
        let by = "usr_17".parse().unwrap();
        let requested = store.request_documents(&world.firm, None, &by, world.now());
        assert_eq!(requested.await?.entries.len(), QUEUED);
        Ok(())
    };
    crash_everywhere(&world, &release(HoldReason::Paused), &next);
}

#[test]
fn crash_leaves_no_lost_page_of_finished_entries() {
    let world = world_with_queue();
    let done = finish(&world, 10..110);
    let next = async |store: &CrashStore| {
        finish(&world, 10..210)(store).await?;
        assert_eq!(store.queue(&world.firm).await?.entries.len(), QUEUED - 200);
        Ok(())
    };
    crash_everywhere(&world, &done, &next);
}

/// Each run lists other pages and crashes before it writes them.
#[test]
fn listed_pages_stay_few_despite_many_crashes() {
    let world = world_with_queue();
    let listed = || {
        let queue = world.memory.content()[&format!("rivet-books:queue:{}", world.firm)].clone();
        let queue: serde_json::Value = serde_json::from_slice(&queue).unwrap();
        let loose = queue["r"]["overflow"]["loose"].as_array().cloned();
        loose.unwrap_or_default().len()
    };
    for number in 0..QUEUED {
        let one_write = Rc::new(Cell::new(1));
        let act = finish(&world, number..number + 1);
        assert!(block_on(act(&world.crashing_store(&one_write))).is_err());
        if number % 8 == 7 {
            world.advance(jiff::SignedDuration::from_secs(60));
            run(
                &world,
                &arrive(&world, QUEUED + number..QUEUED + number + 1),
            );
        }
        assert!(listed() < 150, "{number}: {}", listed());
    }
    assert_eq!(lost(&world), Vec::<String>::new());
    assert_eq!(queued(&world), QUEUED + QUEUED / 8);
}
