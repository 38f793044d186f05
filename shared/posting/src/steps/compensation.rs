//! Takes a retainage entry back whose invoice QuickBooks refused. No entry stays in the books without its invoice.
//!
//! An invoice and its entry go out in one call, and QuickBooks may carry out the entry alone. The saga that reverses the entry holds the
//! status of the document after it, so that another worker can finish it after a crash.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::outcome::{AfterError, status_after_error};
use crate::planned::ResolvedSteps;
use crate::saga::{self, Execution};
use crate::work_item::WorkItem;
use jiff::Timestamp;
use mapping::{Parties, PostedObject, Slot, UndoDays};
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;

/// Reverses the entry of a document whose invoice was refused, on the entry's own day or the first open one. Returns the consequences of the refusal, or those
/// of a reversal whose outcome is unknown.
pub async fn take_entry_back<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    refused: AfterError,
    now: Timestamp,
) -> Result<AfterError, StoreError> {
    // An edited entry is a person's to decide about.
    let is_conflict = matches!(refused.status, DocumentStatus::Conflict(_));
    if is_conflict || !is_entry_alone(ctx, item).await? {
        return Ok(refused);
    }
    let entries = item.record.posted.iter().filter(|posted| is_entry(posted));
    let closing = ctx.client.preferences().closing_date();
    let steps = entries.flat_map(|posted| {
        let days = UndoDays::new(closing, posted.posting.date());
        mapping::void_steps(std::slice::from_ref(posted), &days)
    });
    let steps = ResolvedSteps::taking_back(steps.collect());
    saga::start(ctx, &mut item.record, steps, now);
    let status = taken_back(refused.status.clone());
    if let Some(saga) = &mut item.record.saga {
        saga.compensates_for = Some(status.clone());
    }
    ctx.save_document(&item.record).await?;
    let started = item.record.saga.clone();
    match saga::execute(ctx, &mut item.record, Execution::First, now).await {
        Ok(()) => Ok(AfterError { status, ..refused }),
        Err(PostingError::Store(error)) => Err(error),
        Err(error) if error.is_refused() => Ok(refused),
        // A person edited or deleted the entry meanwhile, and its reversal is taken back.
        Err(PostingError::PlanAgain) => Ok(refused),
        Err(error) => {
            // Another worker goes on with the same steps.
            item.record.saga = item.record.saga.take().or(started);
            status_after_error(ctx, error, item, now).await
        }
    }
}

/// Returns whether an entry of the document counts in the books, although its invoice does not and the document needs one.
async fn is_entry_alone<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
) -> Result<bool, StoreError> {
    let record = &item.record;
    let before = &item.original;
    // A person may have accepted the entry alone.
    let is_accepted = has_entry_alone(before) && !before.is_half_posted;
    if record.saga.is_some() || is_accepted || !has_entry_alone(record) {
        return Ok(false);
    }
    let revision = ctx
        .store
        .received_revision(ctx.firm, &record.reference, record.revision)
        .await?;
    let Some(revision) = revision else {
        return Ok(false);
    };
    let project = revision.project().map(|project| &project.id);
    let held = ctx.held(project, record).await?;
    let preferences = ctx.client.preferences();
    let parties = Parties::default();
    let inputs = ctx.plan_inputs(&preferences, &held, &parties);
    let plan = mapping::plan(&revision, &inputs);
    let needs_invoice = |plan: mapping::PostingPlan| {
        let mut postings = plan.postings.iter();
        postings.any(|planned| planned.slot == Slot::Sale)
    };
    Ok(plan.is_ok_and(needs_invoice))
}

fn has_entry_alone(record: &DocumentRecord) -> bool {
    let mut active = record.active_objects();
    record.posted.iter().any(is_entry) && active.all(|posted| posted.slot != Slot::Sale)
}

fn is_entry(posted: &PostedObject) -> bool {
    posted.is_active && posted.slot == Slot::Retainage
}

/// Returns the status with the words that nothing of the document is left in the books.
fn taken_back(mut status: DocumentStatus) -> DocumentStatus {
    if let DocumentStatus::Failed(reason) = &mut status {
        reason.message.push_str(
            " The journal entry that was posted with it is reversed, so nothing of it is left in the books; a retry posts both.",
        );
    }
    status
}
