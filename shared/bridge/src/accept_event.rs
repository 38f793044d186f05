//! Accepting an event from RIVET: it is safe before it is acknowledged, and posted at once if it may be.
//!
//! Two writes make it safe: the revision as received, and its place on the firm's desk. A crash
//! between them loses nothing, because nobody was told yet and RIVET sends again.

pub mod incoming;

use crate::accept_event::incoming::Incoming;
use crate::error::Error;
use crate::worker::run::WorkerRun;
use crate::worker::work;
use billing::{Customer, DocumentRef, Event, FirmId};
use connection::services::Services;
use jiff::Timestamp;
use ports::entropy::Entropy;
use ports::http::Http;
use ports::records::Records;
use posting::eligibility::Eligibility;
use store::Claimant;
use store::activity::ActivityEntry;
use store::document::status::DocumentStatus;
use store::queue::PlanStatus;
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::lease::{EnqueueResult, NewEntry};
use store::schedule::ScheduledJob;

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What the event is about: a kind and an id.
    pub about: (&'static str, String),
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of an event, in the contract's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in QuickBooks.
    Posted,
    /// It goes on by itself.
    Queued,
    /// It waits for a cure or a person.
    Held,
    /// It was known.
    Duplicate,
    /// There is nothing to do.
    Ignored,
}

/// Accepts an event. `clock` tells the time as posting goes on.
pub async fn accept<H: Http, R: Records>(
    bridge: &Services<H, R>,
    event: Event,
    entropy: &mut Entropy,
    clock: impl Fn() -> Timestamp,
) -> Result<Accepted, Error> {
    let plan = PlanStatus {
        plan: event.plan,
        at: event.occurred_at,
    };
    let intake = match Incoming::of(event.fact, clock()) {
        Ok(intake) => intake,
        Err(customer) => return remember(bridge, &event.firm_id, (&customer, plan), clock()).await,
    };
    let about = (
        intake.waiting.document.kind.as_str(),
        intake.waiting.document.id.to_string(),
    );
    let owner = entropy.token();
    let desk = EventAcceptor {
        bridge,
        firm: &event.firm_id,
        owner: &owner,
        clock: &clock,
    };
    let outcome = desk.take(intake, plan).await?;
    Ok(Accepted { about, outcome })
}

/// A customer's new details are kept for when the customer is created. Nothing that is in QuickBooks
/// is overwritten for them.
async fn remember<H, R: Records>(
    bridge: &Services<H, R>,
    firm: &FirmId,
    (customer, plan): (&Customer, PlanStatus),
    now: Timestamp,
) -> Result<Accepted, Error> {
    bridge.store.save_customer_details(firm, customer).await?;
    bridge.store.save_plan(firm, plan, now).await?;
    let about = ("customer", customer.id.to_string());
    Ok(Accepted {
        about,
        outcome: Outcome::Ignored,
    })
}

struct EventAcceptor<'a, H, R, C> {
    bridge: &'a Services<H, R>,
    firm: &'a FirmId,
    owner: &'a str,
    clock: &'a C,
}

impl<H: Http, R: Records, C: Fn() -> Timestamp> EventAcceptor<'_, H, R, C> {
    async fn take(&self, mut intake: Incoming, plan: PlanStatus) -> Result<Outcome, Error> {
        let store = &self.bridge.store;
        let known = store.document(self.firm, &intake.waiting.document).await?;
        let (revision, void) = (intake.waiting.revision, intake.waiting.void);
        if known
            .as_ref()
            .is_some_and(|known| known.covers(revision, void))
            && store
                .queue(self.firm)
                .await?
                .entry_for(&intake.waiting.document)
                .is_none()
        {
            store.save_plan(self.firm, plan, (self.clock)()).await?;
            return Ok(Outcome::Duplicate);
        }
        // Voiding what was never posted needs no company and waits for nothing.
        if void.is_none() || known.is_some_and(|known| known.active_objects().next().is_some()) {
            self.mark(&mut intake.waiting, plan).await?;
        }
        let is_first = match &intake.document {
            Some(document) => store.save_received(self.firm, document).await? && revision == 1,
            None => false,
        };
        let now = (self.clock)();
        let arrival = NewEntry {
            activity: held_line(&intake.waiting, now),
            entry: intake.waiting,
            plan,
            is_first,
        };
        let document = arrival.entry.document.clone();
        match store
            .enqueue(
                self.firm,
                &arrival,
                Claimant {
                    owner: self.owner,
                    now,
                },
            )
            .await?
        {
            EnqueueResult::Ours(desk) => {
                let shift = WorkerRun::event(*desk, self.owner, &document, now);
                work(self.bridge, self.firm, shift, self.clock).await?;
                self.outcome(&document).await
            }
            EnqueueResult::Waits(Some(at)) => self.queued(Outcome::Queued, at.max(now)).await,
            EnqueueResult::Known(Some(at)) => self.queued(Outcome::Duplicate, at.max(now)).await,
            EnqueueResult::Waits(None) => self.held(&document, Outcome::Held).await,
            EnqueueResult::Known(None) => self.held(&document, Outcome::Duplicate).await,
        }
    }

    /// What can be told to wait before anything is tried is put down as waiting.
    async fn mark(&self, waiting: &mut QueueEntry, plan: PlanStatus) -> Result<(), Error> {
        let store = &self.bridge.store;
        let (connection, settings) = (
            store.connection(self.firm).await?,
            store.settings(self.firm).await?,
        );
        let situation = Eligibility {
            plan: Some(plan.plan),
            connection: &connection,
            settings: &settings.settings,
            unfit: &settings.unfit_accounts,
            forced: false,
        };
        if let Some(hold) = situation.hold(waiting) {
            waiting.state = EntryState::Held(hold);
        }
        Ok(())
    }

    /// What holds it may have been cured between our look and its arrival, when it did not lie here to be released.
    async fn held(&self, document: &DocumentRef, outcome: Outcome) -> Result<Outcome, Error> {
        let store = &self.bridge.store;
        let desk = store.queue(self.firm).await?;
        let (Some(waiting), Some(plan)) = (desk.entry_for(document), desk.plan) else {
            return Ok(outcome);
        };
        let EntryState::Held(hold) = &waiting.state else {
            return Ok(outcome);
        };
        let mut now = waiting.clone();
        now.state = EntryState::PENDING;
        self.mark(&mut now, plan).await?;
        if !hold.depends_on_settings() || now.state == waiting.state {
            return Ok(outcome);
        }
        store.release_holds(self.firm, |held| held == hold).await?;
        self.queued(outcome, (self.clock)()).await
    }

    /// Another works at the desk, or it is too early. If that one dies there, or died before it left word, the schedule goes on.
    async fn queued(&self, outcome: Outcome, at: Timestamp) -> Result<Outcome, Error> {
        self.bridge
            .store
            .schedule_by(self.firm, ScheduledJob::Work, at)
            .await?;
        Ok(outcome)
    }

    async fn outcome(&self, document: &DocumentRef) -> Result<Outcome, Error> {
        let desk = self.bridge.store.queue(self.firm).await?;
        if let Some(waiting) = desk.entry_for(document) {
            return Ok(match waiting.state {
                EntryState::Pending { .. } | EntryState::Uncertain(_) => Outcome::Queued,
                EntryState::Held(_) | EntryState::Failed | EntryState::Conflict => Outcome::Held,
            });
        }
        let record = self.bridge.store.document(self.firm, document).await?;
        Ok(match record.map(|record| record.status) {
            Some(DocumentStatus::Skipped(_)) => Outcome::Ignored,
            _ => Outcome::Posted,
        })
    }
}

fn held_line(waiting: &QueueEntry, now: Timestamp) -> Option<ActivityEntry> {
    let EntryState::Held(hold) = &waiting.state else {
        return None;
    };
    Some(ActivityEntry {
        at: now,
        document: waiting.document.clone(),
        state: "held".into(),
        detail: hold.reason().message,
        requested_by: None,
        notification: None,
    })
}
