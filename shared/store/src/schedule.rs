//! When which firm has something to do: what the scheduled runs read instead of every firm.
//!
//! An entry is a hint, never the truth: the firm's own records are. A run that finds nothing to do
//! corrects the hint; whoever leaves work behind makes sure that there is one.

pub mod operations;
pub mod read_quota;

use crate::schedule::read_quota::ReadQuota;
use billing::FirmId;
use jiff::Timestamp;
use ports::records::Record;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The hints are spread over this many records, so that none grows past 64 KB below some 30 000 firms
/// and writers seldom meet.
pub const SHARDS: u8 = 32;

/// One shard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DueIndex {
    /// By firm.
    pub firms: BTreeMap<FirmId, DueHints>,
    /// What was read of all their companies in this month.
    #[serde(default, skip_serializing_if = "ReadQuota::is_none")]
    pub reads: ReadQuota,
}

/// When a firm has something to do next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueHints {
    /// Its connection is to be looked after.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<DueHint>,
    /// Its desk has work.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<DueHint>,
}

/// An instant in seconds of Unix time; below zero if a run took the chore on and the hint stands for the case that it dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueHint(i64);

impl DueHint {
    fn at(at: Timestamp) -> Self {
        Self(at.as_second())
    }

    /// Of a chore that a run took on.
    pub fn deferred(until: Timestamp) -> Self {
        Self(-until.as_second())
    }

    fn second(self) -> i64 {
        self.0.abs()
    }

    fn is_deferred(self) -> bool {
        self.0 < 0
    }
}

/// The two kinds of things to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduledJob {
    /// Look after the connection: its access token, what Intuit and what RIVET are to be told.
    Connection,
    /// Work at the desk.
    Work,
}

impl DueHints {
    fn of(&mut self, chore: ScheduledJob) -> &mut Option<DueHint> {
        match chore {
            ScheduledJob::Connection => &mut self.connection,
            ScheduledJob::Work => &mut self.sync,
        }
    }
}

impl DueIndex {
    /// The shard that a firm belongs to.
    pub fn shard_of(firm: &FirmId) -> u8 {
        Sha256::digest(firm.as_ref().as_bytes())[0] % SHARDS
    }

    /// The firms whose chore is due, the longest waiting first.
    pub fn due(&self, chore: ScheduledJob, now: Timestamp) -> Vec<FirmId> {
        let mut due: Vec<_> = self
            .firms
            .keys()
            .filter_map(|firm| Some((self.hint(firm, chore)?.second(), firm)))
            .filter(|(at, _)| *at <= now.as_second())
            .collect();
        due.sort_unstable();
        due.into_iter().map(|(_, firm)| firm.clone()).collect()
    }

    /// The hint of a firm's chore, if there is one.
    pub fn hint(&self, firm: &FirmId, chore: ScheduledJob) -> Option<DueHint> {
        let mut hints = *self.firms.get(firm)?;
        *hints.of(chore)
    }

    /// Makes sure of a hint at `at` or earlier. Whether that took a change: one that a run has put off does not count, since
    /// the run may be about to take it away, so it becomes a plain one.
    pub fn schedule_by(&mut self, firm: &FirmId, chore: ScheduledJob, at: Timestamp) -> bool {
        let wanted = DueHint::at(at);
        let noted = match self.hint(firm, chore) {
            Some(hint) if hint.is_deferred() => DueHint(hint.second().min(wanted.0)),
            Some(hint) if hint.0 <= wanted.0 => return false,
            _ => wanted,
        };
        self.put(firm, chore, Some(noted));
        true
    }

    /// Sets or clears a hint.
    pub fn reschedule(&mut self, firm: &FirmId, chore: ScheduledJob, at: Option<Timestamp>) {
        self.put(firm, chore, at.map(DueHint::at));
    }

    /// Replaces a hint.
    pub fn put(&mut self, firm: &FirmId, chore: ScheduledJob, hint: Option<DueHint>) {
        let hints = self.firms.entry(firm.clone()).or_default();
        *hints.of(chore) = hint;
        if *hints == DueHints::default() {
            self.firms.remove(firm);
        }
    }
}

impl Record for DueIndex {
    const KIND: &'static str = "agenda";
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
        let mut agenda = DueIndex::default();
        for (name, second) in [("a", 30), ("b", 10), ("c", 31)] {
            agenda.reschedule(&firm(name), ScheduledJob::Work, Some(at(second)));
        }
        assert_eq!(
            agenda.due(ScheduledJob::Work, at(30)),
            [firm("b"), firm("a")]
        );
        assert!(agenda.due(ScheduledJob::Connection, at(30)).is_empty());
    }

    #[test]
    fn firm_without_jobs_leaves_due_index_empty() {
        let mut agenda = DueIndex::default();
        agenda.reschedule(&firm("a"), ScheduledJob::Work, Some(at(1)));
        agenda.reschedule(&firm("a"), ScheduledJob::Connection, Some(at(2)));
        agenda.reschedule(&firm("a"), ScheduledJob::Work, None);
        assert!(!agenda.schedule_by(&firm("a"), ScheduledJob::Connection, at(2)));
        assert!(agenda.schedule_by(&firm("a"), ScheduledJob::Connection, at(1)));
        agenda.reschedule(&firm("a"), ScheduledJob::Connection, None);
        assert_eq!(agenda, DueIndex::default());
    }

    #[test]
    fn deferred_hint_becomes_plain_when_job_is_scheduled() {
        let mut agenda = DueIndex::default();
        let put_off = DueHint::deferred(at(80));
        agenda.put(&firm("a"), ScheduledJob::Work, Some(put_off));
        assert!(agenda.due(ScheduledJob::Work, at(79)).is_empty());
        assert_eq!(agenda.due(ScheduledJob::Work, at(80)), [firm("a")]);
        assert!(agenda.schedule_by(&firm("a"), ScheduledJob::Work, at(100)));
        assert_eq!(
            agenda.hint(&firm("a"), ScheduledJob::Work),
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
        let mut agenda = DueIndex::default();
        for n in 0..950 {
            let firm = firm(&format!("firm_{n:026}"));
            for chore in [ScheduledJob::Connection, ScheduledJob::Work] {
                agenda.reschedule(&firm, chore, Some(at(1_772_000_000)));
            }
        }
        assert!(serde_json::to_vec(&agenda).unwrap().len() < 64 * 1024);
    }
}
