//! Applies the answers of a batch to the documents whose steps it held.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::record::{ExecutedStep, apply, render};
use crate::saga::renumber::{TakenNumber, execute_renumbered};
use crate::saga::step::{Execution, OpenSaga, item_answer};
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
    /// A recovery looked the steps up just now, because an earlier worker may have sent them.
    pub execution: Execution,
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
    let Some(saga) = record.saga.take() else {
        return Ok(());
    };
    let mut open = OpenSaga {
        record: &mut *record,
        saga,
        at: 0,
        execution: batch.execution,
    };
    let ids = open.saga.ids.clone();
    let is_recovery = batch.execution == Execution::Recovery;
    let mut worst: Option<PostingError> = None;
    for at in 0..open.saga.steps.len() {
        open.at = at;
        if open.step().is_done {
            continue;
        }
        match answer_of_step(ctx, &mut open, batch, now).await {
            Ok(found) => {
                let step = &open.saga.steps[at].step;
                apply(ctx, open.record, ExecutedStep { step, ids: &ids }, &found);
                open.step_mut().is_done = true;
            }
            Err(PostingError::Store(error)) => return Err(error.into()),
            // The look-up before the repeated sending did not find the step.
            Err(PostingError::DuplicateRequestId(reason)) if is_recovery => {
                worst = Some(worse(worst, PostingError::Failed(reason)));
            }
            Err(error) => worst = Some(worse(worst, error)),
        }
    }
    let saga = open.saga;
    let Some(worst) = worst else {
        return Ok(());
    };
    // QuickBooks may still carry out a step that was sent earlier, until it refuses the step.
    let is_open = worst.is_outcome_unknown() || (is_recovery && !worst.is_refused());
    record.saga = is_open.then_some(saga);
    Err(worst)
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
    match answer {
        Err(PostingError::DuplicateNumber { reason, taken_by }) => {
            let taken = TakenNumber { reason, taken_by };
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

/// Returns the error that decides about the document. An unknown outcome comes first, because the document must be looked up. A refusal
/// comes next, because a person must act. A wait comes last.
fn worse(one: Option<PostingError>, other: PostingError) -> PostingError {
    let rank = |error: &PostingError| (error.is_outcome_unknown(), error.is_refused());
    match one {
        Some(one) if rank(&one) >= rank(&other) => one,
        _ => other,
    }
}
