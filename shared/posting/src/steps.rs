//! Plans the steps of a document, executes them, and finishes the document.

// Top first: a module uses only modules below it.
pub mod compensation;
mod customer_record;
pub mod returned_payment;
pub mod closed_books;

use crate::adoption;
use crate::comparison::harmless::{ensure_unedited, take_over_harmless};
use crate::comparison::{ensure_as_sent, look_again};
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::planned::{ResolvedPlan, ResolvedSteps};
use crate::saga::{self, Execution};
use crate::steps::closed_books::{PlacedSteps, steps_in_open_books};
use crate::steps::customer_record::{set_currency, set_paid_shares};
use crate::steps::returned_payment::reopen_targets;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use mapping::Step;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;

/// Returns the steps to a plan, if no conflict or closed books prevent them. The record then names this revision as the current one.
pub async fn allowed_steps<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    resolved: ResolvedPlan<'_>,
    now: Timestamp,
) -> Result<ResolvedSteps, PostingError> {
    let ResolvedPlan { plan, mut ids } = resolved;
    let record = &mut item.record;
    item.rescan.extend(adoption::take_planned(
        record,
        &plan.on_day(record.posting_day),
        &ids,
        now,
    ));
    // A person's move to a job or project of the customer stays.
    if let Some(moved) = moved_customer(record, &ids.customer) {
        ids.customer = moved;
    }
    let PlacedSteps { plan, mut steps } = steps_in_open_books(ctx, item, plan)?;
    let record = &mut item.record;
    mark_replacements(record, &mut steps);
    let mut planned = ResolvedSteps {
        steps,
        ids,
        posts_anyway: item.entry.posts_anyway(),
    };
    ensure_unedited(ctx, item, &mut planned).await?;
    let record = &mut item.record;
    look_again(ctx, record, &planned.steps, now).await?;
    (record.revision, record.plan_hash) = (item.entry.revision, Some(plan.hash()));
    record.project = plan.project.clone();
    Ok(planned)
}

/// Returns the customer to whom a person moved an object of the document, if RIVET would write it for `customer`.
fn moved_customer(record: &DocumentRecord, customer: &str) -> Option<String> {
    let mut active = record.active_objects();
    let moved = active.find(|posted| posted.moved_from.as_deref() == Some(customer));
    moved.map(|posted| posted.ids.customer.clone())
}

/// Gives an object that replaces a void one an origin note of its own.
fn mark_replacements(record: &DocumentRecord, steps: &mut [Step]) {
    for step in steps {
        let Step::Create { slot, posting } = step else {
            continue;
        };
        let kind = posting.txn_type();
        let mut void = record
            .posted
            .iter()
            .filter(|old| (old.slot, old.kind) == (*slot, kind));
        if void.any(|old| old.posting.note() == posting.note()) {
            posting.add_attempt_to_note(record.posting_number + 1);
        }
    }
}

/// Records steps and then executes them.
pub async fn record_and_execute<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    planned: ResolvedSteps,
    now: Timestamp,
) -> Result<(), PostingError> {
    if planned.steps.is_empty() {
        // An earlier attempt may have reversed an invoice and not applied the credit memo.
        return saga::apply_reversals(ctx, record, now).await;
    }
    saga::start(ctx, record, planned, now);
    ctx.save_document(record).await?;
    saga::execute(ctx, record, Execution::First, now).await
}

/// Sets what the records of a document's project and customer keep of it. They are saved with those of the projects. Until then the document
/// stays in the queue, and a later worker that finds it there sets all of it again.
pub async fn set_shares<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    ctx.set_retainage(record).await?;
    set_paid_shares(ctx, record).await?;
    set_currency(ctx, record).await
}

/// Sets the document's shares, because all its objects stand. Returns the final status.
///
/// # Errors
/// A conflict, if QuickBooks made something else of a write than was sent.
pub async fn finish<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
) -> Result<DocumentStatus, PostingError> {
    set_shares(ctx, &item.record).await?;
    reopen_targets(ctx, &item.record).await?;
    take_over_harmless(ctx, item).await?;
    ensure_as_sent(&mut item.record)?;
    Ok(match item.entry.void {
        Some(void) if void.revision >= item.record.revision => DocumentStatus::Voided,
        _ => DocumentStatus::Posted,
    })
}
