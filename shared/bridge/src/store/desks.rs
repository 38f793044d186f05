//! Verbs over desks and the activity that they note.

use super::Store;
use crate::clock::after;
use crate::decision::Decision;
use crate::desk::{Activity, ActivityPage, Desk, Mark, PlanSeen, WORK_LEASE, Waiting, Worker};
use crate::document::Void;
use crate::pace::Pace;
use crate::ports::{Records, StoreError};
use billing::{DocumentRef, FirmId};
use jiff::Timestamp;

/// A document that arrives at a desk.
pub struct Arrival {
    /// What arrives.
    pub waiting: Waiting,
    /// The line for the activity list, if it is not worked on at once.
    pub activity: Option<Activity>,
    /// The firm's plan as the event said.
    pub plan: PlanSeen,
}

/// What a worker found out about one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Which.
    pub document: DocumentRef,
    /// The revision that was worked on; what arrived meanwhile stays.
    pub revision: u32,
    /// The void that was worked on.
    pub void: Option<Void>,
    /// The decision that was carried out; one that came meanwhile stays.
    pub decision: Option<Decision>,
    /// What it waits for now; nothing if it is final.
    pub mark: Option<Mark>,
    /// The line for the activity list.
    pub activity: Activity,
    /// Something was posted.
    pub posted: bool,
}

/// The answer of a desk to somebody who wants to work there.
#[derive(Clone, Debug, PartialEq)]
pub enum Seat {
    /// The desk is ours until we leave or the lease ends.
    Ours(Box<Desk>),
    /// Another works here and will find what we put down.
    Taken(Box<Desk>),
}

/// The answer of a desk to an arrival.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrived {
    /// It may be worked on, and the desk is ours until we leave or the lease ends.
    Ours(Box<Desk>),
    /// It was put down.
    Waits(
        /// When it may be worked on, if it may by itself; another works here if that is now.
        Option<Timestamp>,
    ),
    /// It was there already.
    Known(
        /// The same.
        Option<Timestamp>,
    ),
}

impl<R: Records> Store<R> {
    /// A firm's desk.
    pub async fn desk(&self, firm: &FirmId) -> Result<Desk, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Puts an arrival down and, if it may be worked on and the seat is free, takes the seat: one swap. Nothing may be worked on
    /// before the company is to be called again.
    ///
    /// What is on the desk already is not put down again, but worked on if nobody does: it may have
    /// arrived with a worker that died before anybody was answered.
    pub async fn arrive(
        &self,
        firm: &FirmId,
        arrival: &Arrival,
        (owner, now): (&str, Timestamp),
    ) -> Result<Arrived, StoreError> {
        let mut came = Came::Known;
        let mut next = None;
        let put = &mut |desk: &mut Desk| {
            desk.see_plan(arrival.plan.plan, arrival.plan.at);
            let overtaken = overtaken(desk, &arrival.waiting.document, now);
            let new = desk.put(arrival.waiting.clone());
            desk.recent.extend(overtaken.filter(|_| new));
            let waiting = desk.waiting_for(&arrival.waiting.document);
            next = waiting.and_then(|waiting| desk.runnable_at(&waiting.mark));
            let runnable = next.is_some_and(|at| at <= now);
            came = if runnable && sit(desk, owner, now) {
                Came::Seated
            } else if new {
                desk.recent.extend(arrival.activity.clone());
                Came::New
            } else {
                Came::Known
            };
            !matches!(came, Came::Known)
        };
        let desk = self.alter(firm.as_ref(), put).await?;
        Ok(match came {
            Came::Seated => Arrived::Ours(Box::new(desk)),
            Came::New => Arrived::Waits(next),
            Came::Known => Arrived::Known(next),
        })
    }

    /// Takes the seat if it is free.
    pub async fn sit_down(
        &self,
        firm: &FirmId,
        owner: &str,
        now: Timestamp,
    ) -> Result<Seat, StoreError> {
        let mut seated = false;
        let take = &mut |desk: &mut Desk| {
            seated = sit(desk, owner, now);
            seated
        };
        let desk = Box::new(self.alter(firm.as_ref(), take).await?);
        Ok(if seated {
            Seat::Ours(desk)
        } else {
            Seat::Taken(desk)
        })
    }

    /// Notes what was found out and leaves the seat, in one swap. Gives the desk as it is then.
    pub async fn leave(
        &self,
        firm: &FirmId,
        finished: &[Finished],
        leaving: (&str, Option<Timestamp>, Timestamp),
    ) -> Result<Desk, StoreError> {
        self.leave_after(firm, finished, leaving, None).await
    }

    /// The same, after calls at this pace.
    pub(crate) async fn leave_after(
        &self,
        firm: &FirmId,
        finished: &[Finished],
        (owner, not_before, now): (&str, Option<Timestamp>, Timestamp),
        pace: Option<&Pace>,
    ) -> Result<Desk, StoreError> {
        self.move_full_page(firm).await?;
        let leave = &mut |desk: &mut Desk| {
            desk.worker.take_if(|worker| worker.owner == owner);
            pace.into_iter().for_each(|pace| desk.pace.clone_from(pace));
            desk.not_before = not_before.or(desk.not_before.filter(|at| *at > now));
            for done in finished {
                note(desk, done, now);
            }
            true
        };
        self.alter(firm.as_ref(), leave).await
    }

    /// A page of older activity.
    pub async fn activity_page(
        &self,
        firm: &FirmId,
        page: u32,
    ) -> Result<ActivityPage, StoreError> {
        self.load_or_default(&format!("{firm}/{page}")).await
    }

    /// The page is written before the desk lets go of it, so that a crash between repeats it.
    async fn move_full_page(&self, firm: &FirmId) -> Result<(), StoreError> {
        let mut desk = self.desk(firm).await?;
        let Some((number, page)) = desk.overflow() else {
            return Ok(());
        };
        self.records
            .save(&format!("{firm}/{number}"), &page)
            .await?;
        let let_go = &mut |desk: &mut Desk| desk.overflow().is_some_and(|(at, _)| at == number);
        self.alter(firm.as_ref(), let_go).await.map(drop)
    }
}

/// What an arrival found.
enum Came {
    Seated,
    New,
    Known,
}

/// Takes the seat if it is free. Whether it was.
fn sit(desk: &mut Desk, owner: &str, now: Timestamp) -> bool {
    let free = !desk.is_taken(owner, now);
    if free {
        let before = desk.worker.take();
        desk.worker = Some(Worker {
            owner: owner.into(),
            until: after(now, WORK_LEASE),
            inherited: before.is_some_and(|before| before.inherited || before.until <= now),
        });
    }
    free
}

/// What is told if something new of a document comes before a decision about it was carried out.
fn overtaken(desk: &Desk, document: &DocumentRef, now: Timestamp) -> Option<Activity> {
    let decision = desk.waiting_for(document)?.decision.as_ref()?;
    Some(Activity {
        at: now,
        document: document.clone(),
        state: "pending".into(),
        detail: format!(
            "{} RIVET sent something newer before that was done.",
            decision.sentence()
        ),
        by: Some(decision.by.clone()),
    })
}

fn note(desk: &mut Desk, done: &Finished, now: Timestamp) {
    let current = |waiting: &Waiting| {
        waiting.document == done.document
            && waiting.revision == done.revision
            && waiting.void == done.void
            && waiting.decision == done.decision
    };
    match &done.mark {
        None => desk.waiting.retain(|waiting| !current(waiting)),
        Some(mark) => {
            for waiting in desk.waiting.iter_mut().filter(|waiting| current(waiting)) {
                waiting.mark = mark.clone();
                waiting.by = None;
                // What failed or differs again is for a person to decide anew.
                waiting
                    .decision
                    .take_if(|_| matches!(mark, Mark::Failed | Mark::Conflict));
            }
        }
    }
    if done.posted {
        desk.last_sync_at = Some(now);
        desk.release(|hold| hold.may_end_with(&done.document));
    }
    desk.recent.push(done.activity.clone());
}
