//! Finishes steps that an earlier worker may have sent. One call looks up all steps. A second call sends the missing steps again, as the
//! batch of their first sending.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::answers::{BatchOutcome, SendResult, apply_answers};
use crate::saga::lookup::{find_ours, query_for};
use crate::saga::record::{ExecutedStep, apply, render};
use crate::saga::step::Execution;
use connection::client::api::IdempotentBatch;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::batch::BatchItem;
use quickbooks::entity::ObjectSnapshot;
use quickbooks::request::Write;
use store::document::DocumentRecord;

/// An open step with the query that finds its object.
struct Lookup {
    /// The index of the document in the batch.
    record: usize,
    /// The index of the step in the document's saga.
    step: usize,
    query: Query,
}

/// Finishes the steps that were sent in one batch, for one or several documents.
pub async fn recover_batch<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    match mark_executed(ctx, records, now).await {
        Ok(()) => {}
        Err(PostingError::Store(error)) => return Err(error),
        Err(error) => return Ok(SendResult::NothingSent(error)),
    }
    let Some(key) = records.iter().find_map(|record| record.batch_key()) else {
        return Ok(SendResult::Each(records.iter().map(|_| Ok(())).collect()));
    };
    let (key, items) = (key.to_owned(), open_items(ctx, records));
    let batch = IdempotentBatch {
        items: &items,
        request_id: &key,
    };
    let answers = ctx.client.write_together(batch, now).await;
    match answers.map_err(PostingError::from) {
        Err(PostingError::Store(error)) => Err(error),
        // If there are several documents, smaller batches show which of them causes the refusal.
        Err(error)
            if error.is_unavailable() || (records.len() > 1 && !error.is_outcome_unknown()) =>
        {
            Ok(SendResult::NothingSent(error))
        }
        answers => {
            let batch = BatchOutcome {
                answers,
                execution: Execution::Recovery,
            };
            apply_answers(ctx, records, &batch, now).await
        }
    }
}

/// Marks the open steps that the company carried out. A failed look-up changes nothing.
async fn mark_executed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<(), PostingError> {
    let mut lookups: Vec<Lookup> = Vec::new();
    for (of, record) in records.iter().enumerate() {
        let steps = record.saga.iter().flat_map(|saga| &saga.steps);
        for (at, open) in steps.enumerate().filter(|(_, step)| !step.is_done) {
            if let Some(posting) = open.step.posting() {
                lookups.push(Lookup {
                    record: of,
                    step: at,
                    query: query_for(ctx, posting),
                });
            }
        }
    }
    let found = find_all(ctx, &lookups, now).await?;
    for (lookup, found) in lookups.into_iter().zip(found) {
        let record = &mut *records[lookup.record];
        let Some(mut saga) = record.saga.take() else {
            continue;
        };
        let open = &mut saga.steps[lookup.step];
        let found = open.step.posting().map(|posting| find_ours(found, posting));
        if let Some(Ok(Some(found))) = &found {
            let executed = ExecutedStep {
                step: &open.step,
                ids: &saga.ids,
            };
            apply(ctx, record, executed, found);
            open.is_done = true;
        }
        record.saga = Some(saga);
        found.transpose()?;
    }
    Ok(())
}

/// Returns the objects that each query finds. Where QuickBooks assigns the numbers, many steps share one query for their day.
async fn find_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    lookups: &[Lookup],
    now: Timestamp,
) -> Result<Vec<Vec<ObjectSnapshot>>, PostingError> {
    let mut distinct: Vec<Query> = Vec::new();
    for Lookup { query, .. } in lookups {
        if !distinct.contains(query) {
            distinct.push(query.clone());
        }
    }
    let found = ctx.client.query_all(&distinct, now).await?;
    let position = |query: &Query| distinct.iter().position(|distinct| distinct == query);
    let found = lookups
        .iter()
        .filter_map(|lookup| found.get(position(&lookup.query)?).cloned());
    Ok(found.collect())
}

/// Returns the items of the open steps, with the ids of their first sending.
fn open_items<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Vec<BatchItem<Write>> {
    let sagas = records.iter().filter_map(|record| record.saga.as_ref());
    let steps = sagas.flat_map(|saga| saga.steps.iter().map(|step| (step, &saga.ids)));
    let items = steps
        .filter(|(step, _)| !step.is_done)
        .filter_map(|(step, ids)| {
            let operation = render(ctx, &step.step, ids).ok()?;
            let id = step.batch_item.clone()?;
            Some(BatchItem { id, operation })
        });
    items.collect()
}
