//! Verbs over desks for what people ask for, choose and decide.

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
    /// Makes held documents pending where `cured` says so. Gives the desk as it is then.
    pub async fn release_holds(
        &self,
        firm: &FirmId,
        cured: impl Fn(&HoldReason) -> bool,
    ) -> Result<Queue, StoreError> {
        let release = &mut |desk: &mut Queue| desk.release_by_worker(&cured);
        let desk = self.update_queue(firm, release).await?;
        Ok(desk.unwrap_or_default())
    }

    /// Notes the plan that an event names which puts nothing down. Costs no write if it is the one that is known.
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
        let note = &mut |desk: &mut Queue| desk.update_plan(plan.plan, plan.at);
        let desk = self.update_queue(firm, note).await?;
        match desk.unwrap_or_default().next_work_at() {
            Some(at) => {
                self.schedule_by(firm, ScheduledJob::Work, at.max(now))
                    .await
            }
            None => Ok(()),
        }
    }

    /// Marks documents as asked for by a person: all that wait, or those named. Final ones are not
    /// on the desk and stay as they are. What differs from QuickBooks waits for a decision, what is
    /// in doubt for the end of what may still be under way there, and no longer.
    pub async fn request_documents(
        &self,
        firm: &FirmId,
        documents: Option<&[DocumentRef]>,
        by: &Id,
        now: Timestamp,
    ) -> Result<Queue, StoreError> {
        let ask = &mut |desk: &mut Queue| {
            for waiting in &mut desk.entries {
                if documents.is_some_and(|named| !named.contains(&waiting.document)) {
                    continue;
                }
                match &mut waiting.state {
                    EntryState::Conflict => {}
                    EntryState::Uncertain(at) => *at = after(now, LOOKUP_DELAY).min(*at),
                    mark => {
                        *mark = EntryState::REQUESTED;
                        waiting.by = Some(by.clone());
                    }
                }
            }
            true
        };
        let desk = self.update_queue(firm, ask).await?;
        Ok(desk.unwrap_or_default())
    }

    /// Puts a decision on the desk if `decide` takes it, given what waits there of the document; tells what that said.
    pub async fn record_decision<E>(
        &self,
        firm: &FirmId,
        document: &DocumentRef,
        decide: impl Fn(Option<&QueueEntry>) -> Result<Option<Decision>, E>,
    ) -> Result<DecisionResult<E>, StoreError> {
        let mut decided = DecisionResult::Recorded;
        let put = &mut |desk: &mut Queue| match decide(desk.entry_for(document)) {
            Ok(Some(decision)) => {
                desk.set_decision(document, &decision);
                decided = DecisionResult::Recorded;
                true
            }
            Ok(None) => {
                decided = DecisionResult::Recorded;
                false
            }
            Err(why) => {
                decided = DecisionResult::Refused(why);
                false
            }
        };
        let desk = self.update_queue(firm, put).await?;
        if desk.is_none() {
            decided = match decide(None) {
                Ok(_) => DecisionResult::Recorded,
                Err(why) => DecisionResult::Refused(why),
            };
        }
        Ok(decided)
    }
}
