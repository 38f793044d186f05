//! Executes the postings of several documents in one call.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::answers::{BatchOutcome, SendResult, apply_answers};
use crate::saga::open_saga::Execution;
use crate::saga::record::render;
use crate::saga::sequence::execute;
use connection::client::api::IdempotentBatch;
use connection::idempotency_key::{IdentifiedRequest, request_id};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::request::Write;
use store::document::DocumentRecord;

/// Executes the steps that several documents have just started. No step was sent before.
pub async fn execute_batch<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    if records.is_empty() {
        return Ok(SendResult::Each(Vec::new()));
    }
    if let [one] = records
        && one.saga.as_ref().is_some_and(|saga| saga.steps.len() == 1)
    {
        ctx.save_document(one).await?;
        let outcome = execute(ctx, one, Execution::First, now).await;
        return Ok(SendResult::Each(vec![outcome]));
    }
    let key = batch_request_id(records);
    let items = assign_items(ctx, records, &key);
    save_started(ctx, records).await?;
    let began_at = ctx.now();
    let answers = if items.is_empty() {
        Ok(BatchAnswers::default())
    } else {
        let batch = IdempotentBatch {
            items: &items,
            request_id: &key,
        };
        let answers = ctx.client.write_together(batch, now).await;
        answers.map_err(PostingError::from)
    };
    match answers {
        Err(PostingError::Store(error)) => Err(error),
        Err(error) if !error.is_outcome_unknown() => {
            records.iter_mut().for_each(|record| record.saga = None);
            Ok(SendResult::NothingSent(error))
        }
        answers => {
            let batch = BatchOutcome {
                answers,
                execution: Execution::First,
                began_at,
                ended_at: ctx.now(),
            };
            apply_answers(ctx, records, &batch, now).await
        }
    }
}

/// Returns the request id of a batch, which follows from the ids of all its steps.
fn batch_request_id(records: &[&mut DocumentRecord]) -> String {
    let sagas = records.iter().filter_map(|record| record.saga.as_ref());
    let steps = sagas.flat_map(|saga| &saga.steps);
    let keys: Vec<&str> = steps.map(|step| step.request_id.as_str()).collect();
    request_id(IdentifiedRequest::Batch, &keys)
}

/// Makes the items of a batch and records the item of each step. A step that cannot be rendered gets no item and is refused later.
fn assign_items<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    key: &str,
) -> Vec<BatchItem<Write>> {
    let mut items = Vec::new();
    for saga in records.iter_mut().filter_map(|record| record.saga.as_mut()) {
        for step in &mut saga.steps {
            let Ok(operation) = render(ctx, &step.step, &saga.ids) else {
                continue;
            };
            let id = items.len().to_string();
            step.batch_item = Some(id.clone());
            step.request_id = key.to_owned();
            items.push(BatchItem { id, operation });
        }
    }
    items
}

/// Saves the started steps of all documents in one write: the batch log, or the record of a single document.
async fn save_started<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Result<(), StoreError> {
    if let [one] = records {
        return ctx.save_document(one).await;
    }
    let entries = records.iter().map(|record| (**record).clone());
    ctx.save_batch_log(entries.collect()).await
}
