//! Verbs over the agenda.

use crate::Store;
use crate::schedule::read_quota::A_MONTH;
use crate::schedule::{DueHint, DueIndex, SHARDS, ScheduledJob};
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Makes sure that a scheduled run looks at the firm at `at` or earlier. Costs no write if it
    /// does already.
    pub async fn schedule_by(
        &self,
        firm: &FirmId,
        chore: ScheduledJob,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let note = &mut |agenda: &mut DueIndex| agenda.schedule_by(firm, chore, at);
        self.update_or_create(&name, note).await.map(drop)
    }

    /// Has a scheduled run look at the firm at `at`, whatever it was to do before. A run that is at it now leaves this hint alone.
    pub async fn reschedule(
        &self,
        firm: &FirmId,
        chore: ScheduledJob,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let set = &mut |agenda: &mut DueIndex| {
            agenda.reschedule(firm, chore, Some(at));
            true
        };
        self.update_or_create(&name, set).await.map(drop)
    }

    /// Takes the firms of a shard whose chore is due, the longest waiting first, and puts their
    /// hints off to `until`: a run that dies leaves them due again, and whoever leaves work behind
    /// meanwhile sets an earlier hint, which [`Store::correct_hints`] respects.
    pub async fn claim_due(
        &self,
        shard: u8,
        chore: ScheduledJob,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Vec<FirmId>, StoreError> {
        let mut due = Vec::new();
        let take = &mut |agenda: &mut DueIndex| {
            due = agenda.due(chore, now);
            for firm in &due {
                agenda.put(firm, chore, Some(DueHint::deferred(until)));
            }
            !due.is_empty()
        };
        self.update(&shard.to_string(), take).await?;
        Ok(due)
    }

    /// Notes what was read of a firm's company.
    pub async fn add_reads(
        &self,
        firm: &FirmId,
        reads: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let note = &mut |agenda: &mut DueIndex| {
            agenda.reads.add(reads, now);
            true
        };
        self.update_or_create(&name, note).await.map(drop)
    }

    /// Whether the firms of this one's shard have read so much in this month that they should read less.
    pub async fn is_read_quota_scarce(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let name = DueIndex::shard_of(firm).to_string();
        let agenda: DueIndex = self.load_or_default(&name).await?;
        Ok(agenda.reads.is_scarce(A_MONTH / u32::from(SHARDS), now))
    }

    /// Gives each firm that was taken with `until` its new hint, or none. A hint that somebody set
    /// since then stands, whatever the run found.
    pub async fn finish_due(
        &self,
        shard: u8,
        (chore, until): (ScheduledJob, Timestamp),
        found: &[(FirmId, Option<Timestamp>)],
    ) -> Result<(), StoreError> {
        let correct = &mut |agenda: &mut DueIndex| {
            let mut changed = false;
            for (firm, next) in found {
                if agenda.hint(firm, chore) == Some(DueHint::deferred(until)) {
                    agenda.reschedule(firm, chore, *next);
                    changed = true;
                }
            }
            changed
        };
        self.update(&shard.to_string(), correct).await.map(drop)
    }
}
