//! The figures, as one request reads them.

use jiff::Timestamp;
use ports::records::Records;
use std::collections::BTreeMap;
use store::Store;
use store::queue::Counts;
use store::queue::entry::EntryState;
use store::run_counters::RunCounters;
use store::schedule::read_quota::READS_A_MONTH;
use store::schedule::{DueIndex, ScheduledJob};

use crate::error::Error;
use crate::operations::doubt::uncertain_since;
use crate::operations::firms::all_shards;

/// The most firms whose queues one request reads.
pub const FIRMS_COUNTED: usize = 256;

/// The most documents in doubt whose records one request reads.
const DOUBTS_READ: usize = 64;

/// The figures over all firms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    pub(super) firms: usize,
    pub(super) connection: Overdue,
    pub(super) work: Overdue,
    pub(super) firms_counted: usize,
    pub(super) counts: Counts,
    pub(super) held: BTreeMap<&'static str, usize>,
    pub(super) uncertain_since: Option<Timestamp>,
    pub(super) dead_letters: usize,
    pub(super) counters: RunCounters,
    pub(super) reads: u64,
    pub(super) reads_limit: u32,
    pub(super) at: Timestamp,
    doubts_read: usize,
}

/// The firms that a scheduled run should have visited by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Overdue {
    pub(super) firms: usize,
    /// The time for which the longest waiting one waits, in seconds.
    pub(super) oldest_seconds: i64,
}

/// Reads the figures: the due index, the dead letters, and the queues of at most [`FIRMS_COUNTED`] firms.
///
/// # Errors
/// The store fails.
pub async fn collect<R: Records>(store: &Store<R>, now: Timestamp) -> Result<Metrics, Error> {
    let mut metrics = Metrics {
        at: now,
        reads_limit: READS_A_MONTH,
        dead_letters: store.dead_letters().await?.deliveries.len(),
        ..Metrics::default()
    };
    for index in all_shards(store).await? {
        metrics.add_shard(&index, now);
        for firm in index.firms.keys() {
            if metrics.firms_counted < FIRMS_COUNTED {
                metrics.add_queue(store, firm).await?;
            }
        }
    }
    Ok(metrics)
}

impl Metrics {
    fn add_shard(&mut self, index: &DueIndex, now: Timestamp) {
        self.firms += index.firms.len();
        self.counters = self.counters.plus(index.counters);
        self.reads += u64::from(index.reads.this_month(now));
        self.connection.add(index, ScheduledJob::Connection, now);
        self.work.add(index, ScheduledJob::Work, now);
    }

    fn add_counts(&mut self, counts: Counts) {
        self.counts.pending += counts.pending;
        self.counts.held += counts.held;
        self.counts.failed += counts.failed;
        self.counts.uncertain += counts.uncertain;
    }

    async fn add_queue<R: Records>(
        &mut self,
        store: &Store<R>,
        firm: &billing::FirmId,
    ) -> Result<(), Error> {
        let queue = store.queue(firm).await?;
        self.firms_counted += 1;
        self.add_counts(queue.counts());
        for entry in &queue.entries {
            match &entry.state {
                EntryState::Held(hold) => *self.held.entry(hold.code()).or_default() += 1,
                EntryState::Uncertain(_) if self.doubts_read < DOUBTS_READ => {
                    self.doubts_read += 1;
                    let since = uncertain_since(store, firm, entry).await?;
                    let known = self.uncertain_since.into_iter();
                    self.uncertain_since = known.chain(since).min();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Overdue {
    fn add(&mut self, index: &DueIndex, job: ScheduledJob, now: Timestamp) {
        let due = index.due(job, now);
        self.firms += due.len();
        let oldest = due.first().and_then(|firm| index.hint(firm, job));
        if let Some(hint) = oldest {
            let waits = now.as_second() - hint.second();
            self.oldest_seconds = self.oldest_seconds.max(waits);
        }
    }
}
