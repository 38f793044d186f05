//! Sends a batch: finds the parties, records and sends the steps, and applies the answers.

use crate::batch::{Batch, BatchResult, PlannedItem};
use crate::context::WorkerContext;
use crate::document;
use crate::entered_before::{self, Candidate, Looked};
use crate::error::PostingError;
use crate::first_posting::{FirstPosting, ensure_first};
use crate::matching::{self, Creation};
use crate::planned::{PlannedDocument, ResolvedPlan, ResolvedSteps};
use crate::saga::{self, SendResult};
use crate::steps::{allowed_steps, finish};
use crate::work_item::WorkItem;
use jiff::Timestamp;
use mapping::Ids;
use ports::http::Http;
use ports::records::{Records, StoreError};
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;

/// A document whose steps may be sent.
struct ReadyItem {
    item: WorkItem,
    planned: ResolvedSteps,
}

/// Documents whose steps were sent, with the result of the batch.
struct SentItems {
    items: Vec<WorkItem>,
    sent: SendResult,
}

/// Posts a batch.
pub async fn post<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    batch: Batch,
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let mut result = BatchResult::default();
    let documents: Vec<&PlannedDocument> = batch.items.iter().map(|item| &item.planned).collect();
    matching::find_parties(ctx, &documents, Creation::Allowed, now).await?;
    let mut ready = Vec::new();
    let mut items = resolve_all(ctx, batch.items).into_iter();
    let looked = look(ctx, items.as_slice(), now).await;
    if let Err(PostingError::Store(error)) = looked {
        return Err(error);
    }
    for mut resolved in items.by_ref() {
        let outcome = match prepare(ctx, &mut resolved, &looked, now).await {
            Ok(Prepared::Finished(status)) => Ok(status),
            Ok(Prepared::Ready(steps)) => {
                ready.push(ReadyItem {
                    item: resolved.item,
                    planned: steps,
                });
                continue;
            }
            Err(error) => Err(error),
        };
        let is_unavailable = matches!(&outcome, Err(error) if error.is_unavailable());
        let processed = document::save_outcome(ctx, resolved.item, outcome, now).await?;
        result.processed.push(processed);
        if is_unavailable {
            break;
        }
    }
    let rest = items.map(|resolved| resolved.item.entry);
    result.unprocessed.extend(rest);
    send(ctx, ready, &mut result, now).await?;
    Ok(result)
}

/// A document with the ids that its plan needs.
struct ResolvedItem {
    item: WorkItem,
    planned: PlannedDocument,
    ids: Result<Ids, PostingError>,
}

/// A document after the look at the company.
enum Prepared {
    /// The steps may be sent.
    Ready(ResolvedSteps),
    /// The document has its status.
    Finished(DocumentStatus),
}

fn resolve_all<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    items: Vec<PlannedItem>,
) -> Vec<ResolvedItem> {
    let items = items.into_iter().map(|planned| {
        let PlannedItem {
            mut item,
            planned,
            targets,
        } = planned;
        let customer = planned.document.customer();
        item.remark = ctx.parties.suggestion(&customer.id);
        let ids = matching::resolve(ctx, &planned, targets);
        item.pays_for_jobs = ids.as_ref().is_ok_and(|ids| !ids.jobs.is_empty());
        ResolvedItem { item, planned, ids }
    });
    items.collect()
}

/// Looks at the company for all documents of a batch in one call.
async fn look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    items: &[ResolvedItem],
    now: Timestamp,
) -> Result<Looked, PostingError> {
    let candidates = items.iter().filter_map(|resolved| {
        let ids = resolved.ids.as_ref().ok()?;
        let record = &resolved.item.record;
        Some(Candidate::of(record, &resolved.planned, ids))
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    entered_before::look(ctx, &candidates, now).await
}

/// Returns the steps of a document, if nothing like it is in QuickBooks, and no conflict or closed books prevent them.
async fn prepare<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    resolved: &mut ResolvedItem,
    looked: &Result<Looked, PostingError>,
    now: Timestamp,
) -> Result<Prepared, PostingError> {
    let ResolvedItem { item, planned, ids } = resolved;
    let plan = ResolvedPlan {
        plan: &planned.plan,
        ids: ids.clone()?,
    };
    let looked = looked.as_ref().map_err(Clone::clone)?;
    let steps = match ensure_first(ctx, item, plan, looked).await? {
        FirstPosting::Adopted(status) => return Ok(Prepared::Finished(status)),
        FirstPosting::New(plan) => {
            planned.ensure_allowed()?;
            allowed_steps(ctx, item, plan, now).await?
        }
    };
    Ok(if steps.steps.is_empty() {
        Prepared::Finished(finish(ctx, item).await?)
    } else {
        Prepared::Ready(steps)
    })
}

/// Finishes documents that were started in one batch.
pub async fn recover<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    mut items: Vec<WorkItem>,
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    items.iter_mut().for_each(WorkItem::name_copies);
    let sent = saga::recover_batch(ctx, &mut records_of(&mut items), now).await?;
    let mut result = BatchResult::default();
    save_outcomes(ctx, SentItems { items, sent }, &mut result, now).await?;
    Ok(result)
}

/// Sends the steps of all ready documents, after one write recorded them.
async fn send<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    ready: Vec<ReadyItem>,
    result: &mut BatchResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut items = Vec::new();
    for ReadyItem { mut item, planned } in ready {
        saga::start(ctx, &mut item.record, planned, now);
        items.push(item);
    }
    let sent = saga::execute_batch(ctx, &mut records_of(&mut items), now).await?;
    if matches!(sent, SendResult::NothingSent(_)) && items.len() > 1 {
        // Clear the batch log. After a crash, a later worker would otherwise send the batch despite newer settings or revisions.
        ctx.save_batch_log(Vec::new()).await?;
    }
    save_outcomes(ctx, SentItems { items, sent }, result, now).await
}

fn records_of(items: &mut [WorkItem]) -> Vec<&mut DocumentRecord> {
    items.iter_mut().map(|item| &mut item.record).collect()
}

/// Saves the outcomes of documents that were sent together.
async fn save_outcomes<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    sent: SentItems,
    result: &mut BatchResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut items = sent.items.into_iter();
    match sent.sent {
        SendResult::Each(outcomes) => {
            for (mut item, outcome) in items.by_ref().zip(outcomes) {
                let outcome = match outcome {
                    Ok(()) => continue_executed(ctx, &mut item, now).await,
                    Err(error) => Err(error),
                };
                let processed = document::save_outcome(ctx, item, outcome, now).await?;
                result.processed.push(processed);
            }
        }
        // Smaller batches show which document causes the refusal.
        SendResult::NothingSent(error) if items.len() > 1 && !error.is_unavailable() => {}
        // The first document gets the reason. The other documents stay as they were.
        SendResult::NothingSent(error) => {
            if let Some(item) = items.next() {
                let processed = document::save_outcome(ctx, item, Err(error), now).await?;
                result.processed.push(processed);
            }
        }
    }
    result.unprocessed.extend(items.map(|item| item.entry));
    Ok(())
}

/// Finishes a document whose steps stand, or continues with a newer revision.
async fn continue_executed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    item.record.saga = None;
    if item.is_covered() {
        return finish(ctx, item).await;
    }
    document::bring_up_to_date(ctx, item, now).await
}
