//! Finishes steps that an earlier worker may have sent. One call looks up all steps. A second call sends the missing steps again, as the
//! batch of their first sending.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::answers::{BatchOutcome, SendResult, apply_answers};
use crate::saga::look_up::look_up;
use crate::saga::open_saga::Execution;
use crate::saga::record::render;
use connection::client::api::IdempotentBatch;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::batch::BatchItem;
use quickbooks::request::Write;
use store::document::DocumentRecord;
use store::document::saga::LastSending;

/// Finishes the steps that were sent in one batch, for one or several documents. Each document has an outcome of its own: a look-up that is
/// refused holds up only its document.
pub async fn recover_batch<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    let mut outcomes = look_up(ctx, records, now).await?;
    if let Some(error) = unavailable(&outcomes) {
        return Ok(SendResult::NothingSent(error));
    }
    let is_missing = |of: &usize| outcomes[*of].is_ok() && records[*of].open_steps() > 0;
    let missing: Vec<usize> = (0..records.len()).filter(is_missing).collect();
    let resent = records.iter_mut().enumerate();
    let resent = resent.filter(|(of, _)| missing.contains(of));
    let mut resent: Vec<&mut DocumentRecord> = resent.map(|(_, record)| &mut **record).collect();
    let answered = match resend(ctx, &mut resent, now).await? {
        SendResult::Each(answered) => answered,
        SendResult::NothingSent(error) if error.is_unavailable() => {
            missing.iter().map(|_| Err(error.clone())).collect()
        }
        // If there are several documents, smaller batches show which of them causes the refusal. Nothing was carried out, so the records
        // get the sendings back that are known.
        refused => {
            for record in resent {
                ctx.save_document(record).await?;
            }
            return Ok(refused);
        }
    };
    for (of, answer) in missing.into_iter().zip(answered) {
        outcomes[of] = answer;
    }
    Ok(SendResult::Each(outcomes))
}

/// Returns the error if QuickBooks answered no look-up at all.
fn unavailable(outcomes: &[Result<(), PostingError>]) -> Option<PostingError> {
    let mut errors = outcomes.iter().map(|outcome| outcome.as_ref().err());
    let is_unavailable =
        |error: Option<&PostingError>| error.is_some_and(PostingError::is_unavailable);
    let first = outcomes.first()?.as_ref().err()?;
    errors.all(is_unavailable).then(|| first.clone())
}

/// Sends the steps that certainly do not stand, as the batch of their first sending.
async fn resend<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    let Some(key) = records.iter().find_map(|record| record.batch_key()) else {
        return Ok(SendResult::Each(records.iter().map(|_| Ok(())).collect()));
    };
    let (key, items) = (key.to_owned(), open_items(ctx, records));
    save_resent(ctx, records).await?;
    let batch = IdempotentBatch {
        items: &items,
        request_id: &key,
    };
    let began_at = ctx.now();
    let answers = ctx.client.write_together(batch, now).await;
    match answers.map_err(PostingError::from) {
        Err(PostingError::Store(error)) => Err(error),
        Err(error)
            if error.is_unavailable() || (records.len() > 1 && !error.is_outcome_unknown()) =>
        {
            Ok(SendResult::NothingSent(error))
        }
        answers => {
            let batch = BatchOutcome {
                answers,
                execution: Execution::Recovery,
                began_at,
                ended_at: ctx.now(),
            };
            apply_answers(ctx, records, &batch, now).await
        }
    }
}

/// Saves that the open steps are perhaps sent until the last moment of this run. In memory, the records keep the sendings that are known.
async fn save_resent<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    records: &[&mut DocumentRecord],
) -> Result<(), StoreError> {
    let latest = LastSending::EndedBy(ctx.client.calls_end_at());
    for record in records {
        let mut record = (**record).clone();
        let steps = record.saga.iter_mut().flat_map(|saga| &mut saga.steps);
        for step in steps.filter(|step| !step.is_done) {
            step.last_sending = step.last_sending.max(latest);
        }
        ctx.save_document(&record).await?;
    }
    Ok(())
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
