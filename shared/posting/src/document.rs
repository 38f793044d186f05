//! Posts one document: changes QuickBooks until it has the newest revision from RIVET.

// Top first: a module uses only modules below it.
mod attempt;
mod decision;
mod revision;
mod forgotten;
mod draft;
mod retainage_limit;
mod manual_posting;
mod facts;
mod payment_facts;
pub mod notification;

pub use crate::document::draft::{DraftResult, draft};
pub use crate::document::revision::take_back_earlier;

use crate::comparison::assigned_numbers::take_over_numbers;
use crate::context::WorkerContext;
use crate::document::attempt::{add_attempt, after_outcome};
use crate::document::decision::apply_decision;
use crate::error::PostingError;
use crate::figures::set_figures;
use crate::index_entries::rescan::rescan;
use crate::index_entries::{add_rest, index_entries};
use crate::items;
use crate::outcome::{AfterError, ProcessedItem, processed};
use crate::restored::{Standing, catch_up, ensure_caught_up};
use crate::saga::{self, Execution};
use crate::steps::closed_books::{closing_date, is_posted_later};
use crate::steps::returned_payment::has_gone_on;
use crate::steps::{finish, set_shares};
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::document::attempts::AttemptRemark;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::reason::hold::HoldReason;

/// Loads the record of an entry.
pub async fn load_item<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    entry: QueueEntry,
    now: Timestamp,
) -> Result<WorkItem, StoreError> {
    let known = ctx.store.document(ctx.firm, &entry.document).await?;
    let new = || DocumentRecord {
        received_at: entry.arrived_at.unwrap_or(now),
        ..DocumentRecord::new(entry.document.clone(), now)
    };
    let mut record = known.unwrap_or_else(new);
    record.summary = entry.summary.clone().or(record.summary);
    Ok(WorkItem::new(entry, record))
}

/// Processes one document alone. A store failure ends the run; every other error becomes a status of the document.
pub async fn process_one<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    mut item: WorkItem,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    if item.is_finished() {
        return report_finished(ctx, item, now).await;
    }
    let outcome = bring_up_to_date(ctx, &mut item, now).await;
    save_outcome(ctx, item, outcome, now).await
}

/// Reports a document that an earlier worker finished but did not report, because it crashed.
async fn report_finished<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    mut item: WorkItem,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    let (record, entry) = (&mut item.record, &item.entry);
    let missed = notification::missed_notification(record, &ctx.log);
    if record.decision != entry.decision && entry.decision.is_some() {
        add_late_decision(record, entry, now);
        ctx.save_document(record).await?;
    }
    set_shares(ctx, record).await?;
    set_figures(ctx, record).await?;
    let mut done = processed(&item, missed, now);
    done.result.objects = index_entries(&item.record, &[]);
    if item.record.has_conflicting_edit() && item.record.decision.is_none() {
        let (record, objects) = (&item.record, &mut done.result.objects);
        done.rescan = rescan(record, &record.posted, objects, ctx.now());
    }
    Ok(done)
}

/// Adds to the record that a decision came after the document was finished.
fn add_late_decision(record: &mut DocumentRecord, entry: &QueueEntry, now: Timestamp) {
    let remark = AttemptRemark {
        by: entry.requested_by(),
        text: "It was finished before the decision. ",
    };
    record.set_status(record.status.clone(), now, remark);
}

/// Saves the outcome of an attempt.
pub async fn save_outcome<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    mut item: WorkItem,
    outcome: Result<DocumentStatus, PostingError>,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    let outcome = if learn_closing_date(ctx, &outcome, now).await? && is_posted_later(ctx, &item) {
        Err(PostingError::PlanAgain)
    } else {
        outcome
    };
    let AfterError {
        mut status,
        entry_state,
        wait_cause,
        pause_until,
    } = after_outcome(ctx, &mut item, outcome, now).await?;
    ctx.invoice_order.learn(&item.record, &status);
    item.record.set_half_posted(&item.original, &mut status);
    let was_reported = item.original.status.is_final()
        && notification::missed_notification(&item.original, &ctx.log).is_none();
    add_attempt(&mut item, status, now);
    let notification = notification::due_notification(&mut item, &ctx.log, now);
    ctx.save_document(&item.record).await?;
    set_figures(ctx, &item.record).await?;
    if !item.original.is_posted_differently() {
        items::doubt_items_of(ctx, &item.record).await?;
    }
    let mut done = processed(&item, notification, now);
    done.pause_until = pause_until;
    let (record, objects) = (&item.record, &mut done.result.objects);
    *objects = index_entries(record, &item.original.posted);
    objects.append(&mut ctx.parties.take_unindexed());
    let had_edit = item.original.has_conflicting_edit();
    if had_edit && record.status.is_final() && record.decision.is_none() {
        done.rescan = rescan(record, &item.original.posted, objects, ctx.now());
    }
    if !was_reported {
        add_rest(record, objects);
    }
    done.rescan.append(&mut item.rescan);
    done.result.entry_state = entry_state.or(done.result.entry_state);
    done.result.wait_cause = wait_cause;
    let posted_at = done.result.is_posted.then_some(now);
    ctx.last_posted_at = posted_at.or(ctx.last_posted_at);
    Ok(done)
}

/// Brings QuickBooks up to date with the newest revision, void or decision.
pub async fn bring_up_to_date<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    if catch_up(ctx, item, now).await? == Standing::Newer {
        item.cover();
        return finish(ctx, item).await;
    }
    // Finish a started saga before anything newer. Only then is it known what stands in QuickBooks.
    item.name_copies();
    if let Some(saga) = &item.record.saga {
        let refused = saga.compensates_for.clone();
        let outcome = saga::execute(ctx, &mut item.record, Execution::Recovery, now).await;
        // A payment that QuickBooks does not void has come back, and is voided by an entry.
        let is_returned = has_gone_on(item, &outcome);
        if !is_returned {
            outcome?;
        }
        if item.is_covered() && !is_returned {
            match refused {
                None => return finish(ctx, item).await,
                Some(_) if item.entry.requested_by.is_some() => {} // A request counts after the doubt.
                Some(refused) => return Ok(refused),
            }
        }
    }
    ensure_caught_up(ctx, item)?;
    // A number that QuickBooks assigned is no difference to a newer revision or a void either.
    take_over_numbers(ctx, &mut item.record).await?;
    if let Some(decision) = item.entry.decision.clone()
        && let Some(status) = apply_decision(ctx, item, &decision, now).await?
    {
        return Ok(status);
    }
    if let Some(void) = item.entry.pending_void() {
        return revision::void(ctx, item, void, now).await;
    }
    match draft(ctx, item).await? {
        DraftResult::Settled(status) => Ok(status),
        DraftResult::Empty(document) => take_back_earlier(ctx, item, &document, now).await,
        DraftResult::Planned(planned) => revision::revise(ctx, item, &planned, now).await,
    }
}

/// Reads the company's facts again, at most once in a run, if books turn out to be closed. Later documents are then held without a call.
/// Returns whether the books are closed on a day on which RIVET thought them open.
async fn learn_closing_date<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    outcome: &Result<DocumentStatus, PostingError>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Err(PostingError::Held(HoldReason::BooksClosed(on))) = outcome else {
        return Ok(false);
    };
    if ctx.has_refreshed_company() || closing_date(ctx).covers(*on) {
        return Ok(false);
    }
    match ctx.refresh_company(now).await {
        Err(PostingError::Store(error)) => Err(error),
        _ => Ok(closing_date(ctx).covers(*on)),
    }
}
