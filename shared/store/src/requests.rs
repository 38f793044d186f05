//! Operations on a queue that follow from people's settings, requests and decisions.

use crate::Store;
use crate::document::attempts::LOOKUP_DELAY;
use crate::document::decision::Decision;
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::{PlanStatus, Queue};
use crate::reason::hold::HoldReason;
use crate::schedule::ScheduledJob;
use billing::{DocumentRef, FirmId, Id};
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use ports::time::after;

/// The answer to a decision of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecisionResult<E> {
    /// The decision is recorded, now or by an earlier request.
    Recorded,
    /// The decision is refused for this reason, and nothing changed.
    Refused(E),
}

impl<R: Records> Store<R> {
    /// Makes held entries pending where `is_released` returns true. Returns the queue after the update.
    pub async fn release_holds(
        &self,
        firm: &FirmId,
        is_released: impl Fn(&HoldReason) -> bool,
    ) -> Result<Queue, StoreError> {
        let release = &mut |queue: &mut Queue| queue.release_by_worker(&is_released);
        let queue = self.update_queue(firm, release).await?;
        Ok(queue.unwrap_or_default())
    }

    /// Makes the documents pending that waited for a connection, where `is_released` returns true, and lets those in doubt be looked up soon.
    pub async fn release_after_connection(
        &self,
        firm: &FirmId,
        is_released: impl Fn(&HoldReason) -> bool,
        now: Timestamp,
    ) -> Result<Queue, StoreError> {
        let release = &mut |queue: &mut Queue| {
            queue.release_by_worker(&is_released);
            queue.hurry_lookups(now);
            true
        };
        let queue = self.update_queue(firm, release).await?;
        Ok(queue.unwrap_or_default())
    }

    /// Saves the plan of an event that adds no entry. A known plan costs no write.
    pub async fn save_plan(
        &self,
        firm: &FirmId,
        plan: PlanStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.queue_record(firm).await?.plan;
        if known.is_none_or(|known| known.plan == plan.plan) {
            return Ok(());
        }
        let update = &mut |queue: &mut Queue| queue.update_plan(plan.plan, plan.at);
        let queue = self.update_queue(firm, update).await?;
        match queue.unwrap_or_default().next_work_at() {
            Some(at) => {
                self.schedule_by(firm, ScheduledJob::Work, at.max(now))
                    .await
            }
            None => Ok(()),
        }
    }

    /// Marks entries as requested by a person: all of them, or those of the documents named.
    ///
    /// Finished documents have no entry and stay as they are. An entry in conflict waits for its decision. An uncertain entry waits only
    /// until QuickBooks has finished any open request.
    pub async fn request_documents(
        &self,
        firm: &FirmId,
        documents: Option<&[DocumentRef]>,
        by: &Id,
        now: Timestamp,
    ) -> Result<Queue, StoreError> {
        let request = &mut |queue: &mut Queue| {
            for entry in &mut queue.entries {
                if documents.is_some_and(|named| !named.contains(&entry.document)) {
                    continue;
                }
                request_entry(entry, by, now);
            }
            true
        };
        let queue = self.update_queue(firm, request).await?;
        Ok(queue.unwrap_or_default())
    }

    /// Adds a decision to the entry of a document if `decide` accepts it. Returns the answer of `decide`.
    pub async fn record_decision<E>(
        &self,
        firm: &FirmId,
        document: &DocumentRef,
        decide: impl Fn(Option<&QueueEntry>) -> Result<Option<Decision>, E>,
    ) -> Result<DecisionResult<E>, StoreError> {
        let mut result = DecisionResult::Recorded;
        let put = &mut |queue: &mut Queue| match decide(queue.entry_for(document)) {
            Ok(decision) => {
                result = DecisionResult::Recorded;
                if let Some(decision) = &decision {
                    queue.set_decision(document, decision);
                }
                decision.is_some()
            }
            Err(refusal) => {
                result = DecisionResult::Refused(refusal);
                false
            }
        };
        let queue = self.update_queue(firm, put).await?;
        if queue.is_none()
            && let Err(refusal) = decide(None)
        {
            result = DecisionResult::Refused(refusal);
        }
        Ok(result)
    }
}

/// Marks an entry as requested by a person, unless it waits for a decision. A doubt stays, and the request counts after it.
fn request_entry(entry: &mut QueueEntry, by: &Id, now: Timestamp) {
    match &mut entry.state {
        EntryState::Conflict => return,
        EntryState::Uncertain(at) => *at = after(now, LOOKUP_DELAY).min(*at),
        state => *state = EntryState::REQUESTED,
    }
    entry.requested_by = Some(by.clone());
}
