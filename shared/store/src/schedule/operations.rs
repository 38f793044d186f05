//! Operations on the due index.

use crate::run_counters::RunCounters;
use crate::schedule::read_quota::{READS_A_MONTH, ReadSupply};
use crate::schedule::{ClaimedShard, DueHint, DueIndex, GROUPS, NextDue, ScheduledJob};
use crate::{Store, UpdateFn};
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
        let schedule = &mut |index: &mut DueIndex| index.schedule_by(firm, job, at);
        self.update_shard(DueIndex::shard_of(firm), schedule).await
    }

    /// Schedules both jobs of a firm that is about to be connected. A run that visits the firm meanwhile keeps the new hints.
    pub async fn schedule_connection(
        &self,
        firm: &FirmId,
        due_at: Timestamp,
        work_at: Timestamp,
    ) -> Result<(), StoreError> {
        let set = &mut |index: &mut DueIndex| {
            index.schedule_connection(firm, due_at, work_at);
            true
        };
        self.update_shard(DueIndex::shard_of(firm), set).await
    }

    /// Updates a shard. Its group knows of it before it gets its first firm.
    pub(super) async fn update_shard(
        &self,
        shard: u8,
        update: UpdateFn<'_, DueIndex>,
    ) -> Result<(), StoreError> {
        let name = shard.to_string();
        if shard >= GROUPS {
            let mut is_in_use = false;
            let update_used = &mut |index: &mut DueIndex| {
                is_in_use = !index.firms.is_empty();
                is_in_use && update(index)
            };
            self.update(&name, update_used).await?;
            if is_in_use {
                return Ok(());
            }
            self.note_in_use(shard).await?;
        }
        self.update_or_create(&name, update).await.map(drop)
    }

    /// Lets the group of a shard know that it is in use.
    async fn note_in_use(&self, shard: u8) -> Result<(), StoreError> {
        let group = (shard % GROUPS).to_string();
        let note = &mut |index: &mut DueIndex| index.note_in_use(shard);
        self.update_or_create(&group, note).await.map(drop)
    }

    /// Creates the shard of a firm, so that its first hint cannot find a busy store.
    pub(crate) async fn prepare_shard(&self, firm: &FirmId) -> Result<(), StoreError> {
        let shard = DueIndex::shard_of(firm);
        if shard >= GROUPS {
            self.note_in_use(shard).await?;
        }
        self.records.ensure::<DueIndex>(&shard.to_string()).await
    }

    /// Claims the firms of a shard whose job is due, the longest waiting first, and defers their hints to `until`.
    ///
    /// If the run crashes, the firms are due again at `until`. A worker that leaves work behind meanwhile sets a plain hint, which
    /// [`Store::finish_due`] does not change. Firms of other shards, which an earlier version left here, are moved on the way.
    pub async fn claim_due(
        &self,
        shard: u8,
        job: ScheduledJob,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<ClaimedShard, StoreError> {
        let mut due = Vec::new();
        let claim = &mut |index: &mut DueIndex| {
            due = index.due(job, now);
            for firm in &due {
                index.claim(firm, job, now, until);
            }
            !due.is_empty()
        };
        let index = self.update(&shard.to_string(), claim).await?;
        let index = index.unwrap_or_default();
        // A failure costs nothing: the firms stay, are visited from here, and the next run moves them.
        let _ = self.move_strays(shard, index.strays(shard)).await;
        Ok(ClaimedShard {
            firms: due,
            others_in_use: index.others_in_use(shard).collect(),
        })
    }

    /// Adds to the reads from the company of a firm.
    pub async fn add_reads(
        &self,
        firm: &FirmId,
        reads: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::group_of(firm).to_string();
        let add = &mut |index: &mut DueIndex| {
            index.reads.add(reads, now);
            true
        };
        self.update_or_create(&name, add).await.map(drop)
    }

    /// Returns the state of this month's reads of the firm's group.
    pub async fn read_supply(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<ReadSupply, StoreError> {
        let name = DueIndex::group_of(firm).to_string();
        let index: DueIndex = self.load_or_default(&name).await?;
        Ok(index.reads.supply(READS_A_MONTH / u32::from(GROUPS), now))
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
                    index.finish(firm, job, *at);
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
