//! A saga while a worker executes it.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::saga::record::StepPlace;
use connection::idempotency_key::{IdentifiedRequest, request_id};
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;
use quickbooks::fault::Duplicate;
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

    /// Takes the next step out of its batch: from now on it is sent alone, under a request id of its own. Returns whether it was in one.
    ///
    /// Intuit may answer a whole batch again by its request id, also where the first answer says nothing about an item.
    pub fn leave_batch(&mut self) -> bool {
        let step = self.step_mut();
        let Some(item) = step.batch_item.take() else {
            return false;
        };
        step.request_id = request_id(IdentifiedRequest::Step, &[&step.request_id, &item]);
        true
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
