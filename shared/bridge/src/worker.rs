//! Works on one firm's queue. One worker at a time processes entries in business order until all are done or the time is up.

// Top first: a module uses only modules below it.
mod batching;
pub mod run;

use billing::FirmId;
use connection::client::CompanyClient;
use connection::client::deadlines::Deadlines;
use connection::client::look::LookResult;
use connection::services::Services;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use posting::context::WorkerContext;
use posting::error::PostingError;
use store::Claimant;
use store::queue::completion::WorkResult;
use store::queue::lease::LeaseRelease;
use store::queue::{Queue, WORK_LEASE};
use store::reason::hold::HoldReason;
use store::schedule::ScheduledJob;

use crate::error::Error;
use crate::worker::batching::process_batch;
use crate::worker::run::{WorkScope, WorkerRun};

/// The outcome of a run.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    /// The result of each document that was processed.
    pub results: Vec<WorkResult>,
    /// The instant at which there is more to do, `None` if nothing is left.
    pub next_run_at: Option<Timestamp>,
}

/// Works on a leased queue, then saves the results and releases the lease in one swap.
///
/// # Errors
/// A store failure ends the run. The lease then expires, and the next worker recovers the started sagas.
pub async fn work<H: Http, R: Records>(
    services: &Services<H, R>,
    firm: &FirmId,
    mut run: WorkerRun<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<RunSummary, Error> {
    let mut ctx = open(services, firm, &mut run, clock).await?;
    let (mut results, mut rescan) = (Vec::new(), Vec::new());
    let mut pause_until = None;
    while pause_until.is_none() && clock() < run.window.until {
        let processed = process_batch(&mut ctx, &mut run, clock).await?;
        if processed.is_empty() {
            break;
        }
        for item in processed {
            if item.result.entry_state.is_none() {
                run.release_waiting_for(&item.result.document);
            }
            if item.result.is_posted {
                run.queue.end_company_waits(clock());
            }
            pause_until = pause_until.max(item.pause_until);
            results.push(item.result);
            rescan.extend(item.rescan);
        }
    }
    let unfinished = UnfinishedWork {
        runnable_at: run.next_runnable_at(&results, clock()).or(pause_until),
        pause_until,
    };
    let mut scan_at = pause_until.or(scan_not_before(&ctx));
    // Unfinished sagas come first, because the scan would take their effects for edits.
    let scans = run.scope == WorkScope::Everything && scan_at.is_none();
    if scans && run.queue.runnable(clock()).is_empty() {
        run.apply_results(&results);
        scan_at = inbound::scan::scan(&mut ctx, &run.queue).await?;
    }
    if inbound::scan::request_rescan(&ctx, &rescan).await? {
        scan_at = Some(clock());
    }
    // The project records are saved while the entries are still in the queue: after a crash, the next worker saves them again.
    ctx.save_projects().await?;
    let queue = complete_and_release(&ctx, &results, unfinished, clock()).await?;
    // The scan needs no hint of its own: the hint of the current run stands until it is corrected.
    let next_run_at = queue.next_work_at().into_iter().chain(scan_at).min();
    Ok(RunSummary {
        results,
        next_run_at,
    })
}

/// Returns the instant before which no scan begins, if there is one. Until RIVET has sent again what the store forgot when it was set back, a
/// scan would take RIVET's own writes for edits.
fn scan_not_before<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>) -> Option<Timestamp> {
    let sent_again_by = ctx.restore.map(|restore| restore.sent_again_by());
    sent_again_by.filter(|at| ctx.now() < *at)
}

/// Opens the context. If the previous lease expired, recovers its batch log.
async fn open<'a, H: Http, R: Records>(
    services: &'a Services<H, R>,
    firm: &'a FirmId,
    run: &mut WorkerRun<'a>,
    clock: &'a dyn Fn() -> Timestamp,
) -> Result<WorkerContext<'a, H, R>, Error> {
    let took_over = run.queue.has_expired_lease();
    let plan = run.queue.plan.map(|seen| seen.plan);
    let deadlines = Deadlines {
        lease_ends_at: after(run.window.now, WORK_LEASE),
        calls_end_at: run.window.answers_until,
        clock,
    };
    let client = CompanyClient::open(services, firm, run.owner, deadlines).await?;
    let mut ctx = WorkerContext::open(client, plan).await?;
    ctx.set_limiter(run.queue.rate_limiter.clone());
    check_company(&mut ctx, run, clock()).await?;
    ctx.log = run.queue.take_activity_log();
    ctx.last_posted_at = run.queue.last_sync_at;
    if took_over {
        services.store.recover_batch_log(firm).await?;
    }
    Ok(ctx)
}

/// Reads the company's facts again, if a person asked for the run. A connection that does not work is looked at then, and twice a day. If
/// it works again, the documents that waited for it go on.
async fn check_company<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    run: &mut WorkerRun<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    let connection = &ctx.client.connection;
    let is_look_due = connection.next_look_at().is_some_and(|at| at <= now);
    if connection.mendable_grant().is_some() && (run.recheck_company || is_look_due) {
        if ctx.client.look_again(now).await? == LookResult::Mended {
            let is_released = |hold: &HoldReason| *hold == HoldReason::NotConnected;
            run.queue = ctx.store.release_holds(ctx.firm, is_released).await?;
        }
    } else if run.recheck_company {
        recheck_company(ctx, now).await?;
    }
    Ok(())
}

/// Reads the company's facts again, and saves that the connection is lost if it is.
async fn recheck_company<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    now: Timestamp,
) -> Result<(), Error> {
    match ctx.refresh_company(now).await {
        Err(PostingError::Store(error)) => return Err(error.into()),
        Err(PostingError::ConnectionLost(status)) => {
            ctx.client.set_connection_status(status, now).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The work that a run leaves unfinished.
struct UnfinishedWork {
    /// The earliest instant at which an entry is runnable.
    runnable_at: Option<Timestamp>,
    /// The company is not called before this instant.
    pause_until: Option<Timestamp>,
}

/// Saves the results and releases the lease. The hint for unfinished work is saved before, so that a crash in between loses nothing.
async fn complete_and_release<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    results: &[WorkResult],
    unfinished: UnfinishedWork,
    now: Timestamp,
) -> Result<Queue, Error> {
    let (client, firm, store) = (&ctx.client, ctx.firm, ctx.store);
    if let Some(at) = unfinished.runnable_at {
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
    }
    let release = LeaseRelease {
        claimant: Claimant {
            owner: client.owner,
            now,
        },
        call_not_before: unfinished.pause_until,
        rate_limiter: Some(&client.limiter),
    };
    let queue = store.complete_and_release(firm, results, release).await?;
    if let Some(reads) = ctx.reads_made() {
        store.add_reads(firm, reads, now).await?;
    }
    let entries = results.iter().map(|result| &result.activity_entry);
    let services = client.services;
    services.schedule_notifications(firm, entries, now).await;
    if let Some(at) = queue.next_work_at() {
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
    }
    Ok(queue)
}
