//! Sends one step.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::lookup::company_lookup::find_changed;
use crate::lookup::ours::has_content;
use crate::lookup::replay::{Sending, confirm};
use crate::saga::open_saga::OpenSaga;
use crate::saga::record::render;
use connection::client::api::{IdempotentBatch, IdempotentWrite};
use jiff::Timestamp;
use mapping::{Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::{ObjectSnapshot, TxnType};
use quickbooks::request::Write;
use store::document::SagaStep;
use store::document::saga::LastSending;

/// Sends the next step and returns the object that it made or changed.
pub async fn execute_step<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let write = render(ctx, &open.step().step, &open.saga.ids)?;
    let sent = send(ctx, open.step(), write, now).await;
    take_answer(ctx, open, sent, now).await
}

/// A sending of a step, with its answer.
pub struct Sent {
    /// The answer.
    pub answer: Result<ObjectSnapshot, PostingError>,
    /// The instant before the sending.
    pub began_at: Timestamp,
    /// The instant of the answer, or of its absence.
    pub ended_at: Timestamp,
    /// True if QuickBooks answered the batch of the step, whatever it says about the step.
    pub is_batch_answered: bool,
}

impl Sent {
    /// Returns whether QuickBooks answered the step's batch and said nothing about the step.
    fn is_left_open_by_batch(&self) -> bool {
        let is_open = |error: &PostingError| {
            matches!(
                error,
                PostingError::OutcomeUnknown { .. }
                    | PostingError::RetryAt(_)
                    | PostingError::Unread { .. }
            )
        };
        self.is_batch_answered && self.answer.as_ref().err().is_some_and(is_open)
    }
}

/// Takes the answer to the next step, and returns the object that the step made or changed.
pub async fn take_answer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    sent: Sent,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let sent_before = open.last_sending();
    open.record_sending(&sent.answer, sent.ended_at);
    let is_repeated = sent_before != LastSending::Never;
    if is_repeated && sent.is_left_open_by_batch() {
        open.leave_batch();
    }
    if is_repeated && let Err(PostingError::DuplicateRequestId(reason)) = sent.answer {
        // The look-up before the repeated sending did not find the step. Under an id of its own, it is no repetition.
        return Err(match open.leave_batch() {
            true => PostingError::DuplicateRequestId(reason),
            false => PostingError::Failed(reason),
        });
    }
    let step = &open.step().step;
    match sent.answer {
        Ok(object) => {
            let began_at = sent.began_at;
            let sending = Sending {
                step,
                sent_before,
                began_at,
            };
            confirm(ctx, sending, object, now).await
        }
        // The version changed. The step itself changed it if the request arrived twice.
        Err(PostingError::Conflict(reason)) => match find_changed(ctx, step, now).await {
            Ok(Some(found)) if has_content(step, &open.saga.ids, &found) => Ok(found),
            Ok(_) | Err(PostingError::PlanAgain) => Err(PostingError::Conflict(reason)),
            Err(error) => {
                open.set_last_sending(LastSending::EndedBy(sent.ended_at));
                Err(error)
            }
        },
        answer => answer,
    }
}

/// Sends a step, alone or as the item of the batch of its first sending.
async fn send<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &SagaStep,
    write: Write,
    now: Timestamp,
) -> Sent {
    let began_at = ctx.now();
    let mut is_batch_answered = false;
    let answer = match step.batch_item.clone() {
        None => send_alone(ctx, step, &write, now).await,
        Some(id) => {
            let operation = write;
            let batch = IdempotentBatch {
                items: &[BatchItem { id, operation }],
                request_id: &step.request_id,
            };
            let answers = ctx.client.write_together(batch, now).await;
            is_batch_answered = answers.is_ok();
            answers
                .map_err(PostingError::from)
                .and_then(|answers| item_answer(step, &answers, now))
        }
    };
    Sent {
        answer,
        began_at,
        ended_at: ctx.now(),
        is_batch_answered,
    }
}

async fn send_alone<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &SagaStep,
    write: &Write,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let change = IdempotentWrite {
        write,
        request_id: &step.request_id,
    };
    let answer = ctx.client.write(change, now).await;
    let answer = answer.map_err(|error| PostingError::from_call(error, step.step.date()))?;
    about_step(&step.step, answer)
}

/// Returns the answer of QuickBooks if it is about the transaction of a step. Any other answer says nothing about the step.
fn about_step(step: &Step, answer: ObjectSnapshot) -> Result<ObjectSnapshot, PostingError> {
    let target = step.target();
    let sent = step.posting().map(Posting::txn_type);
    let kind = target.map(|target| target.kind).or(sent);
    let is_kind = kind.and_then(TxnType::kind) == Some(answer.kind);
    let is_target = target.is_none_or(|target| target.id == answer.id);
    let note = answer.private_note.as_deref().unwrap_or_default();
    let sent_note = step
        .posting()
        .filter(|_| target.is_none())
        .map(Posting::note);
    let is_of_other = note.contains("RIVET ") && sent_note.is_some_and(|sent| sent != note);
    if is_kind && is_target && !is_of_other {
        return Ok(answer);
    }
    Err(PostingError::unknown(
        "the answer was about another transaction",
    ))
}

/// Returns the answer to the item of a step.
pub fn item_answer(
    step: &SagaStep,
    answers: &BatchAnswers,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let found = answers.snapshot(step.batch_item.as_deref().unwrap_or_default());
    let found =
        found.map_err(|failure| PostingError::from_failure(failure, step.step.date(), now))?;
    about_step(&step.step, found)
}
