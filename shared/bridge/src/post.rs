//! Posting one document: from what RIVET said and what stands in QuickBooks to what should stand there.

mod compare;
mod decided;
mod outcome;

use crate::catalogue::Setback;
use crate::decision::Act;
use crate::desk::Waiting;
use crate::document::{DocumentRecord, State, Void};
use crate::error::Error;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use crate::resolve::Parties;
use billing::Document;
use decided::{conclude, steps};
use jiff::Timestamp;
use mapping::{Ids, Plan, Refusal, Step};
use outcome::{PAID, Tried, nothing, refused};

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Tries a document. A failure of the records ends the stay; everything else settles the document.
    pub(crate) async fn try_document(
        &mut self,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<Tried, Error> {
        let known = self
            .bridge
            .store
            .document(self.firm, &waiting.document)
            .await?;
        let mut record =
            known.unwrap_or_else(|| DocumentRecord::new(waiting.document.clone(), now));
        if record.state.is_final() && record.covers(waiting.revision, waiting.void) {
            if record.decision != waiting.decision && waiting.decision.is_some() {
                let note = (waiting.asked_by(), "It was finished before the decision. ");
                record.settle(record.state.clone(), now, note);
                self.bridge.store.keep_document(self.firm, &record).await?;
            }
            return Ok(self.settled(waiting, &record, now));
        }
        let before = record.clone();
        let (state, mark, stop) = match self.advance(&mut record, waiting, now).await {
            Ok(state) => (state, None, None),
            Err(Halt::Broken(error)) => return Err(error),
            Err(Halt::Setback(setback)) => self.set_back(setback, (&record, waiting), now).await?,
        };
        let note = conclude(&mut record, before, (waiting, &state));
        record.settle(state, now, (waiting.asked_by(), note));
        self.bridge.store.keep_document(self.firm, &record).await?;
        let mut tried = self.settled(waiting, &record, now);
        tried.stop = stop;
        tried.finished.mark = mark.or(tried.finished.mark);
        Ok(tried)
    }

    /// Brings what stands in QuickBooks to what RIVET said last.
    async fn advance(
        &mut self,
        record: &mut DocumentRecord,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<State, Halt> {
        // What was begun is finished first, whatever was said since: only then is it known what stands.
        if record.saga.is_some() {
            self.carry_out(record, true, now).await?;
            if record.covers(waiting.revision, waiting.void) {
                return self.complete(record, waiting).await;
            }
        }
        if let Some(decision) = &waiting.decision
            && let Some(state) = self.decided(record, (waiting, decision), now).await?
        {
            return Ok(state);
        }
        if let Some(void) = waiting.voided() {
            return self.void(record, (waiting, void), now).await;
        }
        self.revise(record, waiting, now).await
    }

    async fn revise(
        &mut self,
        record: &mut DocumentRecord,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<State, Halt> {
        let by_hand = waiting.decision.as_ref();
        let by_hand = by_hand.filter(|decision| decision.act == Act::Posted);
        // What is there already waits for nothing.
        if by_hand.is_none()
            && let Some(hold) = self.situation(waiting.is_forced()).hold(waiting)
        {
            return Err(hold.into());
        }
        let received = self
            .bridge
            .store
            .received(self.firm, &waiting.document, waiting.revision)
            .await?;
        // Not readable yet on a store that is slow to agree with itself: the next shift reads it.
        let Some(document) = received else {
            return Ok(State::Pending);
        };
        let plan = match mapping::plan(&document, &self.settings, &self.books()) {
            Ok(plan) => plan,
            Err(Refusal::Empty) if by_hand.is_none() => {
                return self.empty(record, (waiting, &document), now).await;
            }
            Err(refusal) => return Err(refused(refusal)),
        };
        if matches!(document, Document::Project(_)) && !self.settings.customers.auto_create {
            record.revision = waiting.revision;
            return Ok(nothing("Customers are not created automatically."));
        }
        if by_hand.is_none() {
            self.enough_retainage(&document, &plan).await?;
        }
        let parties = Parties {
            customer: document.customer(),
            project: document.project(),
        };
        // A customer that is not known is not made for something that is there already.
        let creates = self.settings.customers.auto_create;
        self.settings.customers.auto_create = creates && by_hand.is_none();
        let ids = self.resolve(&plan, &parties, now).await;
        self.settings.customers.auto_create = creates;
        let ids = ids?;
        if let Some(decision) = by_hand {
            let about = (waiting, decision);
            return self.by_hand(record, (&plan, &ids), about, now).await;
        }
        let steps = steps(record, &plan);
        self.may_change(record, (&steps, &ids.customer), now)
            .await?;
        (record.revision, record.plan_hash) = (waiting.revision, Some(plan.hash()));
        record.project = document.project().map(|project| project.id.clone());
        self.perform(record, (steps, ids), now).await?;
        self.complete(record, waiting).await
    }

    /// A revision that bills nothing: an earlier one is taken back under its own date.
    async fn empty(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, document): (&Waiting, &Document),
        now: Timestamp,
    ) -> Result<State, Halt> {
        let steps = mapping::void_steps(&record.posted, document.date().unwrap_or(waiting.date));
        self.may_change(record, (&steps, ""), now).await?;
        record.revision = waiting.revision;
        self.perform(record, (steps, Ids::default()), now).await?;
        self.complete(record, waiting).await?;
        Ok(nothing("It bills nothing and withholds nothing."))
    }

    async fn void(
        &mut self,
        record: &mut DocumentRecord,
        (waiting, void): (&Waiting, Void),
        now: Timestamp,
    ) -> Result<State, Halt> {
        let steps = mapping::void_steps(&record.posted, void.on);
        if !steps.is_empty() {
            if let Some(hold) = self.situation(waiting.is_forced()).hold(waiting) {
                return Err(hold.into());
            }
            match self.may_change(record, (&steps, ""), now).await {
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
        self.begin(record, (steps, ids), now).await?;
        self.carry_out(record, false, now).await
    }

    /// Everything stands: notes what the document holds of its project's retainage.
    async fn complete(&self, record: &DocumentRecord, waiting: &Waiting) -> Result<State, Halt> {
        if let Some(project) = &record.project {
            let retainage = record.live().map(|posted| posted.posting.retainage()).sum();
            let mut book = self.bridge.store.project(self.firm, project).await?;
            if book.note(&record.reference, retainage) {
                self.bridge
                    .store
                    .keep_project(self.firm, project, &book)
                    .await?;
            }
        }
        Ok(match waiting.void {
            Some(void) if void.revision >= record.revision => State::Voided,
            _ => State::Posted,
        })
    }

    /// A release takes no more than the project holds.
    async fn enough_retainage(&self, document: &Document, plan: &Plan) -> Result<(), Halt> {
        let Document::Release(release) = document else {
            return Ok(());
        };
        let book = self
            .bridge
            .store
            .project(self.firm, &release.project.id)
            .await?;
        let held = book.held_without(&plan.document);
        if release.amount > held {
            return Err(Hold::RetainageExceeded {
                held,
                needed: release.amount,
            }
            .into());
        }
        Ok(())
    }
}
