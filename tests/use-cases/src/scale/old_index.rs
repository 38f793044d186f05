//! The records of the due index: an index of an earlier version, with 32 of them, goes on working while runs split it, and each run finds
//! each shard that has a firm.

use crate::support::world::{World, WorldOptions};
use billing::FirmId;
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use platform::store::{Keyring, SealedRecords};
use ports::entropy::Entropy;
use ports::records::Records;
use simulation::seeds::stride;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::Store;
use store::schedule::{DueHint, DueIndex, GROUPS, ScheduledJob};

const JOBS: [ScheduledJob; 2] = [ScheduledJob::Connection, ScheduledJob::Work];

/// The record of the earlier version that has all firms of these tests.
const OLD: u8 = 7;

/// Returns a world whose index is one of the earlier version, and its firms. The hints are for the next day.
fn world_with_old_index() -> (World, Vec<FirmId>) {
    let world = World::new(WorldOptions::default());
    let ids = (0..).map(|number| format!("firm_{number}").parse::<FirmId>().unwrap());
    let is_there = |firm: &FirmId| DueIndex::shard_of(firm) % GROUPS == OLD;
    let firms: Vec<_> = ids.filter(is_there).take(40).collect();
    let mut index = DueIndex::default();
    for firm in &firms {
        for job in JOBS {
            index.reschedule(firm, job, Some(due_at(&world)));
        }
    }
    let keyring = Keyring::new(vec![("k1".into(), [b'1'; 32])]);
    let entropy = Entropy::new([9; 32]);
    let records = SealedRecords::new(world.memory.clone(), keyring, entropy, || {
        Timestamp::UNIX_EPOCH
    });
    block_on(records.save(&OLD.to_string(), &index)).unwrap();
    (world, firms)
}

/// Returns the time of the hints, if no time has passed since.
fn due_at(world: &World) -> Timestamp {
    world.now() + SignedDuration::from_hours(24)
}

impl World {
    /// Returns the shards that name each firm.
    fn shards_by_firm(&self) -> BTreeMap<FirmId, Vec<u8>> {
        let mut found = BTreeMap::<FirmId, Vec<u8>>::new();
        for shard in 0..=u8::MAX {
            let index = block_on(self.services.store.due_index(shard)).unwrap();
            for firm in index.firms.into_keys() {
                found.entry(firm).or_default().push(shard);
            }
        }
        found
    }

    /// Returns the shards with firms that no run reads.
    fn unknown_shards(&self) -> Vec<u8> {
        let index = |shard: u8| block_on(self.services.store.due_index(shard)).unwrap();
        let groups = (0..GROUPS).map(|group| (group, index(group)));
        let known = groups.flat_map(|(group, first)| {
            let others: Vec<u8> = first.others_in_use(group).collect();
            others.into_iter().chain([group])
        });
        let known: BTreeSet<u8> = known.collect();
        let unknown = (0..=u8::MAX).filter(|shard| !known.contains(shard));
        unknown
            .filter(|shard| !index(*shard).firms.is_empty())
            .collect()
    }

    /// Lets a run claim what is due in the old record.
    fn claim<R: Records>(&self, store: &Store<R>, now: Timestamp) -> Vec<FirmId> {
        let until = now + SignedDuration::from_secs(80);
        let claimed = store.claim_due(OLD, ScheduledJob::Connection, now, until);
        block_on(claimed).unwrap_or_default().firms
    }
}

fn homes(firms: &[FirmId]) -> BTreeMap<FirmId, Vec<u8>> {
    let home = |firm: &FirmId| (firm.clone(), vec![DueIndex::shard_of(firm)]);
    firms.iter().map(home).collect()
}

#[test]
fn runs_split_index_of_32_records() {
    let (world, firms) = world_with_old_index();
    for _ in 0..3 {
        assert!(world.claim(&world.services.store, world.now()).is_empty());
    }
    assert_eq!(world.shards_by_firm(), homes(&firms));
    assert_eq!(world.unknown_shards(), Vec::<u8>::new());
    let writes = world.memory.writes();
    world.claim(&world.services.store, world.now());
    assert_eq!(world.memory.writes(), writes, "a split index stays");
    for firm in &firms {
        let index = block_on(world.services.store.due_index(DueIndex::shard_of(firm))).unwrap();
        for job in JOBS {
            let seconds = index.hint(firm, job).map(DueHint::second);
            assert_eq!(seconds, Some(due_at(&world).as_second()));
        }
    }
}

#[test]
fn due_firm_is_claimed_from_old_record() {
    let (world, firms) = world_with_old_index();
    let claimed = world.claim(&world.services.store, due_at(&world));
    assert_eq!(claimed.len(), firms.len());
    world.claim(&world.services.store, due_at(&world));
    let old = block_on(world.services.store.due_index(OLD)).unwrap();
    assert_eq!(old.firms.len(), firms.len(), "a claimed firm stays");
}

#[test]
fn crash_during_split_loses_no_hint() {
    let (world, firms) = world_with_old_index();
    let (before, due) = (world.memory.content(), due_at(&world));
    for writes in (0..).step_by(stride()) {
        world.memory.set_back(before.clone());
        let left = Rc::new(Cell::new(writes));
        world.claim(&world.crashing_store(&left), world.now());
        let is_over = left.get() > 0;
        for firm in &firms {
            assert!(is_due(&world, firm, due), "{firm} after {writes} writes");
        }
        // The turn of a creator that crashed ends after two minutes.
        world.advance(SignedDuration::from_mins(3));
        for _ in 0..3 {
            world.claim(&world.services.store, world.now());
        }
        assert_eq!(world.shards_by_firm(), homes(&firms), "{writes} writes");
        assert_eq!(world.unknown_shards(), Vec::<u8>::new());
        if is_over {
            assert!(writes > 10, "{writes}");
            break;
        }
    }
}

/// Returns whether a run finds the firm for each of its jobs.
fn is_due(world: &World, firm: &FirmId, now: Timestamp) -> bool {
    let shards = world.shards_by_firm().remove(firm).unwrap_or_default();
    JOBS.into_iter().all(|job| {
        shards.iter().any(|shard| {
            let index = block_on(world.services.store.due_index(*shard)).unwrap();
            index.due(job, now).contains(firm)
        })
    })
}

#[test]
fn erased_firm_leaves_old_record_and_stays_away() {
    let (world, firms) = world_with_old_index();
    let (store, now) = (&world.services.store, world.now());
    let is_stray = |firm: &&FirmId| DueIndex::shard_of(firm) != OLD;
    let firm = firms.iter().find(is_stray).unwrap();
    block_on(store.begin_erasure(firm, now)).unwrap();
    for _ in 0..3 {
        world.claim(store, now);
    }
    assert_eq!(world.shards_by_firm()[firm], [OLD]);
    block_on(store.forget_firm(firm)).unwrap();
    assert!(!world.shards_by_firm().contains_key(firm));
}

#[test]
fn hint_that_changes_during_move_is_kept() {
    let (world, firms) = world_with_old_index();
    let (store, now) = (&world.services.store, world.now());
    let is_stray = |firm: &&FirmId| DueIndex::shard_of(firm) != OLD;
    let firm = firms.iter().find(is_stray).unwrap();
    block_on(store.schedule_by(firm, ScheduledJob::Work, now)).unwrap();
    for _ in 0..3 {
        world.claim(store, now - SignedDuration::from_secs(1));
    }
    let index = block_on(store.due_index(DueIndex::shard_of(firm))).unwrap();
    assert_eq!(
        index.due(ScheduledJob::Work, now),
        std::slice::from_ref(firm)
    );
}

#[test]
fn crash_before_first_hint_hides_no_shard() {
    let world = World::new(WorldOptions::default());
    let firms = ["firm_a", "firm_b", "firm_c"].map(|id| id.parse::<FirmId>().unwrap());
    for (firm, writes) in firms
        .iter()
        .flat_map(|firm| (0..8).map(move |writes| (firm, writes)))
    {
        world.memory.set_back(BTreeMap::new());
        let left = Rc::new(Cell::new(writes));
        let crashing = world.crashing_store(&left);
        let job = ScheduledJob::Work;
        let first = block_on(crashing.schedule_by(firm, job, world.now()));
        assert_eq!(world.unknown_shards(), Vec::<u8>::new(), "{writes} writes");
        assert_eq!(first.is_ok(), world.shards_by_firm().contains_key(firm));
        world.advance(SignedDuration::from_mins(3));
        block_on(world.services.store.schedule_by(firm, job, world.now())).unwrap();
        assert_eq!(world.unknown_shards(), Vec::<u8>::new());
        assert!(world.shards_by_firm().contains_key(firm));
    }
}
