//! Verbs over desks and the activity that they note.

use super::Store;
use crate::clock::after;
use crate::desk::{Activity, ActivityPage, Desk, Mark, PlanSeen, WORK_LEASE, Waiting, Worker};
use crate::document::Void;
use crate::ports::{Change, Records, StoreError};
use crate::reason::Hold;
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
    /// It was put down; `runnable`: another works here and will find it.
    Waits {
        /// Whether it may be worked on.
        runnable: bool,
    },
    /// It was there already; `runnable`: another works here.
    Known {
        /// Whether it may be worked on.
        runnable: bool,
    },
}

impl<R: Records> Store<R> {
    /// A firm's desk.
    pub async fn desk(&self, firm: &FirmId) -> Result<Desk, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Puts an arrival down and, if it may be worked on and the seat is free, takes the seat: one swap.
    ///
    /// What is on the desk already is not put down again, but worked on if nobody does: it may have
    /// arrived with a worker that died before anybody was answered.
    pub async fn arrive(
        &self,
        firm: &FirmId,
        arrival: &Arrival,
        (owner, now): (&str, Timestamp),
    ) -> Result<Arrived, StoreError> {
        let decide = |mut desk: Desk| {
            desk.see_plan(arrival.plan.plan, arrival.plan.at);
            let new = desk.put(arrival.waiting.clone());
            let waiting = desk.waiting_for(&arrival.waiting.document);
            let runnable = waiting.is_some_and(|waiting| waiting.mark.is_runnable(now));
            if runnable && let Seat::Ours(seat) = sit(&mut desk, owner, now) {
                return Change::write(desk, Arrived::Ours(seat));
            }
            if !new {
                return Change::Keep(Arrived::Known { runnable });
            }
            desk.recent.extend(arrival.activity.clone());
            Change::write(desk, Arrived::Waits { runnable })
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Takes the seat if it is free.
    pub async fn sit_down(
        &self,
        firm: &FirmId,
        owner: &str,
        now: Timestamp,
    ) -> Result<Seat, StoreError> {
        let decide = |mut desk: Desk| match sit(&mut desk, owner, now) {
            Seat::Ours(seat) => Change::write(desk, Seat::Ours(seat)),
            taken @ Seat::Taken(_) => Change::Keep(taken),
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Notes what was found out and leaves the seat, in one swap. Gives the desk as it is then.
    pub async fn leave(
        &self,
        firm: &FirmId,
        finished: &[Finished],
        (owner, not_before, now): (&str, Option<Timestamp>, Timestamp),
    ) -> Result<Desk, StoreError> {
        self.move_full_page(firm).await?;
        let decide = |mut desk: Desk| {
            if desk
                .worker
                .as_ref()
                .is_some_and(|worker| worker.owner == owner)
            {
                desk.worker = None;
            }
            desk.not_before = not_before.or(desk.not_before.filter(|at| *at > now));
            for done in finished {
                note(&mut desk, done, now);
            }
            Change::write(desk.clone(), desk)
        };
        self.change_ensured(firm.as_ref(), decide).await
    }

    /// Makes held documents pending where `cured` says so. Gives the desk as it is then.
    pub async fn release_held(
        &self,
        firm: &FirmId,
        cured: impl Fn(&Hold) -> bool,
    ) -> Result<Desk, StoreError> {
        let decide = |desk: Desk| {
            let mut next = desk.clone();
            next.release(&cured);
            if next == desk {
                Change::Keep(desk)
            } else {
                Change::write(next.clone(), next)
            }
        };
        Ok(self
            .records
            .change(firm.as_ref(), decide)
            .await?
            .unwrap_or_default())
    }

    /// Marks documents as asked for by a person: all that wait, or those named. Final ones are not
    /// on the desk and stay as they are.
    pub async fn ask_for(
        &self,
        firm: &FirmId,
        documents: Option<&[DocumentRef]>,
    ) -> Result<Desk, StoreError> {
        let decide = |mut desk: Desk| {
            for waiting in &mut desk.waiting {
                let named = documents.is_none_or(|named| named.contains(&waiting.document));
                if named && !matches!(waiting.mark, Mark::Uncertain(_) | Mark::Conflict) {
                    waiting.mark = Mark::Pending {
                        not_before: None,
                        forced: true,
                    };
                }
            }
            Change::write(desk.clone(), desk)
        };
        Ok(self
            .records
            .change(firm.as_ref(), decide)
            .await?
            .unwrap_or_default())
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
        let decide = |mut desk: Desk| match desk.overflow() {
            Some((at, _)) if at == number => Change::write(desk, ()),
            _ => Change::Keep(()),
        };
        self.change_ensured(firm.as_ref(), decide).await
    }
}

fn sit(desk: &mut Desk, owner: &str, now: Timestamp) -> Seat {
    if desk.is_taken(owner, now) {
        return Seat::Taken(Box::new(desk.clone()));
    }
    desk.worker = Some(Worker {
        owner: owner.into(),
        until: after(now, WORK_LEASE),
    });
    Seat::Ours(Box::new(desk.clone()))
}

fn note(desk: &mut Desk, done: &Finished, now: Timestamp) {
    let current = |waiting: &Waiting| {
        waiting.document == done.document
            && waiting.revision == done.revision
            && waiting.void == done.void
    };
    match &done.mark {
        None => desk.waiting.retain(|waiting| !current(waiting)),
        Some(mark) => {
            for waiting in desk.waiting.iter_mut().filter(|waiting| current(waiting)) {
                waiting.mark = mark.clone();
            }
        }
    }
    if done.posted {
        desk.last_sync_at = Some(now);
        desk.release(|hold| *hold == Hold::WaitingFor(done.document.clone()));
    }
    desk.recent.push(done.activity.clone());
}
