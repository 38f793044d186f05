//! Sync Now: a person asks for documents to be posted.

use billing::{DocumentRef, FirmId, Id};
use connection::services::Services;
use jiff::Timestamp;
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::Records;
use serde::Serialize;
use store::queue::Queue;
use store::queue::lease::LeaseResult;
use store::schedule::ScheduledJob;
use store::{Claimant, Store};

use crate::error::Error;
use crate::run_window::{PER_FIRM, RunWindow};
use crate::worker::run::{WorkScope, WorkerRun};
use crate::worker::work;

/// A person's request to post documents: the button of manual mode, and Retry.
#[derive(Clone, Copy, Debug)]
pub struct SyncRequest<'a> {
    /// The firm.
    pub firm: &'a FirmId,
    /// The requested documents, `None` for all unfinished ones.
    pub documents: Option<&'a [DocumentRef]>,
    /// The person who asks.
    pub requested_by: &'a Id,
}

/// The answer to Sync Now, in numbers of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SyncNow {
    /// Requested documents that still wait.
    pub queued: usize,
    /// Documents that were posted.
    pub posted: usize,
}

/// Posts the requested documents. A scheduled run continues with those that are not finished in time.
///
/// # Errors
/// The store fails.
pub async fn sync_now<H: Http, R: Records>(
    services: &Services<H, R>,
    request: SyncRequest<'_>,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<SyncNow, Error> {
    let (now, owner) = (clock(), entropy.token());
    let (store, firm) = (&services.store, request.firm);
    let queue = request_documents(store, request, now).await?;
    let queued = |queue: &Queue| SyncNow {
        queued: queue.counts().pending,
        posted: 0,
    };
    if queue.call_not_before.is_some_and(|at| at > now) {
        return Ok(queued(&queue));
    }
    let claimant = Claimant { owner: &owner, now };
    let LeaseResult::Ours(queue) = store.acquire_lease(firm, claimant).await? else {
        return Ok(queued(&queue));
    };
    let run = WorkerRun {
        queue: *queue,
        owner: &owner,
        scope: WorkScope::Everything,
        recheck_company: true,
        window: RunWindow::within_lease(now, PER_FIRM),
    };
    let summary = work(services, firm, run, &clock).await?;
    let posted = summary
        .results
        .iter()
        .filter(|result| result.is_posted)
        .count();
    Ok(SyncNow {
        queued: store.queue(firm).await?.counts().pending,
        posted,
    })
}

/// Marks the documents as requested and schedules a run for them.
///
/// The hint is saved before the request, so that a crash leaves no request without a hint. The hint is saved again after the request, because
/// a run may have used up the first one.
async fn request_documents<R: Records>(
    store: &Store<R>,
    request: SyncRequest<'_>,
    now: Timestamp,
) -> Result<Queue, Error> {
    let SyncRequest {
        firm,
        documents,
        requested_by,
    } = request;
    store.schedule_by(firm, ScheduledJob::Work, now).await?;
    let queue = store
        .request_documents(firm, documents, requested_by, now)
        .await?;
    if let Some(at) = queue.next_work_at() {
        store
            .schedule_by(firm, ScheduledJob::Work, at.max(now))
            .await?;
    }
    Ok(queue)
}
