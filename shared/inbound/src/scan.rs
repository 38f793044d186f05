//! Noticing what happens in QuickBooks to what RIVET posted: paid, edited, voided, deleted, merged.
//!
//! A worker looks after its rounds of posting, while it has the firm's desk. Notices say only that an object changed, so what
//! concerns us is read as it stands then, in few calls; everything else costs nothing. Nothing in QuickBooks is written here.
//!
//! ```text
//!  notices ──▶ ours, and newer than what we know? ──▶ read, all in one call ──┐
//!  changes since the cursor (daily, after a reconnect, when asked for) ───────┼──▶ document by document: what differs, what is paid
//!  a page of the register (after a gap that no answer covers) ────────────────┘                     │
//!                          the documents' records ◀──────────────────────────────────────────────────┘
//!                          then one swap of the desk: lines, conflicts, the versions now known
//!                          then the inbox: notices out, cursor on
//! ```
//!
//! | a crash after | leaves | what follows |
//! |---|---|---|
//! | a record was kept | the desk as it was; the lines and their versions in the record | the next look puts both down, as the register does not know those versions |
//! | the desk's swap | the notices | what they are about is known by its version, and costs no read |
//!
//! So each difference is told exactly once: a line and the versions that it is about are put down by the same swap.
//!
//! What a document is about that is to be worked on first, or what may turn out to be ours once a posting in doubt is looked up, stays in
//! the inbox.

pub mod affected_documents;
pub mod change_data;
pub mod observation;
pub mod read_objects;
pub mod schedule;
pub mod snapshot;

use crate::scan::schedule::Schedule;
use crate::scan::snapshot::Scan;
use jiff::{SignedDuration, Timestamp};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::PostingError;
use store::CompanyKey;
use store::connection::UsableGrant;
use store::inbox::change::PendingChange;
use store::inbox::{Inbox, Progress};
use store::queue::Queue;
use store::queue::detection::Detection;
use store::schedule::ScheduledJob;

/// When it is looked again after the company could not be asked, or for what is to be worked on first.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// Looks at what the company told of, and asks it what else changed if that is due. Gives the time of the next look.
pub async fn scan<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    desk: &Queue,
) -> Result<Option<Timestamp>, StoreError> {
    let now = ctx.now();
    let Some(UsableGrant { company, .. }) = ctx.client.connection.usable_grant() else {
        return Ok(None);
    };
    let realm = company.realm_id.clone();
    let store = ctx.store;
    let inbox = store.inbox(ctx.firm, &realm).await?;
    let is_scarce = store.is_read_quota_scarce(ctx.firm, now).await?;
    let schedule = Schedule::of((ctx.firm, &ctx.client.connection), &inbox, is_scarce);
    if schedule.at > now {
        return Ok(Some(schedule.at));
    }
    match run(ctx, desk, &inbox, &schedule).await {
        Err(PostingError::Store(error)) => Err(error),
        Err(PostingError::ConnectionLost(status)) => {
            ctx.client.set_connection_status(status, ctx.now()).await?;
            Ok(None)
        }
        Err(_) => Ok(Some(after(ctx.now(), AGAIN))),
        Ok(progress) => {
            let store = ctx.store;
            let company = CompanyKey {
                firm: ctx.firm,
                realm_id: &realm,
            };
            let inbox = store.finish_changes(company, &progress).await?;
            let of = (ctx.firm, &ctx.client.connection);
            let next = Schedule::of(of, &inbox, is_scarce).at;
            let is_put_off = inbox.sweep.is_none() && inbox.has_work();
            Ok(Some(if is_put_off {
                next.max(after(now, AGAIN))
            } else {
                next
            }))
        }
    }
}

/// Requests a scan of changes that this run found to be looked at again. Returns whether there are any.
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

/// What was begun and came to no end yet.
async fn find_open_sagas<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    desk: &Queue,
) -> Result<(), PostingError> {
    for waiting in desk
        .entries
        .iter()
        .filter(|waiting| waiting.state.is_deferred())
    {
        let record = ctx.store.document(ctx.firm, &waiting.document);
        if let Some(saga) = record.await?.and_then(|record| record.saga) {
            scan.add_open_saga(&saga);
        }
    }
    Ok(())
}

async fn run<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    desk: &Queue,
    inbox: &Inbox,
    schedule: &Schedule,
) -> Result<Progress, PostingError> {
    let mut scan = Scan::new(desk);
    find_open_sagas(ctx, &mut scan, desk).await?;
    let mut progress = Progress {
        sweep: inbox.sweep,
        ..Progress::default()
    };
    if let Some(since) = schedule.changes_since(ctx.now()) {
        change_data::read_changes(ctx, &mut scan, (inbox, since), &mut progress).await?;
    }
    change_data::sweep(ctx, &mut scan, &mut progress).await?;
    read_objects::read_announced(ctx, &mut scan, inbox).await?;
    crate::lists::follow_merges(ctx, &scan, inbox).await?;
    crate::company_settings::check_settings(ctx, inbox).await?;
    crate::company_settings::release_list_holds(ctx, &scan, inbox).await?;
    affected_documents::load_documents(ctx, &mut scan).await?;
    crate::detection::detect_all(ctx, &mut scan).await?;
    ctx.ensure_lease()?;
    scan.detections.push(Detection {
        entries: ctx.parties.take_unindexed(),
        ..Detection::default()
    });
    scan.detections
        .retain(|noted| *noted != Detection::default());
    let store = ctx.store;
    store.save_detections(ctx.firm, &scan.detections).await?;
    let lines = scan.detections.iter().flat_map(|noted| &noted.activity);
    let now = ctx.now();
    ctx.client
        .services
        .schedule_notifications(ctx.firm, lines, now)
        .await;
    (progress.done, progress.again) = (scan.finished_changes(inbox), scan.deferred_changes(inbox));
    Ok(progress)
}
