//! The scheduled sync, and Sync Now.

use crate::error::Error;
use crate::worker::run::WorkerRun;
use crate::worker::{RunSummary, work};
use billing::{DocumentRef, FirmId, Id};
use connection::services::Services;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use serde::Serialize;
use store::Claimant;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::LeaseRelease;
use store::queue::lease::LeaseResult;
use store::queue::{Queue, WORK_LEASE};
use store::reason::hold::HoldReason;
use store::schedule::NextDue;
use store::schedule::{SHARDS, ScheduledJob};

/// No document is begun after this long; what remains is said.
const RUN: SignedDuration = SignedDuration::from_secs(20);

/// No answer of QuickBooks is waited for beyond this: schedulers and edge platforms wait for half a minute.
const WHOLE: SignedDuration = SignedDuration::from_secs(25);

/// The longest that one firm may take while others wait.
const PER_FIRM: SignedDuration = SignedDuration::from_secs(8);

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Documents that now stand in QuickBooks.
    pub posted: usize,
    /// Wait for a cure.
    pub held: usize,
    /// Need a person.
    pub failed: usize,
    /// Are to be looked up.
    pub uncertain: usize,
    /// Still wait for a worker.
    pub remaining: usize,
}

/// Works off what is due, firm by firm. Overlapping runs are harmless: each desk has one worker.
///
/// `clock` tells the time as the run goes on; one firm's failure stops no other.
pub async fn sync_due<H: Http, R: Records>(
    bridge: &Services<H, R>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<SyncReport, Error> {
    let (began, owner) = (clock(), entropy.token());
    let mut report = SyncReport::default();
    loop {
        let posted = report.posted;
        report.remaining = 0;
        one_pass(bridge, (&owner, began), &clock, &mut report).await?;
        // Whose share of the time was too little gets another while there is some.
        let goes_on = report.posted > posted && report.remaining > 0;
        if !goes_on || clock() >= after(began, RUN) {
            return Ok(report);
        }
    }
}

/// Each firm that has something to do gets its share of the time once.
async fn one_pass<H: Http, R: Records>(
    bridge: &Services<H, R>,
    (owner, began): (&str, Timestamp),
    clock: &impl Fn() -> Timestamp,
    report: &mut SyncReport,
) -> Result<(), Error> {
    let first = clock().as_second().rem_euclid(i64::from(SHARDS)) as u8;
    for shard in (0..SHARDS).map(|offset| (first + offset) % SHARDS) {
        let now = clock();
        let put_off = after(now, WORK_LEASE);
        let due = bridge
            .store
            .claim_due(shard, ScheduledJob::Work, now, put_off)
            .await?;
        let mut hints = Vec::new();
        for firm in due {
            let worked = if clock() < after(began, RUN) {
                one_firm(bridge, &firm, (owner, began), clock).await
            } else {
                Ok(None)
            };
            let at = count(report, &worked, clock());
            hints.push(NextDue { firm, at });
        }
        if !hints.is_empty() {
            bridge
                .store
                .finish_due(shard, ScheduledJob::Work, put_off, &hints)
                .await?;
        }
    }
    Ok(())
}

/// `None`: there was no time, or another worker is there.
async fn one_firm<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    (owner, began): (&str, Timestamp),
    clock: &impl Fn() -> Timestamp,
) -> Result<Option<(RunSummary, Queue)>, Error> {
    let now = clock();
    let LeaseResult::Ours(desk) = bridge
        .store
        .acquire_lease(firm, Claimant { owner, now })
        .await?
    else {
        return Ok(None);
    };
    // What a worker left undone is taken care of first: whoever leaves the desk says that nothing is.
    if desk.call_not_before.is_some_and(|at| at > now) && !desk.has_expired_lease() {
        let worked = RunSummary {
            next: desk.call_not_before,
            ..RunSummary::default()
        };
        return Ok(Some((
            worked,
            bridge
                .store
                .complete_and_release(firm, &[], LeaseRelease::new(owner, now))
                .await?,
        )));
    }
    let desk = reconnected(bridge, firm, *desk).await?;
    let until = after(began, RUN).min(after(now, PER_FIRM));
    let shift = WorkerRun::everything(desk, owner, (now, until)).ending(after(began, WHOLE));
    let worked = work(bridge, firm, shift, clock).await?;
    Ok(Some((worked, bridge.store.queue(firm).await?)))
}

/// Whoever connected the firm may have died before what waited for it was released.
async fn reconnected<H, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    desk: Queue,
) -> Result<Queue, Error> {
    let cured = |hold: &HoldReason| *hold == HoldReason::NotConnected;
    let waits =
        |waiting: &QueueEntry| matches!(&waiting.state, EntryState::Held(hold) if cured(hold));
    if !desk.entries.iter().any(waits) {
        return Ok(desk);
    }
    let connection = bridge.store.connection(firm).await?;
    if connection.usable_grant().is_none() {
        return Ok(desk);
    }
    Ok(bridge.store.release_holds(firm, cured).await?)
}

/// Counts a firm's part and says when to look again.
fn count(
    report: &mut SyncReport,
    worked: &Result<Option<(RunSummary, Queue)>, Error>,
    now: Timestamp,
) -> Option<Timestamp> {
    let Ok(Some((worked, desk))) = worked else {
        report.remaining += 1;
        return Some(now);
    };
    for done in &worked.finished {
        match done.entry_state {
            None if done.is_posted => report.posted += 1,
            Some(EntryState::Held(_)) => report.held += 1,
            Some(EntryState::Failed | EntryState::Conflict) => report.failed += 1,
            Some(EntryState::Uncertain(_)) => report.uncertain += 1,
            None | Some(EntryState::Pending { .. }) => {}
        }
    }
    report.remaining += desk.counts().pending;
    worked.next
}

/// What Sync Now found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncNow {
    /// Documents that were asked for and wait.
    pub queued: usize,
    /// Documents that now stand in QuickBooks.
    pub posted: usize,
}

/// Posts what waits, or the documents named, because `by` asked: manual mode's button, and Retry. What is not finished in
/// time goes on by the schedule.
pub async fn sync_now<H: Http, R: Records>(
    bridge: &Services<H, R>,
    (firm, documents, by): (&FirmId, Option<&[DocumentRef]>, &Id),
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<SyncNow, Error> {
    let (now, owner) = (clock(), entropy.token());
    // Before, so that a crash leaves nothing that was asked for without a hint; and after, as a run may have taken that one to heart.
    bridge
        .store
        .schedule_by(firm, ScheduledJob::Work, now)
        .await?;
    let desk = bridge
        .store
        .request_documents(firm, documents, by, now)
        .await?;
    if let Some(at) = desk.next_work_at() {
        bridge
            .store
            .schedule_by(firm, ScheduledJob::Work, at.max(now))
            .await?;
    }
    let queued = |desk: &Queue| SyncNow {
        queued: desk.counts().pending,
        posted: 0,
    };
    if desk.call_not_before.is_some_and(|at| at > now) {
        return Ok(queued(&desk));
    }
    let LeaseResult::Ours(desk) = bridge
        .store
        .acquire_lease(firm, Claimant { owner: &owner, now })
        .await?
    else {
        return Ok(queued(&desk));
    };
    let shift = WorkerRun::asked_for(*desk, &owner, (now, after(now, PER_FIRM)));
    let worked = work(bridge, firm, shift, &clock).await?;
    let posted = worked.finished.iter().filter(|done| done.is_posted).count();
    Ok(SyncNow {
        queued: bridge.store.queue(firm).await?.counts().pending,
        posted,
    })
}
