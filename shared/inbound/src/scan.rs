//! Scans one company: finds the payments, edits, voids, deletions and merges of the objects that RIVET posted.
//!
//! A worker scans after it has worked on the queue, while it holds the lease. An announced change names an object only. So the
//! scan reads objects of RIVET's documents as they are now, in few calls. All other objects cost no call.
//!
//! ```text
//!  announced changes ──▶ ours, and newer than the known version? ──▶ read in one call ──┐
//!  all changes since the cursor (each night, after a reconnect, on request) ────────────┼──▶ each document: drift, payment
//!  a page of the object index (after a gap that no answer covers) ──────────────────────┘               │
//!                 the documents' records ◀──────────────────────────────────────────────────────────────┘
//!                 then one swap of the queue: activity, conflicts, the versions that are now known
//!                 then the inbox: changes out, cursor on
//! ```
//!
//! | crash after | what is stored | what follows |
//! |---|---|---|
//! | a document's record is saved | the queue as before; activity and versions in the record | the object index does not know the versions, so the next scan reports both to the queue |
//! | the queue is updated | the changes in the inbox | their versions are known, so they cost no read |
//!
//! The same swap adds an activity entry and the versions that it is about, so each difference is reported exactly once.
//!
//! A change stays in the inbox if its document has work, or if it may belong to a posting of unknown outcome.

// Top first: a module uses only modules below it.
mod affected_documents;
mod change_data;
mod schedule;

use crate::observation::{ObjectKey, Scan, read_objects};
use crate::scan::schedule::Schedule;
use crate::{company_settings, detection, item_changes, lists};
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::{Records, StoreError};
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::PostingError;
use store::CompanyKey;
use store::connection::UsableGrant;
use store::inbox::change::PendingChange;
use store::inbox::{Inbox, Progress};
use store::queue::Queue;
use store::queue::detection::Detection;
use store::queue::entry::EntryState;
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;

/// The pause before the next scan, if the company could not be asked or a change was deferred.
const PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Scans the company if a scan is due. Returns the time of the next scan, or of the next look at a connection that does not work; `None`
/// if only a sign-in helps.
///
/// # Errors
/// [`StoreError`] if a record could not be read or written.
pub async fn scan<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queue: &Queue,
) -> Result<Option<Timestamp>, StoreError> {
    let now = ctx.now();
    let Some(UsableGrant { company, .. }) = ctx.client.connection.usable_grant() else {
        return Ok(ctx.client.connection.next_look_at());
    };
    let realm_id = company.realm_id.clone();
    let inbox = ctx.store.inbox(ctx.firm, &realm_id).await?;
    let supply = ctx.store.read_supply(ctx.firm, now).await?;
    let schedule = Schedule::of(ctx.firm, &ctx.client.connection, &inbox, supply);
    if schedule.at > now {
        return Ok(Some(schedule.at));
    }
    let progress = match run(ctx, queue, &inbox, &schedule).await {
        Ok(progress) => progress,
        Err(PostingError::Store(error)) => return Err(error),
        Err(PostingError::ConnectionLost(status)) => {
            ctx.client.set_connection_status(status, ctx.now()).await?;
            return Ok(ctx.client.connection.next_look_at());
        }
        Err(_) => return Ok(Some(after(ctx.now(), PAUSE))),
    };
    let company = CompanyKey {
        firm: ctx.firm,
        realm_id: &realm_id,
    };
    let inbox = ctx.store.finish_changes(company, &progress).await?;
    let next = Schedule::of(ctx.firm, &ctx.client.connection, &inbox, supply).at;
    let has_deferred = inbox.sweep.is_none() && inbox.has_work();
    Ok(Some(if has_deferred {
        next.max(after(now, PAUSE))
    } else {
        next
    }))
}

/// Requests a scan of changes that this run found. Returns whether there are any.
///
/// # Errors
/// [`StoreError`] if a record could not be written.
pub async fn request_rescan<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    changes: &[PendingChange],
) -> Result<bool, StoreError> {
    if changes.is_empty() {
        return Ok(false);
    }
    let company = CompanyKey {
        firm: ctx.firm,
        realm_id: ctx.client.realm_id(),
    };
    ctx.store.requeue_changes(company, changes).await?;
    ctx.store
        .schedule_by(ctx.firm, ScheduledJob::Work, ctx.now())
        .await?;
    Ok(true)
}

async fn run<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queue: &Queue,
    inbox: &Inbox,
    schedule: &Schedule,
) -> Result<Progress, PostingError> {
    let mut scan = Scan::new(queue);
    add_open_sagas(ctx, &mut scan, queue).await?;
    let mut progress = Progress {
        sweep: inbox.sweep,
        ..Progress::default()
    };
    if let Some(since) = schedule.changes_since(ctx.now()) {
        progress.caught_up = inbox.catch_up;
        change_data::read_changes(ctx, &mut scan, since, &mut progress).await?;
    }
    change_data::sweep(ctx, &mut scan, &mut progress).await?;
    read_objects::read_announced(ctx, &mut scan, inbox).await?;
    lists::follow_merges(ctx, &scan, inbox).await?;
    item_changes::check_announced(ctx, inbox).await?;
    company_settings::check_settings(ctx, inbox).await?;
    company_settings::release_list_holds(ctx, &scan, inbox).await?;
    release_changed_holds(ctx, &scan).await?;
    affected_documents::load_documents(ctx, &mut scan).await?;
    detection::detect_all(ctx, &mut scan).await?;
    let told = item_changes::tell(ctx, &mut scan).await?;
    ctx.ensure_lease()?;
    save_detections(ctx, &mut scan).await?;
    item_changes::set_told(ctx, &told).await?;
    progress.others = scan.others.newest;
    progress.done = scan.finished_changes(inbox);
    progress.again = scan.deferred_changes(inbox);
    Ok(progress)
}

/// Releases the documents that are held for a transaction that was changed, voided or deleted. The next attempt looks again.
async fn release_changed_holds<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
) -> Result<(), PostingError> {
    let observed = scan.observations.iter();
    let observed = observed.map(|observed| (observed.kind, observed.id.clone()));
    let changed: Vec<ObjectKey> = observed
        .chain(scan.others.changed.iter().cloned())
        .collect();
    let is_changed = |hold: &HoldReason| {
        let mut named = hold.transactions().into_iter();
        named.any(|found| changed.iter().any(|(kind, id)| found.is_object(*kind, id)))
    };
    let mut entries = scan.queue.entries.iter();
    if entries.any(|entry| matches!(&entry.state, EntryState::Held(hold) if is_changed(hold))) {
        ctx.store.release_holds(ctx.firm, is_changed).await?;
    }
    Ok(())
}

/// Adds the sagas of documents whose posting has an unknown outcome.
async fn add_open_sagas<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    queue: &Queue,
) -> Result<(), PostingError> {
    for entry in queue
        .entries
        .iter()
        .filter(|entry| entry.state.is_deferred())
    {
        let record = ctx.store.document(ctx.firm, &entry.document).await?;
        if let Some(saga) = record.and_then(|record| record.saga) {
            scan.add_open_saga(&saga);
        }
    }
    Ok(())
}

async fn save_detections<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
) -> Result<(), PostingError> {
    scan.detections.push(Detection {
        entries: ctx.parties.take_unindexed(),
        ..Detection::default()
    });
    let empty = Detection::default();
    scan.detections.retain(|detection| *detection != empty);
    let detections = &scan.detections;
    ctx.store.save_detections(ctx.firm, detections).await?;
    let activity = detections.iter().flat_map(|detection| &detection.activity);
    let services = ctx.client.services;
    services
        .schedule_notifications(ctx.firm, activity, ctx.now())
        .await;
    Ok(())
}
