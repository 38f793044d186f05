//! Finishes what several documents have started and what may have been carried out: it is looked up in one call, and what is not there is
//! sent again in one call, as the batch that it was sent in.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::answers::{BatchOutcome, SendResult, apply_answers};
use crate::saga::lookup::{find_ours, query_for};
use crate::saga::record::{apply, render};
use crate::saga::step::Execution;
use connection::client::api::IdempotentBatch;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Query;
use quickbooks::batch::{BatchItem, BatchOperation};
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;

/// A step that is looked up, with the query that finds it.
struct Lookup {
    /// Which of the documents.
    record: usize,
    /// Which of its steps.
    step: usize,
    query: Query,
}

/// Finishes what was sent in one batch, of one or several documents.
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
    let answers = ctx.client.send_batch(batch, now).await;
    match answers.map_err(PostingError::from) {
        Err(PostingError::Store(error)) => Err(error),
        // Of several documents, smaller batches show whose fault a refusal is.
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

/// Marks the open steps that were carried out, as the company says. A look-up that failed leaves everything as it is.
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
        let DocumentRecord { saga, posted, .. } = &mut *records[lookup.record];
        let Some(saga) = saga else { continue };
        let open = &mut saga.steps[lookup.step];
        let Some(posting) = open.step.posting() else {
            continue;
        };
        if let Some(found) = find_ours(found, posting)? {
            apply(posted, &open.step, &saga.ids, &found);
            open.is_done = true;
        }
    }
    Ok(())
}

/// Returns what each query finds. Where QuickBooks numbers by itself, many look for the same day, which is asked once.
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

/// Returns the items of the steps that are still open, with the ids that they were sent under.
fn open_items<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Vec<BatchItem> {
    let sagas = records.iter().filter_map(|record| record.saga.as_ref());
    let steps = sagas.flat_map(|saga| saga.steps.iter().map(|step| (step, &saga.ids)));
    let items = steps
        .filter(|(step, _)| !step.is_done)
        .filter_map(|(step, ids)| {
            let operation = BatchOperation::Write(render(ctx, &step.step, ids).ok()?);
            let id = step.batch_item.clone()?;
            Some(BatchItem { id, operation })
        });
    items.collect()
}
