//! Posting one document: from what RIVET said and what stands in QuickBooks to what should stand there.

mod by_hand;
mod compare;
mod decided;
mod news;
mod outcome;
mod revise;
mod written;

pub(crate) use compare::{CHANGED, shown, touched};
pub(crate) use news::of_conflict;
pub(crate) use outcome::{Tried, to_decide};

use crate::catalogue::Setback;
use crate::decision::Act;
use crate::desk::Waiting;
use crate::document::{DocumentRecord, State};
use crate::error::Error;
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use billing::Document;
use decided::conclude;
use jiff::Timestamp;
use mapping::{Plan, Refusal};
use outcome::{nothing, refused};
use written::{add_rest, written};

/// A document that a worker has taken up.
pub(crate) struct Case {
    /// What waits of it.
    pub waiting: Waiting,
    /// Its record, which the worker changes.
    pub record: DocumentRecord,
    /// Its record as it was.
    before: DocumentRecord,
}

/// What is to become of a revision.
pub(crate) enum Drafted {
    /// This is to stand.
    Planned(Document, Plan),
    /// It bills nothing.
    Empty(Document),
    /// There is nothing to do now.
    Settled(State),
}

impl Case {
    /// What waits of a document, with its record.
    pub(crate) fn of(waiting: Waiting, record: DocumentRecord) -> Self {
        Self {
            before: record.clone(),
            record,
            waiting,
        }
    }

    /// Whether it worked out earlier, and nothing came since.
    fn is_finished(&self) -> bool {
        let (record, waiting) = (&self.record, &self.waiting);
        record.state.is_final() && record.covers(waiting.revision, waiting.void)
    }

    /// The batch that it was begun in, if what became of it there is not known.
    pub(crate) fn batch_key(&self) -> Option<&str> {
        self.record.batch_key().filter(|_| !self.is_finished())
    }

    /// Whether it is simply to be posted: nothing of it stands, nothing of it is under way, and nobody decided anything.
    pub(crate) fn is_plain(&self) -> bool {
        let (record, waiting) = (&self.record, &self.waiting);
        let untouched = record.saga.is_none() && record.live().next().is_none();
        let simple = waiting.decision.is_none() && waiting.voided().is_none();
        untouched && simple && !self.is_finished()
    }
}

impl<H: Http, R: Records> Office<'_, H, R> {
    /// Takes a document up.
    pub(crate) async fn take_up(&self, waiting: Waiting, now: Timestamp) -> Result<Case, Error> {
        let store = &self.bridge.store;
        let known = store.document(self.firm, &waiting.document).await?;
        let record = known.unwrap_or_else(|| DocumentRecord::new(waiting.document.clone(), now));
        Ok(Case::of(waiting, record))
    }

    /// Tries a document by itself. A failure of the records ends the stay; everything else settles the document.
    pub(crate) async fn try_alone(
        &mut self,
        mut case: Case,
        now: Timestamp,
    ) -> Result<Tried, Error> {
        if case.is_finished() {
            return self.finished_before(case, now).await;
        }
        let outcome = self.advance(&mut case.record, &case.waiting, now).await;
        self.settle(case, outcome, now).await
    }

    /// A worker that died may have finished it without a word to anybody.
    async fn finished_before(&mut self, mut case: Case, now: Timestamp) -> Result<Tried, Error> {
        let (record, waiting) = (&mut case.record, &case.waiting);
        let missed = record.missed(&self.log);
        if record.decision != waiting.decision && waiting.decision.is_some() {
            let note = (waiting.asked_by(), "It was finished before the decision. ");
            record.settle(record.state.clone(), now, note);
            self.keep(record).await?;
        }
        self.note_retainage(record).await?;
        let mut tried = self.settled(waiting, (record, missed), now);
        tried.finished.objects = written(record, &[]);
        if record.is_contested() && record.decision.is_none() {
            self.look_again_at(record, &mut tried.finished.objects);
        }
        Ok(tried)
    }

    /// Keeps what a try came to.
    pub(crate) async fn settle(
        &mut self,
        case: Case,
        outcome: Result<State, Halt>,
        now: Timestamp,
    ) -> Result<Tried, Error> {
        let (waiting, mut record) = (&case.waiting, case.record);
        self.learn_closing_date(&outcome, now).await?;
        let (mut state, mark, stop) = match outcome {
            Ok(state) => (state, None, None),
            Err(Halt::Broken(error)) => return Err(error),
            Err(Halt::Setback(setback)) => self.set_back(setback, (&record, waiting), now).await?,
        };
        record.note_half(&case.before, &mut state);
        let (before, was_noticed) = (case.before.posted.clone(), case.before.is_contested());
        let was_final = case.before.state.is_final();
        let is_heard = was_final && case.before.missed(&self.log).is_none();
        let written_before = self.written.take();
        let note = conclude(&mut record, case.before, (waiting, &state), written_before);
        record.settle(state, now, (waiting.asked_by(), note));
        let news = record.news((waiting, was_final), &self.log, now);
        self.keep(&record).await?;
        let mut tried = self.settled(waiting, (&record, news), now);
        tried.stop = stop;
        tried.finished.objects = written(&record, &before);
        tried.finished.objects.append(&mut self.matched);
        if was_noticed && record.state.is_final() && record.decision.is_none() {
            self.look_again_at(&record, &mut tried.finished.objects);
        }
        if !is_heard {
            add_rest(&record, &mut tried.finished.objects);
        }
        tried.finished.mark = mark.or(tried.finished.mark);
        Ok(tried)
    }

    /// Brings what stands in QuickBooks to what RIVET said last.
    pub(crate) async fn advance(
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
        match self.draft(record, waiting).await? {
            Drafted::Settled(state) => Ok(state),
            Drafted::Empty(document) => self.empty(record, (waiting, &document), now).await,
            Drafted::Planned(document, plan) => {
                self.revise(record, waiting, (&document, &plan), now).await
            }
        }
    }

    /// What the latest revision is to become, if nothing is in the way of it.
    pub(crate) async fn draft(
        &mut self,
        record: &mut DocumentRecord,
        waiting: &Waiting,
    ) -> Result<Drafted, Halt> {
        let by_hand = is_by_hand(waiting);
        // What is there already waits for nothing.
        if !by_hand && let Some(hold) = self.situation(waiting.is_forced()).hold(waiting) {
            return Err(hold.into());
        }
        let received = self
            .bridge
            .store
            .received(self.firm, &waiting.document, waiting.revision)
            .await?;
        // Not readable yet on a store that is slow to agree with itself: the next shift reads it.
        let Some(document) = received else {
            return Ok(Drafted::Settled(State::Pending));
        };
        let plan = match mapping::plan(&document, &self.settings, &self.books()) {
            Ok(plan) => plan,
            Err(Refusal::Empty) if !by_hand => return Ok(Drafted::Empty(document)),
            Err(refusal) => return Err(refused(refusal)),
        };
        if matches!(document, Document::Project(_)) && !self.settings.customers.auto_create {
            record.revision = waiting.revision;
            let why = nothing("Customers are not created automatically.");
            return Ok(Drafted::Settled(why));
        }
        if !by_hand {
            self.enough_retainage(&document, &plan).await?;
        }
        Ok(Drafted::Planned(document, plan))
    }

    /// Books that were closed since the company was asked last: it is asked again, once, so that what follows is not sent in vain.
    async fn learn_closing_date(
        &mut self,
        outcome: &Result<State, Halt>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Err(Halt::Setback(Setback::Settle(State::Held(Hold::BooksClosed(on))))) = outcome
        else {
            return Ok(());
        };
        let known = self.books().book_close_date;
        if self.rechecked || known.is_some_and(|through| through >= *on) {
            return Ok(());
        }
        match self.recheck(now).await {
            Err(Halt::Broken(error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// A release takes no more than the project holds.
    async fn enough_retainage(&mut self, document: &Document, plan: &Plan) -> Result<(), Halt> {
        let Document::Release(release) = document else {
            return Ok(());
        };
        let book = self.project(&release.project.id).await?;
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

/// Whether a person says that it is in QuickBooks already.
fn is_by_hand(waiting: &Waiting) -> bool {
    let decision = waiting.decision.as_ref();
    decision.is_some_and(|decision| decision.act == Act::Posted)
}
