//! Sends one step.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::lookup::find_changed;
use crate::saga::ours::has_content;
use crate::saga::record::{StepPlace, render};
use crate::saga::replay::{Sending, confirm};
use connection::client::api::{IdempotentBatch, IdempotentWrite};
use jiff::Timestamp;
use mapping::{Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::batch::{BatchAnswers, BatchItem};
use quickbooks::entity::{ObjectSnapshot, TxnType};
use quickbooks::fault::Duplicate;
use quickbooks::request::Write;
use store::document::saga::LastSending;
use store::document::{DocumentRecord, Saga, SagaStep};
use store::reason::Reason;

/// The kind of an execution: the first, or a recovery after an answer was lost or a worker was cut off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// The steps were never sent before.
    First,
    /// An earlier attempt may have sent the steps. Each was looked up, and those that are still open certainly do not stand.
    Recovery,
}

/// A number that QuickBooks refused as taken.
pub struct TakenNumber {
    /// The reason that a person reads if no other number is free.
    pub reason: Reason,
    /// The transaction that has the number, if QuickBooks names it.
    pub taken_by: Option<Box<Duplicate>>,
    /// The last sending of the step before the one that was refused.
    pub sent_before: LastSending,
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
    /// The last sending of each step, as this run knows it. The saga has the latest possible instant instead, in case the run is cut off.
    sendings: Vec<LastSending>,
}

impl<'a> OpenSaga<'a> {
    /// Takes the saga out of a record. `None` if the record has none.
    pub fn take(record: &'a mut DocumentRecord, execution: Execution) -> Option<Self> {
        let saga = record.saga.take()?;
        let sendings = saga.steps.iter().map(|step| match execution {
            Execution::First => LastSending::Never,
            Execution::Recovery => step.last_sending,
        });
        Some(Self {
            sendings: sendings.collect(),
            record,
            saga,
            at: 0,
            execution,
        })
    }

    /// Returns the next step.
    pub fn step(&self) -> &SagaStep {
        &self.saga.steps[self.at]
    }

    /// Returns the next step for a change.
    pub fn step_mut(&mut self) -> &mut SagaStep {
        &mut self.saga.steps[self.at]
    }

    /// Returns the last sending of the next step.
    pub fn last_sending(&self) -> LastSending {
        self.sendings[self.at]
    }

    /// Records the last sending of the next step.
    pub fn set_last_sending(&mut self, sending: LastSending) {
        self.sendings[self.at] = sending;
    }

    /// Returns the next step with the objects of its document.
    pub fn place(&mut self) -> StepPlace<'_> {
        StepPlace {
            record: &mut *self.record,
            saga: &mut self.saga,
            at: self.at,
        }
    }

    /// Returns the refused number of the next step. The refused sending counts from now on: the transaction that has the number may be the
    /// step's own.
    pub fn taken_number(
        &mut self,
        reason: Reason,
        taken_by: Option<Box<Duplicate>>,
        now: Timestamp,
    ) -> TakenNumber {
        let sent_before = self.last_sending();
        self.set_last_sending(LastSending::EndedBy(now));
        TakenNumber {
            reason,
            taken_by,
            sent_before,
        }
    }

    /// Records that the next step was sent, unless QuickBooks certainly did not carry it out. The sending ended at `ended_at`.
    pub fn record_sending<T>(&mut self, answer: &Result<T, PostingError>, ended_at: Timestamp) {
        if answer
            .as_ref()
            .err()
            .is_none_or(PostingError::is_outcome_unknown)
        {
            self.set_last_sending(LastSending::EndedBy(ended_at));
        }
    }

    /// Saves the record with its saga, which says that each open step is perhaps sent until the last moment of this run.
    pub async fn save<H: Http, R: Records>(
        &mut self,
        ctx: &WorkerContext<'_, H, R>,
    ) -> Result<(), PostingError> {
        let latest = LastSending::EndedBy(ctx.client.calls_end_at());
        for step in self.saga.steps.iter_mut().filter(|step| !step.is_done) {
            step.last_sending = step.last_sending.max(latest);
        }
        self.record.saga = Some(std::mem::take(&mut self.saga));
        let saved = ctx.save_document(self.record).await;
        self.saga = self.record.saga.take().unwrap_or_default();
        Ok(saved?)
    }

    /// Ends the execution. The record keeps the saga as long as QuickBooks may have carried out an open step, or may still do so.
    pub fn end(mut self, outcome: &Result<(), PostingError>) {
        let Err(error) = outcome else {
            return;
        };
        for (step, sending) in self.saga.steps.iter_mut().zip(&self.sendings) {
            step.last_sending = *sending;
        }
        if let Some(failure) = error.unanswered_sending() {
            self.saga.add_unanswered(failure);
        }
        let is_open = match error {
            PostingError::Store(_) => true,
            PostingError::PlanAgain => false,
            error if self.execution == Execution::Recovery => !error.is_refused(),
            error => error.is_outcome_unknown(),
        };
        self.record.saga = is_open.then_some(self.saga);
    }
}

/// Sends the next step and returns the object that it made or changed.
pub async fn execute_step<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    open: &mut OpenSaga<'_>,
    now: Timestamp,
) -> Result<ObjectSnapshot, PostingError> {
    let write = render(ctx, &open.step().step, &open.saga.ids)?;
    let began_at = ctx.now();
    let answer = send(ctx, open.step(), write, now).await;
    let ended_at = ctx.now();
    take_answer(
        ctx,
        open,
        Sent {
            answer,
            began_at,
            ended_at,
        },
        now,
    )
    .await
}

/// A sending of a step, with its answer.
pub struct Sent {
    /// The answer.
    pub answer: Result<ObjectSnapshot, PostingError>,
    /// The instant before the sending.
    pub began_at: Timestamp,
    /// The instant of the answer, or of its absence.
    pub ended_at: Timestamp,
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
        // The look-up before the repeated sending did not find the step.
        Err(PostingError::DuplicateRequestId(reason)) if sent_before != LastSending::Never => {
            Err(PostingError::Failed(reason))
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
) -> Result<ObjectSnapshot, PostingError> {
    let Some(id) = step.batch_item.clone() else {
        let change = IdempotentWrite {
            write: &write,
            request_id: &step.request_id,
        };
        let answer = ctx.client.write(change, now).await;
        let answer = answer.map_err(|error| PostingError::from_call(error, step.step.date()))?;
        return about_step(&step.step, answer);
    };
    let operation = write;
    let batch = IdempotentBatch {
        items: &[BatchItem { id, operation }],
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
