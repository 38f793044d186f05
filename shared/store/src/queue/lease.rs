//! Verbs over desks and the activity that they note.

use crate::queue::completion::WorkResult;
pub use crate::queue::completion::first_part;

use crate::activity::{ActivityEntry, ActivityLog, ActivityPage};
use crate::queue::completion::{overtaken_entry, record_result};
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::page_loading::{PreparedPages, Update};
use crate::queue::rate_limiter::RateLimiter;
use crate::queue::{Lease, PlanStatus, Queue, WORK_LEASE};
use crate::reason::hold::HoldReason;
use crate::schedule::ScheduledJob;
use crate::{Claimant, Store};
use billing::{FirmId, SubscriptionPlan};
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use ports::time::after;

/// A document that arrives at a desk.
pub struct NewEntry {
    /// What arrives.
    pub entry: QueueEntry,
    /// The line for the activity list, if it is not worked on at once.
    pub activity: Option<ActivityEntry>,
    /// The firm's plan as the event said.
    pub plan: PlanStatus,
    /// It is a first revision that was not received before, so there is nothing of it on a shelf.
    pub is_first: bool,
}

/// The answer of a desk to somebody who wants to work there.
#[derive(Clone, Debug, PartialEq)]
pub enum LeaseResult {
    /// The desk is ours until we leave or the lease ends.
    Ours(Box<Queue>),
    /// Another works here and will find what we put down.
    Taken(Box<Queue>),
}

/// The answer of a desk to an arrival.
#[derive(Clone, Debug, PartialEq)]
pub enum EnqueueResult {
    /// It may be worked on, and the desk is ours until we leave or the lease ends.
    Ours(Box<Queue>),
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

/// The end of a lease.
#[derive(Clone, Copy, Debug)]
pub struct LeaseRelease<'a> {
    /// The owner of the lease.
    pub claimant: Claimant<'a>,
    /// The time before which the company must not be called, if any.
    pub call_not_before: Option<Timestamp>,
    /// The calls that the worker made, if it made any.
    pub rate_limiter: Option<&'a RateLimiter>,
}

impl<'a> LeaseRelease<'a> {
    /// Returns the end of a lease under which the company was not called.
    pub fn new(owner: &'a str, now: Timestamp) -> Self {
        Self {
            claimant: Claimant { owner, now },
            call_not_before: None,
            rate_limiter: None,
        }
    }
}

impl NewEntry {
    /// Whether it may be put down in the desk's own record without a look at the shelves: it is new, is not worked on now, and
    /// releases nothing.
    fn can_be_added(&self, desk: &Queue, claimant: Claimant<'_>) -> bool {
        let Claimant { owner, now } = claimant;
        let newer = desk.plan.filter(|seen| seen.at > self.plan.at);
        let waiting = with_plan_hold(&self.entry, newer.or(Some(self.plan)));
        let waits = desk.runnable_at(&waiting.state).is_none_or(|at| at > now);
        let releases =
            self.plan.plan != SubscriptionPlan::Starter && desk.overflow.has_plan_holds();
        let is_new = self.is_first && desk.entry_for(&self.entry.document).is_none();
        is_new && !releases && (waits || desk.is_taken(owner, now))
    }
}

impl<R: Records> Store<R> {
    /// Puts an arrival down and, if it may be worked on and the seat is free, takes the seat: one swap. Nothing may be worked on
    /// before the company is to be called again.
    ///
    /// What is on the desk already is not put down again, but worked on if nobody does: it may have
    /// arrived with a worker that died before anybody was answered.
    pub async fn enqueue(
        &self,
        firm: &FirmId,
        arrival: &NewEntry,
        claimant: Claimant<'_>,
    ) -> Result<EnqueueResult, StoreError> {
        let Claimant { owner, now } = claimant;
        let mut came = Came::Known;
        let mut next = None;
        let put = &mut |desk: &mut Queue, is_whole: bool| {
            if !is_whole && !arrival.can_be_added(desk, claimant) {
                return Update::NeedsAll;
            }
            let saw = desk.update_plan(arrival.plan.plan, arrival.plan.at);
            let overtaken = overtaken_entry(desk, &arrival.entry.document, now);
            let new = desk.add_entry(with_plan_hold(&arrival.entry, desk.plan));
            desk.recent_activity.extend(overtaken.filter(|_| new));
            let waiting = desk.entry_for(&arrival.entry.document);
            next = waiting.and_then(|waiting| desk.runnable_at(&waiting.state));
            let runnable = next.is_some_and(|at| at <= now);
            came = if runnable && take_lease(desk, claimant) {
                Came::Seated
            } else if new {
                desk.recent_activity.extend(arrival.activity.clone());
                Came::New
            } else {
                Came::Known
            };
            match came {
                Came::Known if !saw => Update::Nothing,
                Came::Known | Came::Seated | Came::New => Update::Change,
            }
        };
        let desk = self
            .apply_to_queue(firm, put, &mut PreparedPages::default())
            .await?;
        // It waits, but its plan may have released others.
        if let Some(at) = desk.next_work_at()
            && next.is_none()
        {
            self.schedule_by(firm, ScheduledJob::Work, at.max(now))
                .await?;
        }
        Ok(match came {
            Came::Seated => EnqueueResult::Ours(Box::new(desk)),
            Came::New => EnqueueResult::Waits(next),
            Came::Known => EnqueueResult::Known(next),
        })
    }

    /// Takes the seat if it is free.
    pub async fn acquire_lease(
        &self,
        firm: &FirmId,
        claimant: Claimant<'_>,
    ) -> Result<LeaseResult, StoreError> {
        let mut seated = false;
        let take = &mut |desk: &mut Queue| {
            seated = take_lease(desk, claimant);
            seated
        };
        let desk = Box::new(
            self.update_or_create_queue(firm, take, &mut PreparedPages::default())
                .await?,
        );
        Ok(if seated {
            LeaseResult::Ours(desk)
        } else {
            LeaseResult::Taken(desk)
        })
    }

    /// Notes what was found out and leaves the seat, in one swap. Gives the desk as it is then. Of very much, the first part is noted
    /// before: each swap adds a page of activity and a chunk of the register at most, so that the record does not outgrow what a back end takes.
    pub async fn complete_and_release(
        &self,
        firm: &FirmId,
        finished: &[WorkResult],
        release: LeaseRelease<'_>,
    ) -> Result<Queue, StoreError> {
        let Claimant { owner, now } = release.claimant;
        let (mut ready, mut rest) = (PreparedPages::default(), finished);
        loop {
            let (notes, more) = rest.split_at(first_part(rest.iter().map(|done| &done.objects)));
            let leave = &mut |desk: &mut Queue| {
                let ours = desk.lease.as_ref().filter(|worker| worker.owner == owner);
                let sure = ours.is_some_and(|worker| !worker.cured);
                if more.is_empty() {
                    desk.lease.take_if(|worker| worker.owner == owner);
                    if let Some(limiter) = release.rate_limiter {
                        desk.rate_limiter.clone_from(limiter);
                    }
                    desk.call_not_before = release
                        .call_not_before
                        .or(desk.call_not_before.filter(|at| *at > now));
                }
                notes
                    .iter()
                    .for_each(|done| record_result(desk, (done, sure), now));
                true
            };
            let desk = self.update_or_create_queue(firm, leave, &mut ready).await?;
            if more.is_empty() {
                return Ok(desk);
            }
            rest = more;
        }
    }

    /// What was done at a firm's desk lately.
    pub async fn activity_log(&self, firm: &FirmId) -> Result<ActivityLog, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// A page of older activity.
    pub async fn activity_page(
        &self,
        firm: &FirmId,
        page: u32,
    ) -> Result<ActivityPage, StoreError> {
        self.load_or_default(&format!("{firm}/{page}")).await
    }
}

/// What an arrival found.
enum Came {
    Seated,
    New,
    Known,
}

/// Takes the seat if it is free. Whether it was.
fn take_lease(desk: &mut Queue, Claimant { owner, now }: Claimant<'_>) -> bool {
    let free = !desk.is_taken(owner, now);
    if free {
        // Whoever is there did not leave, also if that was ourselves: an earlier stay of this run broke off.
        let before = desk.lease.take();
        desk.lease = Some(Lease {
            owner: owner.into(),
            until: after(now, WORK_LEASE),
            inherited: before.is_some(),
            cured: false,
        });
    }
    free
}

/// An event that comes late is not held for a plan that a newer one has ended.
fn with_plan_hold(arrival: &QueueEntry, plan: Option<PlanStatus>) -> QueueEntry {
    let mut waiting = arrival.clone();
    let held = waiting.state == EntryState::Held(HoldReason::PlanNotEligible);
    if held && plan.is_some_and(|seen| seen.plan != SubscriptionPlan::Starter) {
        waiting.state = EntryState::PENDING;
    }
    waiting
}
