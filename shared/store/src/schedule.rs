//! The due index: the times at which scheduled runs must look at each firm, so that they need not read every firm.
//!
//! An entry is only a hint. The truth lies in the records of the firm. A run that finds no work corrects the hint. A worker that leaves
//! work behind makes sure that there is a hint.

pub mod operations;

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

/// The number of records that share the hints: none grows past 64 KB below some 30 000 firms, and writers seldom meet.
pub const SHARDS: u8 = 32;

/// A shard of the due index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DueIndex {
    /// The hints by firm.
    pub firms: BTreeMap<FirmId, DueHints>,
    /// The reads of this month from the companies of all its firms.
    #[serde(default, skip_serializing_if = "ReadQuota::is_none")]
    pub reads: ReadQuota,
    /// The events of the scheduled runs.
    #[serde(default, skip_serializing_if = "RunCounters::is_zero")]
    pub counters: RunCounters,
}

/// The next hint of a firm after a run visited it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextDue {
    /// The firm.
    pub firm: FirmId,
    /// The time of the next visit. `None` if there is no work.
    pub at: Option<Timestamp>,
}

impl DueIndex {
    /// Returns all shards, first the one of the current second: runs that end early do not always miss the same firms.
    pub fn shards_from(now: Timestamp) -> impl Iterator<Item = u8> {
        let first = now.as_second().rem_euclid(i64::from(SHARDS)) as u8;
        (0..SHARDS).map(move |offset| (first + offset) % SHARDS)
    }

    /// Returns the shard that a firm belongs to.
    pub fn shard_of(firm: &FirmId) -> u8 {
        Sha256::digest(firm.as_ref().as_bytes())[0] % SHARDS
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
    fn a_thousand_firms_spread_over_all_shards() {
        let shards: std::collections::BTreeSet<_> = (0..1000)
            .map(|n| DueIndex::shard_of(&firm(&format!("firm_{n}"))))
            .collect();
        assert_eq!(shards.len(), usize::from(SHARDS));
    }

    #[test]
    fn shard_of_950_firms_stays_below_64_kilobytes() {
        let mut index = DueIndex::default();
        for n in 0..950 {
            let firm = firm(&format!("firm_{n:026}"));
            for job in [ScheduledJob::Connection, ScheduledJob::Work] {
                index.reschedule(&firm, job, Some(at(1_772_000_000)));
            }
        }
        assert!(serde_json::to_vec(&index).unwrap().len() < 64 * 1024);
    }
}
