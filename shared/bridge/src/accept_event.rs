//! Accepts an event from RIVET. The event is stored before the answer, and its document is posted at once if possible.
//!
//! Two writes store it: the revision as received, and its entry in the firm's queue. A crash between them loses nothing, because RIVET
//! has no answer yet and sends the event again.

// Top first: a module uses only modules below it.
mod known;
mod refuse;
mod firm_facts;
mod incoming;
mod accepted;

pub use self::accepted::{Accepted, Outcome};

use billing::{DocumentRef, Event, FirmId};
use connection::services::Services;
use jiff::{SignedDuration, Timestamp};
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::Records;
use store::Claimant;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;
use store::matches::CustomerDetails;
use store::queue::PlanStatus;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::{EnqueueResult, NewEntry};
use store::schedule::ScheduledJob;

use self::firm_facts::FirmFacts;
use self::incoming::{Incoming, IncomingWork, held_activity};
use self::known::Known;
use self::refuse::refuse;
use crate::error::Error;
use crate::run_window::RunWindow;
use crate::worker::run::{WorkScope, WorkerRun};
use crate::worker::work as work_on_queue;

/// The longest time that the document of an event is worked on before the answer. A scheduled run does the rest.
const BEFORE_ANSWER: SignedDuration = SignedDuration::from_secs(10);

/// Accepts an event and posts its document if nothing holds it. An event of a firm that was erased is ignored.
///
/// # Errors
/// The store fails. RIVET then sends the event again, and a second call with the same event changes nothing that is stored already.
pub async fn accept<H: Http, R: Records>(
    services: &Services<H, R>,
    event: Event,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<Accepted, Error> {
    let plan = PlanStatus {
        plan: event.plan,
        at: event.occurred_at,
    };
    let firm = &event.firm_id;
    let incoming = Incoming::from_fact(event.fact, clock());
    let mut accepted = incoming.accepted();
    let work = match incoming {
        Incoming::Work(work) => work,
        Incoming::CustomerDetails(_) if services.store.is_erased(firm).await? => {
            return Ok(accepted);
        }
        Incoming::CustomerDetails(customer) => {
            // QuickBooks' own customer stays unchanged: the details are for a customer that is yet to be created.
            let (now, store) = (clock(), &services.store);
            let details = CustomerDetails {
                customer: Some(*customer),
                told_at: Some(event.occurred_at),
            };
            store.save_customer_details(firm, &details).await?;
            store.save_plan(firm, plan, now).await?;
            return Ok(accepted);
        }
    };
    let owner = entropy.token();
    let acceptor = EventAcceptor {
        services,
        firm,
        owner: &owner,
        clock: &clock,
    };
    accepted.outcome = acceptor.enqueue_and_work(*work, plan).await?;
    Ok(accepted)
}

/// Accepts an event of a firm.
struct EventAcceptor<'a, H, R, C> {
    services: &'a Services<H, R>,
    firm: &'a FirmId,
    owner: &'a str,
    clock: &'a C,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> EventAcceptor<'_, H, R, C> {
    /// Stores the revision and its entry, then works on the entry if the lease is free.
    async fn enqueue_and_work(
        &self,
        mut work: IncomingWork,
        plan: PlanStatus,
    ) -> Result<Outcome, Error> {
        let store = &self.services.store;
        let known = Known::load(store, self.firm, &work).await?;
        if let Some(erasure) = &known.erasure {
            let stored = known.received.as_ref();
            refuse(store, self.firm, stored, erasure).await?;
            return Ok(Outcome::Ignored);
        }
        let record = known.record;
        if self.is_duplicate(record.as_ref(), &work.entry).await? {
            store.save_plan(self.firm, plan, (self.clock)()).await?;
            return Ok(Outcome::Duplicate);
        }
        // A void of a document that was never posted needs no company, so nothing holds it.
        let is_posted = record
            .as_ref()
            .is_some_and(|record| record.active_objects().next().is_some());
        if work.entry.void.is_none() || is_posted {
            let posting_day = record.and_then(|record| record.posting_day);
            known
                .facts
                .hold_if_ineligible(&mut work.entry, posting_day, plan);
        }
        let received = known.received.as_ref();
        if let Some(document) = &work.document {
            store.save_received(self.firm, document, received).await?;
        }
        let is_first = work.document.is_some() && received.is_none() && work.entry.revision == 1;
        let now = (self.clock)();
        let new = NewEntry {
            activity: held_activity(&work.entry, now),
            entry: work.entry,
            plan,
            is_first,
        };
        self.enqueue(&new, now).await
    }

    /// Returns whether the revision or void was finished before, so that the queue has no entry of the document.
    async fn is_duplicate(
        &self,
        record: Option<&DocumentRecord>,
        entry: &QueueEntry,
    ) -> Result<bool, Error> {
        if !record.is_some_and(|record| record.covers(entry.revision, entry.void)) {
            return Ok(false);
        }
        let queue = self.services.store.queue(self.firm).await?;
        Ok(queue.entry_for(&entry.document).is_none())
    }

    async fn enqueue(&self, new: &NewEntry, now: Timestamp) -> Result<Outcome, Error> {
        let (store, document) = (&self.services.store, &new.entry.document);
        let owner = self.owner;
        let claimant = Claimant { owner, now };
        match store.enqueue(self.firm, new, claimant).await? {
            EnqueueResult::Ours(queue) => {
                let run = WorkerRun {
                    queue: *queue,
                    owner: self.owner,
                    scope: WorkScope::Documents(vec![document.clone()]),
                    recheck_company: false,
                    window: RunWindow::within_lease(now, BEFORE_ANSWER),
                };
                work_on_queue(self.services, self.firm, run, self.clock).await?;
                self.outcome(document).await
            }
            EnqueueResult::Waits(Some(at)) => self.schedule(Outcome::Queued, at.max(now)).await,
            EnqueueResult::Known(Some(at)) => self.schedule(Outcome::Duplicate, at.max(now)).await,
            EnqueueResult::Waits(None) => self.recheck_hold(document, Outcome::Held).await,
            EnqueueResult::Known(None) => self.recheck_hold(document, Outcome::Duplicate).await,
        }
    }

    /// Releases the entry if its reason has gone since the check, because a release before the entry was in the queue missed it.
    async fn recheck_hold(
        &self,
        document: &DocumentRef,
        outcome: Outcome,
    ) -> Result<Outcome, Error> {
        let store = &self.services.store;
        let queue = store.queue(self.firm).await?;
        let (Some(entry), Some(plan)) = (queue.entry_for(document), queue.plan) else {
            return Ok(outcome);
        };
        let EntryState::Held(hold) = &entry.state else {
            return Ok(outcome);
        };
        let mut rechecked = entry.clone();
        rechecked.state = EntryState::PENDING;
        let facts = FirmFacts::load(store, self.firm).await?;
        facts.hold_if_ineligible(&mut rechecked, None, plan);
        if !hold.depends_on_settings() || rechecked.state == entry.state {
            return Ok(outcome);
        }
        store.release_holds(self.firm, |held| held == hold).await?;
        self.schedule(outcome, (self.clock)()).await
    }

    /// Schedules a run, because another worker holds the lease or the entry is not runnable yet. The other worker may crash.
    async fn schedule(&self, outcome: Outcome, at: Timestamp) -> Result<Outcome, Error> {
        let store = &self.services.store;
        store.schedule_by(self.firm, ScheduledJob::Work, at).await?;
        Ok(outcome)
    }

    /// Returns the outcome of a document that was worked on.
    async fn outcome(&self, document: &DocumentRef) -> Result<Outcome, Error> {
        let store = &self.services.store;
        let queue = store.queue(self.firm).await?;
        if let Some(entry) = queue.entry_for(document) {
            return Ok(match entry.state {
                EntryState::Pending { .. } | EntryState::Uncertain(_) => Outcome::Queued,
                EntryState::Held(_) | EntryState::Failed | EntryState::Conflict => Outcome::Held,
            });
        }
        let record = store.document(self.firm, document).await?;
        Ok(match record.map(|record| record.status) {
            Some(DocumentStatus::Skipped(_)) => Outcome::Ignored,
            _ => Outcome::Posted,
        })
    }
}
