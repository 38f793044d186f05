//! From what stands in QuickBooks to what RIVET said last, one document at a time.

use super::decided::steps;
use super::is_by_hand;
use super::outcome::{PAID, nothing};
use crate::catalogue::Setback;
use crate::desk::Waiting;
use crate::document::{DocumentRecord, State, Void};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use billing::Document;
use jiff::Timestamp;
use mapping::{Ids, Plan, Step};

impl<H: Http, R: Records> Office<'_, H, R> {
    pub(super) async fn revise(
        &mut self,
        record: &mut DocumentRecord,
        waiting: &Waiting,
        (document, plan): (&Document, &Plan),
        now: Timestamp,
    ) -> Result<State, Halt> {
        // Whether it has to wait is told before anything is created for it.
        let targets = self.targets(plan).await?;
        // A customer that is not known is not made for something that is there already.
        let creates = !is_by_hand(waiting);
        self.acquaint(&[(document, plan)], creates, now).await?;
        let ids = self.resolve((document, plan), targets);
        if !creates {
            self.found.retain(|(_, found)| found.is_ok());
        }
        let ids = ids?;
        if let Some(decision) = waiting.decision.as_ref().filter(|_| !creates) {
            return self
                .by_hand(record, (plan, &ids), (waiting, decision), now)
                .await;
        }
        let steps = self
            .ready(record, (waiting, document), (plan, &ids), now)
            .await?;
        self.perform(record, (steps, ids), now).await?;
        self.complete(record, waiting).await
    }

    /// The steps to a plan, if they may be taken. The record says from now on that this revision is worked on.
    pub(crate) async fn ready(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, document): (&Waiting, &Document),
        (plan, ids): (&Plan, &Ids),
        now: Timestamp,
    ) -> Result<Vec<Step>, Halt> {
        let mut steps = steps(record, plan);
        self.may_change(record, (&mut steps, &ids.customer), now)
            .await?;
        (record.revision, record.plan_hash) = (waiting.revision, Some(plan.hash()));
        record.project = document.project().map(|project| project.id.clone());
        Ok(steps)
    }

    /// A revision that bills nothing: an earlier one is taken back under its own date.
    pub(crate) async fn empty(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, document): (&Waiting, &Document),
        now: Timestamp,
    ) -> Result<State, Halt> {
        let mut steps =
            mapping::void_steps(&record.posted, document.date().unwrap_or(waiting.date));
        self.may_change(record, (&mut steps, ""), now).await?;
        record.revision = waiting.revision;
        self.perform(record, (steps, Ids::default()), now).await?;
        self.complete(record, waiting).await?;
        Ok(nothing("It bills nothing and withholds nothing."))
    }

    /// Takes back what stands of a document that never came to stand as a whole.
    pub(super) async fn take_back(
        &mut self,
        record: &mut DocumentRecord,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let mut steps = mapping::void_steps(&record.posted, waiting.date);
        self.may_change(record, (&mut steps, ""), now).await?;
        self.perform(record, (steps, Ids::default()), now).await?;
        Ok(self.note_retainage(record).await?)
    }

    pub(super) async fn void(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, void): (&Waiting, Void),
        now: Timestamp,
    ) -> Result<State, Halt> {
        let mut steps = mapping::void_steps(&record.posted, void.on);
        if !steps.is_empty() {
            if let Some(hold) = self.situation(waiting.is_forced()).hold(waiting) {
                return Err(hold.into());
            }
            match self.may_change(record, (&mut steps, ""), now).await {
                Err(Halt::Setback(Setback::Settle(State::Conflict(reason))))
                    if reason.code == PAID =>
                {
                    return Err(Hold::PaymentsApplied.into());
                }
                allowed => allowed?,
            }
        }
        record.revision = record.revision.max(waiting.revision);
        record.void = Some(void);
        self.perform(record, (steps, Ids::default()), now).await?;
        self.complete(record, waiting).await
    }

    async fn perform(
        &mut self,
        record: &mut DocumentRecord,
        (steps, ids): (Vec<Step>, Ids),
        now: Timestamp,
    ) -> Result<(), Halt> {
        if steps.is_empty() {
            return Ok(());
        }
        self.begin(record, (steps, ids), now);
        self.keep(record).await?;
        self.carry_out(record, false, now).await
    }

    /// Everything stands: notes what the document holds of its project's retainage.
    pub(crate) async fn complete(
        &mut self,
        record: &DocumentRecord,
        waiting: &Waiting,
    ) -> Result<State, Halt> {
        self.note_retainage(record).await?;
        Ok(match waiting.void {
            Some(void) if void.revision >= record.revision => State::Voided,
            _ => State::Posted,
        })
    }
}
