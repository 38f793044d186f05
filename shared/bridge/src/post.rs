//! Posting one document: from what RIVET said and what stands in QuickBooks to what should stand there.

mod outcome;

use crate::catalogue::Setback;
use crate::desk::{Mark, Waiting};
use crate::document::{DocumentRecord, State, Void};
use crate::error::Error;
use crate::lookup::Untouched;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use crate::resolve::Parties;
use billing::Document;
use jiff::Timestamp;
use mapping::{Ids, Plan, Refusal, Step, Target};
use outcome::{PAID, Tried, conflict, nothing, refused};
use quickbooks::entity::TxnType;

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
            return Ok(self.settled(waiting, &record, now));
        }
        let (state, mark, stop) = match self.advance(&mut record, waiting, now).await {
            Ok(state) => (state, None, None),
            Err(Halt::Broken(error)) => return Err(error),
            Err(Halt::Setback(setback)) => self.set_back(setback, (&record, waiting), now).await?,
        };
        record.settle(state, now);
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
        if let Some(void) = waiting
            .void
            .filter(|void| void.revision >= waiting.revision)
        {
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
        let forced = matches!(waiting.mark, Mark::Pending { forced: true, .. });
        if let Some(hold) = self.situation(forced).hold(waiting) {
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
            Err(Refusal::Empty) => return self.empty(record, (waiting, &document), now).await,
            Err(refusal) => return Err(refused(refusal)),
        };
        if matches!(document, Document::Project(_)) && !self.settings.customers.auto_create {
            record.revision = waiting.revision;
            return Ok(nothing("Customers are not created automatically."));
        }
        self.enough_retainage(&document, &plan).await?;
        let parties = Parties {
            customer: document.customer(),
            project: document.project(),
        };
        let ids = self.resolve(&plan, &parties, now).await?;
        let steps = mapping::steps(&record.posted, &plan);
        self.may_change(record, &steps, now).await?;
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
        self.may_change(record, &steps, now).await?;
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
            let forced = matches!(waiting.mark, Mark::Pending { forced: true, .. });
            if let Some(hold) = self.situation(forced).hold(waiting) {
                return Err(hold.into());
            }
            match self.may_change(record, &steps, now).await {
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

    /// What is to be changed must be as we left it, unpaid, and outside closed books.
    async fn may_change(
        &mut self,
        record: &DocumentRecord,
        steps: &[Step],
        now: Timestamp,
    ) -> Result<(), Halt> {
        if let Some(through) = self.books().book_close_date
            && steps.iter().any(|step| step.date() <= through)
        {
            return Err(Hold::BooksClosed(through).into());
        }
        for target in steps.iter().filter_map(|step| changed(record, step)) {
            match self.is_untouched(&target, now).await? {
                Untouched::Yes => {}
                Untouched::Paid => return Err(conflict(PAID, "Payments were applied to it.")),
                Untouched::Changed => {
                    let message = "Somebody changed it in QuickBooks after RIVET posted it.";
                    return Err(conflict("changed_in_quickbooks", message));
                }
            }
        }
        Ok(())
    }
}

/// What a step changes or reverses, as we last saw it.
fn changed(record: &DocumentRecord, step: &Step) -> Option<Target> {
    let Step::Reverse { of, .. } = step else {
        return step.target().cloned();
    };
    let entry = record
        .posted
        .iter()
        .find(|posted| posted.kind == TxnType::JournalEntry && posted.id == *of)?;
    Some(Target {
        kind: entry.kind,
        id: entry.id.clone(),
        sync_token: entry.sync_token.clone(),
        date: entry.posting.date(),
    })
}
