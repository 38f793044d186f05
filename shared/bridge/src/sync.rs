//! The scheduled run over all firms' queues, and Sync Now for one firm.

mod sync_now;

pub use self::sync_now::{SyncNow, SyncRequest, sync_now};

use billing::FirmId;
use connection::services::Services;
use jiff::Timestamp;
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use serde::Serialize;
use store::Claimant;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::{LeaseRelease, LeaseResult};
use store::queue::{Queue, WORK_LEASE};
use store::reason::hold::HoldReason;
use store::schedule::{DueIndex, NextDue, ScheduledJob};

use crate::error::Error;
use crate::run_window::{PER_FIRM, RunWindow};
use crate::worker::run::{WorkScope, WorkerRun};
use crate::worker::{RunSummary, work};

/// The report of a scheduled run, in numbers of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncReport {
    /// Documents that were posted.
    pub posted: usize,
    /// Documents that are held.
    pub held: usize,
    /// Documents that need a person.
    pub failed: usize,
    /// Documents whose outcome is unknown.
    pub uncertain: usize,
    /// Documents that still wait for a worker, and firms that the run did not reach.
    pub remaining: usize,
}

/// Works on each queue that is due. Overlapping runs are harmless: each queue has one worker.
///
/// A failure at one firm stops no other firm.
///
/// # Errors
/// The due index cannot be read or written.
pub async fn sync_due<H: Http, R: Records>(
    services: &Services<H, R>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<SyncReport, Error> {
    let (window, owner) = (RunWindow::scheduled(clock()), entropy.token());
    let mut run = SyncRun {
        services,
        owner: &owner,
        window,
        clock: &clock,
        report: SyncReport::default(),
    };
    loop {
        let posted_before = run.report.posted;
        run.report.remaining = 0;
        run.visit_due_firms().await?;
        // Firms that ran out of time get another turn while the run has time left.
        let goes_on = run.report.posted > posted_before && run.report.remaining > 0;
        if !goes_on || clock() >= window.until {
            return Ok(run.report);
        }
    }
}

/// A scheduled run.
struct SyncRun<'a, H, R, C> {
    services: &'a Services<H, R>,
    owner: &'a str,
    window: RunWindow,
    clock: &'a C,
    report: SyncReport,
}

/// The work on one firm's queue, and the queue after it. A firm that was erased has none.
#[derive(Default)]
struct FirmRun {
    summary: RunSummary,
    queue: Queue,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> SyncRun<'_, H, R, C> {
    /// Gives each firm that is due its share of the time once.
    async fn visit_due_firms(&mut self) -> Result<(), Error> {
        for group in DueIndex::groups_from((self.clock)()) {
            for shard in self.visit_shard(group).await? {
                self.visit_shard(shard).await?;
            }
        }
        Ok(())
    }

    /// Visits the due firms of a shard. Returns the other shards of its group that are in use, if it is the first one.
    async fn visit_shard(&mut self, shard: u8) -> Result<Vec<u8>, Error> {
        let (now, store) = ((self.clock)(), &self.services.store);
        let deferred_until = after(now, WORK_LEASE);
        let claimed = store
            .claim_due(shard, ScheduledJob::Work, now, deferred_until)
            .await?;
        let mut hints = Vec::new();
        for firm in claimed.firms {
            let visited = if (self.clock)() < self.window.until {
                self.visit(&firm).await
            } else {
                Ok(None)
            };
            let at = self.count(&visited, (self.clock)());
            hints.push(NextDue { firm, at });
        }
        if !hints.is_empty() {
            store
                .finish_due(shard, ScheduledJob::Work, deferred_until, &hints)
                .await?;
        }
        Ok(claimed.others_in_use)
    }

    /// Works on the firm's queue. Returns `None` if another worker holds its lease.
    async fn visit(&self, firm: &FirmId) -> Result<Option<FirmRun>, Error> {
        let (now, store) = ((self.clock)(), &self.services.store);
        if store.is_erased(firm).await? {
            return Ok(Some(FirmRun::default()));
        }
        let owner = self.owner;
        let lease = store.acquire_lease(firm, Claimant { owner, now }).await?;
        let LeaseResult::Ours(queue) = lease else {
            return Ok(None);
        };
        // After an expired lease the run continues, because a release without work would mark the unfinished work as done.
        if queue.call_not_before.is_some_and(|at| at > now) && !queue.has_expired_lease() {
            let summary = RunSummary {
                next_run_at: queue.call_not_before,
                ..RunSummary::default()
            };
            let release = LeaseRelease::new(owner, now);
            let queue = store.complete_and_release(firm, &[], release).await?;
            return Ok(Some(FirmRun { summary, queue }));
        }
        let run = WorkerRun {
            queue: self.release_connection_holds(firm, *queue).await?,
            owner,
            scope: WorkScope::Everything,
            recheck_company: false,
            window: self.window.share(now, PER_FIRM),
        };
        let summary = work(self.services, firm, run, self.clock).await?;
        let queue = store.queue(firm).await?;
        Ok(Some(FirmRun { summary, queue }))
    }

    /// Releases documents that wait for a connection, if there is one: the sign-in may have crashed before it released them.
    async fn release_connection_holds(&self, firm: &FirmId, queue: Queue) -> Result<Queue, Error> {
        let store = &self.services.store;
        let is_released = |hold: &HoldReason| *hold == HoldReason::NotConnected;
        let waits = |entry: &QueueEntry| matches!(&entry.state, EntryState::Held(hold) if is_released(hold));
        if !queue.entries.iter().any(waits) {
            return Ok(queue);
        }
        let connection = store.connection(firm).await?;
        if connection.usable_grant().is_none() {
            return Ok(queue);
        }
        Ok(store.release_holds(firm, is_released).await?)
    }

    /// Adds a visit to the report. Returns the instant of the firm's next visit.
    fn count(
        &mut self,
        visited: &Result<Option<FirmRun>, Error>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let report = &mut self.report;
        let Ok(Some(FirmRun { summary, queue })) = visited else {
            report.remaining += 1;
            return Some(now);
        };
        for result in &summary.results {
            match result.entry_state {
                None if result.is_posted => report.posted += 1,
                Some(EntryState::Held(_)) => report.held += 1,
                Some(EntryState::Failed | EntryState::Conflict) => report.failed += 1,
                Some(EntryState::Uncertain(_)) => report.uncertain += 1,
                None | Some(EntryState::Pending { .. }) => {}
            }
        }
        report.remaining += queue.counts().pending;
        summary.next_run_at
    }
}
