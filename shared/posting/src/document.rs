//! Posting one document: from what RIVET said and what stands in QuickBooks to what should stand there.

pub mod decision;
pub mod index_entries;
pub mod manual_posting;
pub mod notification;
pub mod outcome;
pub mod revision;

pub use crate::document::notification::of_conflict;
pub use crate::document::outcome::{ProcessedItem, to_decide};

use crate::context::WorkerContext;
use crate::document::decision::conclude;
use crate::document::index_entries::{add_rest, written};
use crate::document::outcome::{nothing, refused};
use crate::error::Halt;
use billing::Document;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{PostingPlan, Refusal};
use ports::http::Http;
use ports::records::Records;
use ports::records::StoreError;
use store::document::DocumentRecord;
use store::document::attempts::AttemptRemark;
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::reason::hold::HoldReason;

/// A document that a worker has taken up.
pub struct WorkItem {
    /// What waits of it.
    pub waiting: QueueEntry,
    /// Its record, which the worker changes.
    pub record: DocumentRecord,
    /// Its record as it was.
    before: DocumentRecord,
}

/// What is to become of a revision.
pub enum DraftResult {
    /// This is to stand.
    Planned(Document, PostingPlan),
    /// It bills nothing.
    Empty(Document),
    /// There is nothing to do now.
    Settled(DocumentStatus),
}

impl WorkItem {
    /// What waits of a document, with its record.
    pub fn of(waiting: QueueEntry, record: DocumentRecord) -> Self {
        Self {
            before: record.clone(),
            record,
            waiting,
        }
    }

    /// Whether it worked out earlier, and nothing came since.
    fn is_finished(&self) -> bool {
        let (record, waiting) = (&self.record, &self.waiting);
        record.status.is_final() && record.covers(waiting.revision, waiting.void)
    }

    /// The batch that it was begun in, if what became of it there is not known.
    pub fn batch_key(&self) -> Option<&str> {
        self.record.batch_key().filter(|_| !self.is_finished())
    }

    /// Whether it is simply to be posted: nothing of it stands, nothing of it is under way, and nobody decided anything.
    pub fn is_plain(&self) -> bool {
        let (record, waiting) = (&self.record, &self.waiting);
        let untouched = record.saga.is_none() && record.active_objects().next().is_none();
        let simple = waiting.decision.is_none() && waiting.pending_void().is_none();
        untouched && simple && !self.is_finished()
    }
}

/// Takes a document up.
pub async fn take_up<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    waiting: QueueEntry,
    now: Timestamp,
) -> Result<WorkItem, StoreError> {
    let store = &office.bridge.store;
    let known = store.document(office.firm, &waiting.document).await?;
    let record = known.unwrap_or_else(|| DocumentRecord::new(waiting.document.clone(), now));
    Ok(WorkItem::of(waiting, record))
}

/// Tries a document by itself. A failure of the records ends the stay; everything else settles the document.
pub async fn try_alone<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    mut case: WorkItem,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    if case.is_finished() {
        return finished_before(office, case, now).await;
    }
    let outcome = advance(office, &mut case.record, &case.waiting, now).await;
    settle(office, case, outcome, now).await
}

/// A worker that died may have finished it without a word to anybody.
async fn finished_before<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    mut case: WorkItem,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    let (record, waiting) = (&mut case.record, &case.waiting);
    let missed = notification::missed(record, &office.log);
    if record.decision != waiting.decision && waiting.decision.is_some() {
        let remark = AttemptRemark {
            by: waiting.requested_by(),
            text: "It was finished before the decision. ",
        };
        record.set_status(record.status.clone(), now, remark);
        office.keep(record).await?;
    }
    office.note_retainage(record).await?;
    let mut tried = outcome::settled(waiting, (record, missed), now);
    tried.finished.objects = written(record, &[]);
    if record.has_conflicting_edit() && record.decision.is_none() {
        index_entries::look_again_at(office, record, &mut tried.finished.objects);
    }
    Ok(tried)
}

/// Keeps what a try came to.
pub async fn settle<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    case: WorkItem,
    outcome: Result<DocumentStatus, Halt>,
    now: Timestamp,
) -> Result<ProcessedItem, StoreError> {
    let (waiting, mut record) = (&case.waiting, case.record);
    learn_closing_date(office, &outcome, now).await?;
    let (mut state, mark, stop) = match outcome {
        Ok(state) => (state, None, None),
        Err(Halt::Broken(error)) => return Err(error),
        Err(Halt::Setback(setback)) => {
            outcome::set_back(office, setback, (&record, waiting), now).await?
        }
    };
    record.set_half_posted(&case.before, &mut state);
    let (before, was_noticed) = (
        case.before.posted.clone(),
        case.before.has_conflicting_edit(),
    );
    let was_final = case.before.status.is_final();
    let is_heard = was_final && notification::missed(&case.before, &office.log).is_none();
    let written_before = office.written.take();
    let note = conclude(&mut record, case.before, (waiting, &state), written_before);
    let remark = AttemptRemark {
        by: waiting.requested_by(),
        text: note,
    };
    record.set_status(state, now, remark);
    let news = notification::news(&mut record, (waiting, was_final), &office.log, now);
    office.keep(&record).await?;
    let mut tried = outcome::settled(waiting, (&record, news), now);
    tried.stop = stop;
    tried.finished.objects = written(&record, &before);
    tried.finished.objects.append(&mut office.matched);
    if was_noticed && record.status.is_final() && record.decision.is_none() {
        index_entries::look_again_at(office, &record, &mut tried.finished.objects);
    }
    if !is_heard {
        add_rest(&record, &mut tried.finished.objects);
    }
    tried.finished.entry_state = mark.or(tried.finished.entry_state);
    Ok(tried)
}

/// Brings what stands in QuickBooks to what RIVET said last.
pub async fn advance<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    waiting: &QueueEntry,
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    // What was begun is finished first, whatever was said since: only then is it known what stands.
    if record.saga.is_some() {
        crate::saga::carry_out(office, record, true, now).await?;
        if record.covers(waiting.revision, waiting.void) {
            return revision::complete(office, record, waiting).await;
        }
    }
    if let Some(decision) = &waiting.decision
        && let Some(state) = decision::decided(office, record, (waiting, decision), now).await?
    {
        return Ok(state);
    }
    if let Some(void) = waiting.pending_void() {
        return revision::void(office, record, (waiting, void), now).await;
    }
    match draft(office, record, waiting).await? {
        DraftResult::Settled(state) => Ok(state),
        DraftResult::Empty(document) => {
            revision::empty(office, record, (waiting, &document), now).await
        }
        DraftResult::Planned(document, plan) => {
            revision::revise(office, record, waiting, (&document, &plan), now).await
        }
    }
}

/// What the latest revision is to become, if nothing is in the way of it.
pub async fn draft<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    waiting: &QueueEntry,
) -> Result<DraftResult, Halt> {
    let by_hand = is_by_hand(waiting);
    // What is there already waits for nothing.
    if !by_hand && let Some(hold) = office.situation(waiting.is_requested()).hold(waiting) {
        return Err(hold.into());
    }
    let received = office
        .bridge
        .store
        .received_revision(office.firm, &waiting.document, waiting.revision)
        .await?;
    // Not readable yet on a store that is slow to agree with itself: the next shift reads it.
    let Some(document) = received else {
        return Ok(DraftResult::Settled(DocumentStatus::Pending));
    };
    let plan = match mapping::plan(&document, &office.settings, &office.books()) {
        Ok(plan) => plan,
        Err(Refusal::Empty) if !by_hand => return Ok(DraftResult::Empty(document)),
        Err(refusal) => return Err(refused(refusal)),
    };
    if matches!(document, Document::Project(_)) && !office.settings.customers.auto_create {
        record.revision = waiting.revision;
        let why = nothing("Customers are not created automatically.");
        return Ok(DraftResult::Settled(why));
    }
    if !by_hand {
        enough_retainage(office, &document, &plan).await?;
    }
    Ok(DraftResult::Planned(document, plan))
}

/// Books that were closed since the company was asked last: it is asked again, once, so that what follows is not sent in vain.
async fn learn_closing_date<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    outcome: &Result<DocumentStatus, Halt>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Err(Halt::Setback(Setback::Settle(DocumentStatus::Held(HoldReason::BooksClosed(on))))) =
        outcome
    else {
        return Ok(());
    };
    let known = office.books().book_close_date;
    if office.rechecked || known.is_some_and(|through| through >= *on) {
        return Ok(());
    }
    match office.recheck(now).await {
        Err(Halt::Broken(error)) => Err(error),
        _ => Ok(()),
    }
}

/// A release takes no more than the project holds.
async fn enough_retainage<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    document: &Document,
    plan: &PostingPlan,
) -> Result<(), Halt> {
    let Document::RetainageRelease(release) = document else {
        return Ok(());
    };
    let book = office.project(&release.project.id).await?;
    let held = book.retainage_without(&plan.document);
    if release.amount > held {
        return Err(HoldReason::RetainageExceeded {
            held,
            needed: release.amount,
        }
        .into());
    }
    Ok(())
}

/// Whether a person says that it is in QuickBooks already.
fn is_by_hand(waiting: &QueueEntry) -> bool {
    let decision = waiting.decision.as_ref();
    decision.is_some_and(|decision| decision.kind == DecisionKind::Posted)
}
