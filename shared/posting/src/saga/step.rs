//! Executes one step.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::lookup;
use crate::saga::record::render;
use connection::client::api::{IdempotentBatch, IdempotentWrite};
use jiff::Timestamp;
use mapping::{Ids, Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::{ObjectSnapshot, TxnType};
use quickbooks::request::Write;
use store::document::{DocumentRecord, Saga, SagaStep};

/// The kind of an execution: the first, or a recovery after a worker was cut off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// The steps were never sent before.
    First,
    /// An earlier attempt may have sent the steps. Each is looked up before it is sent again.
    Recovery,
}

/// A record's saga while a worker executes it.
pub struct OpenSaga<'a> {
    /// The document's record, without its saga.
    pub record: &'a mut DocumentRecord,
    /// The saga, taken out of the record.
    pub saga: Saga,
    /// The index of the next step.
    pub at: usize,
    /// The kind of this execution.
    pub execution: Execution,
}

impl OpenSaga<'_> {
    /// Returns the next step.
    pub fn step(&self) -> &SagaStep {
        &self.saga.steps[self.at]
    }

    /// Returns the next step for a change.
    pub fn step_mut(&mut self) -> &mut SagaStep {
        &mut self.saga.steps[self.at]
    }

    /// Returns the next step, whose number is taken.
    pub fn taken(&self) -> lookup::TakenStep<'_> {
        lookup::TakenStep {
            step: self.step(),
            ids: &self.saga.ids,
            posts_anyway: self.saga.posts_anyway,
        }
    }

    /// Returns the next step with the facts that its execution needs.
    pub fn run(&self) -> StepRun<'_> {
        StepRun {
            step: self.step(),
            ids: &self.saga.ids,
            execution: self.execution,
        }
    }
}

/// A step with the facts that its execution needs.
#[derive(Clone, Copy)]
pub struct StepRun<'a> {
    /// The step.
    pub step: &'a SagaStep,
    /// The ids of the parties and transactions that the step names.
    pub ids: &'a Ids,
    /// The kind of this execution.
    pub execution: Execution,
}

/// Executes a step and returns the object that it made or changed.
pub async fn execute_step<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    run: StepRun<'_>,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let StepRun {
        step,
        ids,
        execution,
    } = run;
    let is_recovery = execution == Execution::Recovery;
    if is_recovery && let Some(object) = lookup::find_executed(ctx, &step.step, now).await? {
        return Ok(object);
    }
    let write = render(ctx, &step.step, ids)?;
    let answer = match &step.batch_item {
        None => {
            let change = IdempotentWrite {
                write: &write,
                request_id: &step.request_id,
            };
            let answer = ctx.client.write(change, now).await;
            answer.map_err(|error| PostingError::from_call(error, step.step.date()))
        }
        Some(_) => resend_item(ctx, step, write, now).await,
    };
    match answer.and_then(|answer| about_step(&step.step, answer)) {
        // The look-up before the repeated sending did not find the step.
        Err(PostingError::DuplicateRequestId(reason)) if is_recovery => {
            Err(PostingError::Failed(reason))
        }
        answer => answer,
    }
}

/// Sends one item of a batch again, as part of the batch of its first sending.
async fn resend_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    step: &SagaStep,
    write: Write,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let item = BatchItem {
        id: step.batch_item.clone().unwrap_or_default(),
        operation: write,
    };
    let batch = IdempotentBatch {
        items: &[item],
        request_id: &step.request_id,
    };
    let answers = ctx.client.write_together(batch, now).await?;
    item_answer(step, &answers, now)
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
    let is_of_other = note.starts_with("RIVET ") && sent_note.is_some_and(|sent| sent != note);
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
