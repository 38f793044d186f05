//! Applies the answers of a batch to the documents whose steps it held.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::open_saga::{Execution, OpenSaga};
use crate::saga::record::{render, settle};
use crate::saga::renumber::execute_renumbered;
use crate::saga::step::{Sent, item_answer, take_answer};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::batch::BatchAnswers;
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;

/// The result of a batch of postings.
pub enum SendResult {
    /// Each document has an outcome of its own.
    Each(Vec<Result<(), PostingError>>),
    /// QuickBooks certainly carried nothing out.
    NothingSent(PostingError),
}

/// The answers of QuickBooks to a batch, and the kind of its execution.
pub struct BatchOutcome {
    /// The answers, or the reason why there are none.
    pub answers: Result<BatchAnswers, PostingError>,
    /// A recovery looked the steps up just now, because an earlier attempt may have sent them.
    pub execution: Execution,
    /// The instant before the sending.
    pub began_at: Timestamp,
    /// The instant of the answers, or of their absence.
    pub ended_at: Timestamp,
}

/// Applies the answers to each document.
pub async fn apply_answers<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    records: &mut [&mut DocumentRecord],
    batch: &BatchOutcome,
    now: Timestamp,
) -> Result<SendResult, StoreError> {
    let mut outcomes = Vec::new();
    for record in records {
        match apply_answer(ctx, record, batch, now).await {
            Err(PostingError::Store(error)) => return Err(error),
            outcome => outcomes.push(outcome),
        }
    }
    Ok(SendResult::Each(outcomes))
}

/// Applies the answers to a document's open steps. A step that QuickBooks carried out stands, even if other steps failed. A refused step is
/// planned again, unless an earlier attempt may have carried it out.
async fn apply_answer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    batch: &BatchOutcome,
    now: Timestamp,
) -> Result<(), PostingError> {
    let Some(mut open) = OpenSaga::take(record, batch.execution) else {
        return Ok(());
    };
    let mut worst: Option<PostingError> = None;
    for at in 0..open.saga.steps.len() {
        open.at = at;
        if open.step().is_done {
            continue;
        }
        let settled = match answer_of_step(ctx, &mut open, batch, now).await {
            Ok(found) => settle(ctx, open.place(), &found, now)
                .await
                .map_err(PostingError::from),
            Err(error) => Err(error),
        };
        match settled {
            Ok(()) => {}
            Err(PostingError::Store(error)) => return Err(error.into()),
            Err(error) => {
                worst = Some(match worst {
                    Some(worst) => worst.or_worse(error),
                    None => error,
                });
            }
        }
    }
    let outcome = worst.map_or(Ok(()), Err);
    open.end(&outcome);
    outcome
}

/// Returns the answer to the next step. If the step's number is taken, sends the step again under another number.
async fn answer_of_step<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    batch: &BatchOutcome,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let answer = match (&batch.answers, &open.step().batch_item) {
        (answers, None) => render(ctx, &open.step().step, &open.saga.ids)
            .and(Err(unanswered(answers.as_ref().err()))),
        (Ok(answers), Some(_)) => item_answer(open.step(), answers, now),
        (Err(error), Some(_)) => Err(error.clone()),
    };
    let sent = Sent {
        answer,
        began_at: batch.began_at,
        ended_at: batch.ended_at,
        is_batch_answered: batch.answers.is_ok() && open.step().batch_item.is_some(),
    };
    match take_answer(ctx, open, sent, now).await {
        Err(PostingError::DuplicateNumber { reason, taken_by }) => {
            let taken = open.taken_number(reason, taken_by, batch.ended_at);
            execute_renumbered(ctx, open, taken, now).await
        }
        answer => answer,
    }
}

/// Returns the error of a step that the batch did not hold. The error keeps the pause that QuickBooks asked for.
fn unanswered(error: Option<&PostingError>) -> PostingError {
    let retry_at = match error {
        Some(PostingError::OutcomeUnknown { retry_at, .. }) => *retry_at,
        _ => None,
    };
    PostingError::OutcomeUnknown {
        why: "it was not answered".into(),
        retry_at,
    }
}
