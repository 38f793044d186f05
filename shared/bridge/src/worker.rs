//! Working at a firm's desk: one worker at a time, in business order, until all is done or time is up.

pub mod run;

pub use crate::worker::run::WorkerRun;

use crate::error::Error;
use billing::FirmId;
use connection::client::deadlines::Deadlines;
use connection::services::Services;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use posting::batch::{Batch, Placement};
use posting::context::WorkerContext;
use posting::document::WorkItem;
use posting::document::outcome::ProcessedItem;
use posting::error::Halt;
use store::Claimant;
use store::queue::completion::WorkResult;
use store::queue::lease::LeaseRelease;
use store::queue::{Queue, WORK_LEASE};
use store::schedule::ScheduledJob;

/// What a shift came to.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    /// What became of each document that was tried.
    pub finished: Vec<WorkResult>,
    /// When there is more to do, if ever.
    pub next: Option<Timestamp>,
}

/// Works a shift, then notes the results and leaves the desk in one swap.
pub async fn work<H: Http, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    mut shift: WorkerRun<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<RunSummary, Error> {
    let mut office = open(bridge, firm, &mut shift, clock).await?;
    let (mut finished, mut stop) = (Vec::new(), None);
    while stop.is_none() && clock() < shift.until {
        let tried = one_round(&mut office, &mut shift, clock).await?;
        if tried.is_empty() {
            break;
        }
        for tried in tried {
            if tried.finished.entry_state.is_none() {
                shift.release(&tried.finished.document);
            }
            stop = stop.max(tried.stop);
            finished.push(tried.finished);
        }
    }
    let left = shift.left(&finished, clock()).or(stop);
    let mut look = stop;
    // What may have been begun is finished first: else what somebody did to it would pass for something else.
    if shift.only.is_none() && stop.is_none() && shift.desk.runnable(clock()).is_empty() {
        shift.show(&finished);
        look = inbound::scan::watch(&mut office, &shift.desk).await?;
    }
    if inbound::scan::ask_for_another_look(&mut office).await? {
        look = Some(clock());
    }
    // Until the desk is left the documents lie on it, and whoever finds them there notes their retainage again.
    office.close().await?;
    let desk = leave(&office, &finished, (left, stop), clock()).await?;
    // For the next look there is no word: the hint of whoever is here stands until it is corrected.
    let next = desk.next_work_at().into_iter().chain(look).min();
    Ok(RunSummary { finished, next })
}

/// What a worker needs, and what the one before it may have left undone.
async fn open<'a, H: Http, R: Records>(
    bridge: &'a Services<H, R>,
    firm: &'a FirmId,
    shift: &mut WorkerRun<'a>,
    clock: &'a dyn Fn() -> Timestamp,
) -> Result<WorkerContext<'a, H, R>, Error> {
    let plan = shift.desk.plan.map(|seen| seen.plan);
    let hours = Deadlines {
        until: after(shift.began, WORK_LEASE),
        end: shift.end,
        clock,
    };
    let mut office = WorkerContext::open(bridge, (firm, shift.owner), plan, hours).await?;
    office.go_on_at(shift.desk.rate_limiter.clone());
    office.log = shift.desk.take_activity_log();
    if shift.recheck
        && let Err(Halt::Broken(error)) = office.recheck(clock()).await
    {
        return Err(error.into());
    }
    if shift.inherited {
        bridge.store.recover_batch_log(firm).await?;
    }
    Ok(office)
}

/// Notes what was done and leaves. Word of what is left goes out before: whoever dies in between has lost nothing.
async fn leave<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    finished: &[WorkResult],
    (left, stop): (Option<Timestamp>, Option<Timestamp>),
    now: Timestamp,
) -> Result<Queue, Error> {
    let (bridge, firm, store) = (office.bridge, office.firm, &office.bridge.store);
    if let Some(at) = left {
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
    }
    let release = LeaseRelease {
        claimant: Claimant {
            owner: office.owner,
            now,
        },
        call_not_before: stop,
        rate_limiter: Some(&office.pace),
    };
    let desk = store.complete_and_release(firm, finished, release).await?;
    if let Some(reads) = office.was_read() {
        store.add_reads(firm, reads, now).await?;
    }
    let lines = finished.iter().map(|done| &done.activity_entry);
    bridge.schedule_notifications(firm, lines, now).await;
    if let Some(at) = desk.next_work_at() {
        store.schedule_by(firm, ScheduledJob::Work, at).await?;
    }
    Ok(desk)
}

/// Takes up what can go out together, in business order, and posts it. What cannot goes by itself, after what was taken up before it.
async fn one_round<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    shift: &mut WorkerRun<'_>,
    clock: &impl Fn() -> Timestamp,
) -> Result<Vec<ProcessedItem>, Error> {
    let mut tried = Vec::new();
    let room = office.pace.batch_size();
    let (mut round, mut begun) = (Batch::new(room), Vec::new());
    while clock() < shift.until {
        let now = clock();
        let Some(waiting) = shift.next(now) else {
            break;
        };
        let case = posting::document::take_up(office, waiting, now).await?;
        if case.batch_key().is_some() && round.is_empty() && joins(&case, &begun, room) {
            begun.push(case);
            continue;
        }
        if !begun.is_empty() || (!case.is_plain() && !round.is_empty()) {
            shift.put_back(case.waiting);
            break;
        }
        if !case.is_plain() {
            tried.push(posting::document::try_alone(office, case, now).await?);
            break;
        }
        match posting::batch::place(office, &mut round, case, now).await? {
            Placement::In => {}
            Placement::Next(waiting) => {
                shift.put_back(*waiting);
                break;
            }
            Placement::Done(done) => {
                let stops = done.stop.is_some();
                tried.push(*done);
                if stops {
                    break;
                }
            }
        }
    }
    let posted = if begun.is_empty() {
        posting::batch::send::post(office, round, clock()).await?
    } else {
        posting::batch::send::resume(office, begun, clock()).await?
    };
    tried.extend(posted.tried);
    let left = posted.left.into_iter();
    left.for_each(|waiting| shift.put_back(waiting));
    Ok(tried)
}

/// Whether a document was begun in the same batch as others, and what is open of all of them fits into one call.
fn joins(case: &WorkItem, begun: &[WorkItem], room: usize) -> bool {
    let open = |case: &WorkItem| case.record.open_steps();
    let fits = begun.iter().map(open).sum::<usize>() + open(case) <= room;
    let same = |first: &WorkItem| first.batch_key() == case.batch_key();
    begun.first().is_none_or(|first| fits && same(first))
}
