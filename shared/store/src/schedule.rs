//! The due index: the times at which scheduled runs must look at each firm, so that they need not read every firm.
//!
//! An entry is only a hint. The truth lies in the records of the firm. A run that finds no work corrects the hint. A worker that leaves
//! work behind makes sure that there is a hint. While a firm is being connected, no run removes its hints.
//!
//! The hints are in 256 records, the shards, and the digest of a firm's id says in which. The rule depends on nothing else. So a webhook
//! reads and writes one record, and no record grows past 64 KB below some 200 000 firms, or 140 000 whose ids are as long as an id may be.
//!
//! Eight shards are a group. The first one says which of the others are in use, so a run of a few firms reads few records: 32, and those
//! in use. It reads as many for 1 000 firms as for 100 000. A shard gets its first firm in two swaps:
//!
//! | crash, or a lost answer, after | what follows |
//! |---|---|
//! | nothing | no hint, as after a crash before any hint |
//! | the group knows of the shard | each run reads one record more. The next hint of such a firm goes on |
//! | the shard has the firm | later hints are one swap each |
//!
//! A shard once in use stays in use. So two writers, or a writer and a run, may meet anywhere. A group that an earlier version wrote
//! says nothing, and counts as one whose shards are all in use.

// Top first: a module uses only modules below it.
pub mod operations;

mod strays;
mod due_hint;
pub mod list_pace;
pub mod read_quota;

pub use crate::schedule::due_hint::{DueHint, DueHints, ScheduledJob};

use crate::run_counters::RunCounters;
use crate::schedule::read_quota::ReadQuota;
use billing::FirmId;
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The number of groups. The first shard of each also counts the reads of a month by the firms of the group.
pub const GROUPS: u8 = 32;

/// A shard of the due index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DueIndex {
    /// The hints by firm.
    pub firms: BTreeMap<FirmId, DueHints>,
    /// The shards of the group that are in use, one bit each. Only the first shard of a group needs it.
    #[serde(default = "all_in_use")]
    in_use: u8,
    /// The reads of this month from the companies of the group's firms.
    #[serde(default, skip_serializing_if = "ReadQuota::is_none")]
    pub reads: ReadQuota,
    /// The events of the scheduled runs.
    #[serde(default, skip_serializing_if = "RunCounters::is_zero")]
    pub counters: RunCounters,
}

/// A shard that a run visits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimedShard {
    /// The firms whose job the run claimed, the longest waiting first.
    pub firms: Vec<FirmId>,
    /// The other shards of the group that the run must visit, if this shard is the first one.
    pub others_in_use: Vec<u8>,
}

/// The next hint of a firm after a run visited it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextDue {
    /// The firm.
    pub firm: FirmId,
    /// The time of the next visit. `None` if there is no work.
    pub at: Option<Timestamp>,
}

/// Returns what a record of an earlier version says, which knew of no groups.
const fn all_in_use() -> u8 {
    u8::MAX
}

impl DueIndex {
    /// Returns the first shards of all groups, beginning with that of the current second: runs that end early do not always miss the same
    /// firms.
    pub fn groups_from(now: Timestamp) -> impl Iterator<Item = u8> {
        let first = now.as_second().rem_euclid(i64::from(GROUPS)) as u8;
        (0..GROUPS).map(move |offset| (first + offset) % GROUPS)
    }

    /// Returns the shard that a firm belongs to.
    pub fn shard_of(firm: &FirmId) -> u8 {
        Sha256::digest(firm.as_ref().as_bytes())[0]
    }

    /// Returns the first shard of the group that a firm belongs to.
    pub fn group_of(firm: &FirmId) -> u8 {
        Self::shard_of(firm) % GROUPS
    }

    /// Returns the other shards of the group that are in use, if this shard is the first one.
    pub fn others_in_use(&self, shard: u8) -> impl Iterator<Item = u8> {
        let others = (shard..=u8::MAX).step_by(usize::from(GROUPS)).skip(1);
        let in_use = if shard < GROUPS { self.in_use } else { 0 };
        others.filter(move |other| in_use & bit_of(*other) != 0)
    }

    /// Notes in the first shard of a group that another one is in use. Returns whether that is new.
    pub fn note_in_use(&mut self, other: u8) -> bool {
        let before = self.in_use;
        self.in_use |= bit_of(other);
        self.in_use != before
    }

    /// Returns the firms whose job is due, the longest waiting first.
    pub fn due(&self, job: ScheduledJob, now: Timestamp) -> Vec<FirmId> {
        let mut due: Vec<_> = self
            .firms
            .keys()
            .filter_map(|firm| Some((self.hint(firm, job)?.second(), firm)))
            .filter(|(at, _)| *at <= now.as_second())
            .collect();
        due.sort_unstable();
        due.into_iter().map(|(_, firm)| firm.clone()).collect()
    }

    /// Returns the hint of a firm for a job, if there is one.
    pub fn hint(&self, firm: &FirmId, job: ScheduledJob) -> Option<DueHint> {
        let mut hints = *self.firms.get(firm)?;
        *hints.of(job)
    }

    /// Makes sure of a hint at `at` or earlier. Returns whether the hint changed.
    ///
    /// A deferred hint becomes a plain one, because the run that deferred it may be about to remove it.
    pub fn schedule_by(&mut self, firm: &FirmId, job: ScheduledJob, at: Timestamp) -> bool {
        let wanted = DueHint::at(at);
        let next = match self.hint(firm, job) {
            Some(hint) if hint.is_deferred() => DueHint(hint.second().min(wanted.0)),
            Some(hint) if hint.0 <= wanted.0 => return false,
            _ => wanted,
        };
        self.put(firm, job, Some(next));
        true
    }

    /// Sets the hints of a firm that is about to be connected. A run that visits the firm too early sees no connection, so it keeps a hint
    /// for `work_at`.
    pub fn schedule_connection(&mut self, firm: &FirmId, due_at: Timestamp, work_at: Timestamp) {
        self.reschedule(firm, ScheduledJob::Connection, Some(due_at));
        self.schedule_by(firm, ScheduledJob::Work, work_at);
        let hints = self.firms.entry(firm.clone()).or_default();
        hints.kept_until = Some(DueHint::at(work_at));
    }

    /// Claims a job of a firm, and defers its hint to `until`.
    pub fn claim(&mut self, firm: &FirmId, job: ScheduledJob, now: Timestamp, until: Timestamp) {
        let hints = self.firms.entry(firm.clone()).or_default();
        hints.kept_until.take_if(|kept| kept.0 <= now.as_second());
        *hints.of(job) = Some(DueHint::deferred(until));
    }

    /// Sets the hint after a visit, or clears it.
    pub fn finish(&mut self, firm: &FirmId, job: ScheduledJob, at: Option<Timestamp>) {
        let next = at.map(DueHint::at);
        let kept = self.firms.get(firm).and_then(|hints| hints.kept_until);
        let next = next.into_iter().chain(kept).min_by_key(|hint| hint.0);
        self.put(firm, job, next);
    }

    /// Sets or clears a hint.
    pub fn reschedule(&mut self, firm: &FirmId, job: ScheduledJob, at: Option<Timestamp>) {
        self.put(firm, job, at.map(DueHint::at));
    }

    /// Replaces a hint. A firm without hints stays, so that the index names every firm.
    pub fn put(&mut self, firm: &FirmId, job: ScheduledJob, hint: Option<DueHint>) {
        let hints = self.firms.entry(firm.clone()).or_default();
        *hints.of(job) = hint;
    }
}

const fn bit_of(shard: u8) -> u8 {
    1 << (shard / GROUPS)
}

impl Record for DueIndex {
    const KIND: &'static str = "due-index";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn firm(name: &str) -> FirmId {
        name.parse().unwrap()
    }

    #[test]
    fn due_index_lists_due_firms_oldest_first() {
        let mut index = DueIndex::default();
        for (name, second) in [("a", 30), ("b", 10), ("c", 31)] {
            index.reschedule(&firm(name), ScheduledJob::Work, Some(at(second)));
        }
        assert_eq!(
            index.due(ScheduledJob::Work, at(30)),
            [firm("b"), firm("a")]
        );
        assert!(index.due(ScheduledJob::Connection, at(30)).is_empty());
    }

    #[test]
    fn firm_without_jobs_stays_and_is_not_due() {
        let mut index = DueIndex::default();
        index.reschedule(&firm("a"), ScheduledJob::Work, Some(at(1)));
        index.reschedule(&firm("a"), ScheduledJob::Connection, Some(at(2)));
        index.reschedule(&firm("a"), ScheduledJob::Work, None);
        assert!(!index.schedule_by(&firm("a"), ScheduledJob::Connection, at(2)));
        assert!(index.schedule_by(&firm("a"), ScheduledJob::Connection, at(1)));
        index.reschedule(&firm("a"), ScheduledJob::Connection, None);
        for job in [ScheduledJob::Work, ScheduledJob::Connection] {
            assert!(index.due(job, at(100)).is_empty());
        }
        assert!(index.firms.contains_key(&firm("a")));
    }

    #[test]
    fn deferred_hint_becomes_plain_when_job_is_scheduled() {
        let mut index = DueIndex::default();
        let deferred = DueHint::deferred(at(80));
        index.put(&firm("a"), ScheduledJob::Work, Some(deferred));
        assert!(index.due(ScheduledJob::Work, at(79)).is_empty());
        assert_eq!(index.due(ScheduledJob::Work, at(80)), [firm("a")]);
        assert!(index.schedule_by(&firm("a"), ScheduledJob::Work, at(100)));
        assert_eq!(
            index.hint(&firm("a"), ScheduledJob::Work),
            Some(DueHint::at(at(80)))
        );
    }

    #[test]
    fn run_keeps_hints_of_new_connection() {
        let (mut index, firm, job) = (DueIndex::default(), firm("a"), ScheduledJob::Work);
        index.schedule_by(&firm, job, at(5));
        index.schedule_connection(&firm, at(3000), at(100));
        index.claim(&firm, job, at(10), at(100));
        index.finish(&firm, job, None);
        assert_eq!(index.hint(&firm, job), Some(DueHint::at(at(100))));
        index.claim(&firm, job, at(100), at(190));
        index.finish(&firm, job, None);
        assert_eq!(index.hint(&firm, job), None);
    }

    #[test]
    fn group_leads_to_its_shards_in_use() {
        let mut first = DueIndex::default();
        assert_eq!(first.others_in_use(7).count(), 0);
        assert!(first.note_in_use(39) && first.note_in_use(231) && !first.note_in_use(39));
        assert_eq!(first.others_in_use(7).collect::<Vec<_>>(), [39, 231]);
        assert_eq!(first.others_in_use(39).count(), 0);
    }

    #[test]
    fn record_of_earlier_version_leads_to_all_shards() {
        let earlier: DueIndex = serde_json::from_str(r#"{"firms":{}}"#).unwrap();
        let others = DueIndex::groups_from(at(33)).flat_map(|shard| {
            let others: Vec<_> = earlier.others_in_use(shard).collect();
            others.into_iter().chain([shard])
        });
        assert_eq!(others.collect::<std::collections::BTreeSet<_>>().len(), 256);
    }

    #[test]
    fn full_shards_stay_below_64_kilobytes() {
        let mut firms = BTreeMap::<u8, usize>::new();
        for n in 0..140_000 {
            let shard = DueIndex::shard_of(&firm(&format!("firm_{n:059}")));
            *firms.entry(shard).or_default() += 1;
        }
        assert_eq!(firms.len(), 256);
        let mut index = DueIndex::default();
        for n in 0..*firms.values().max().unwrap() {
            let firm = firm(&format!("firm_{n:059}"));
            for job in [ScheduledJob::Connection, ScheduledJob::Work] {
                index.reschedule(&firm, job, Some(at(1_772_000_000)));
            }
        }
        assert!(serde_json::to_vec(&index).unwrap().len() < 64 * 1024);
    }
}
