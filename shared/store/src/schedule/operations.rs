//! Operations on the due index.

use crate::Store;
use crate::run_counters::RunCounters;
use crate::schedule::read_quota::{READS_A_MONTH, ReadSupply};
use crate::schedule::{DueHint, DueIndex, NextDue, SHARDS, ScheduledJob};
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Makes sure that a scheduled run visits the firm at `at` or earlier. An earlier hint costs no write.
    pub async fn schedule_by(
        &self,
        firm: &FirmId,
        job: ScheduledJob,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let schedule = &mut |index: &mut DueIndex| index.schedule_by(firm, job, at);
        self.update_or_create(&name, schedule).await.map(drop)
    }

    /// Sets the next visit of a scheduled run at the firm to `at`, even if the current hint is earlier. A run that visits the firm now
    /// keeps the new hint.
    pub async fn reschedule(
        &self,
        firm: &FirmId,
        job: ScheduledJob,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let set = &mut |index: &mut DueIndex| {
            index.reschedule(firm, job, Some(at));
            true
        };
        self.update_or_create(&name, set).await.map(drop)
    }

    /// Claims the firms of a shard whose job is due, the longest waiting first, and defers their hints to `until`.
    ///
    /// If the run crashes, the firms are due again at `until`. A worker that leaves work behind meanwhile sets a plain hint, which
    /// [`Store::finish_due`] does not change.
    pub async fn claim_due(
        &self,
        shard: u8,
        job: ScheduledJob,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<FirmId>, StoreError> {
        let mut due = Vec::new();
        let claim = &mut |index: &mut DueIndex| {
            due = index.due(job, now);
            for firm in &due {
                index.put(firm, job, Some(DueHint::deferred(until)));
            }
            !due.is_empty()
        };
        self.update(&shard.to_string(), claim).await?;
        Ok(due)
    }

    /// Adds to the reads from the company of a firm.
    pub async fn add_reads(
        &self,
        firm: &FirmId,
        reads: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let add = &mut |index: &mut DueIndex| {
            index.reads.add(reads, now);
            true
        };
        self.update_or_create(&name, add).await.map(drop)
    }

    /// Returns the state of this month's reads of the firm's shard.
    pub async fn read_supply(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<ReadSupply, StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let index: DueIndex = self.load_or_default(&name).await?;
        Ok(index.reads.supply(READS_A_MONTH / u32::from(SHARDS), now))
    }

    /// Loads a shard of the due index.
    pub async fn due_index(&self, shard: u8) -> Result<DueIndex, StoreError> {
        self.load_or_default(&shard.to_string()).await
    }

    /// Gives each firm that was claimed with `until` its next hint, or none. A hint that another writer set meanwhile stays.
    pub async fn finish_due(
        &self,
        shard: u8,
        job: ScheduledJob,
        until: Timestamp,
        found: &[NextDue],
    ) -> Result<(), StoreError> {
        let counted = self.take_counters();
        let finish = &mut |index: &mut DueIndex| {
            let mut has_changed = false;
            for NextDue { firm, at } in found {
                if index.hint(firm, job) == Some(DueHint::deferred(until)) {
                    index.reschedule(firm, job, *at);
                    has_changed = true;
                }
            }
            index.counters = index.counters.plus(counted);
            has_changed || !counted.is_zero()
        };
        self.update(&shard.to_string(), finish).await.map(drop)
    }

    /// Counts events of the current run. The next shard that the run finishes has them.
    pub fn count(&self, counted: RunCounters) {
        self.counters.set(self.counters.get().plus(counted));
    }

    /// Takes what the run counted so far, with the swaps that it lost.
    fn take_counters(&self) -> RunCounters {
        let lost_swaps = self.records.take_lost_swaps();
        let counted = RunCounters {
            lost_swaps,
            ..RunCounters::default()
        };
        self.counters.take().plus(counted)
    }
}
