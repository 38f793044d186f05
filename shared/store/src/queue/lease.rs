//! Operations on the lease of a queue: enqueue, acquire, complete and release.

use crate::activity::ActivityEntry;
use crate::queue::completion::{WorkResult, first_part, overtaken_entry, record_results};
use crate::queue::entry::{EntryState, QueueEntry};
use crate::queue::update_attempt::{PreparedPages, Update};
use crate::queue::{Lease, PlanStatus, Queue, WORK_LEASE};
use crate::rate_limiter::RateLimiter;
use crate::reason::hold::HoldReason;
use crate::schedule::ScheduledJob;
use crate::{Claimant, Store};
use billing::{FirmId, SubscriptionPlan};
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use ports::time::after;

/// An entry that an event adds to a queue.
pub struct NewEntry {
    /// The entry.
    pub entry: QueueEntry,
    /// The activity entry, if no worker processes the document at once.
    pub activity: Option<ActivityEntry>,
    /// The firm's subscription plan according to the event.
    pub plan: PlanStatus,
    /// A first revision that was not received before, so no overflow page has an entry of it.
    pub is_first: bool,
}

/// The answer to the request for a lease.
#[derive(Clone, Debug, PartialEq)]
pub enum LeaseResult {
    /// The lease was acquired. The lease ends with a release or with the expiry.
    Ours(Box<Queue>),
    /// Another worker has the lease.
    Taken(Box<Queue>),
}

/// The answer to a new entry.
#[derive(Clone, Debug, PartialEq)]
pub enum EnqueueResult {
    /// The document may be processed, and the lease was acquired.
    Ours(Box<Queue>),
    /// The entry was added.
    Waits(
        /// The time from which the document may be processed without a person, if any. If the time is now, another worker has the lease.
        Option<Timestamp>,
    ),
    /// The entry was already in the queue.
    Known(
        /// The same time as in [`EnqueueResult::Waits`].
        Option<Timestamp>,
    ),
}

/// The end of a lease.
#[derive(Clone, Copy, Debug)]
pub struct LeaseRelease<'a> {
    /// The owner of the lease, and the time of the release.
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
    /// Returns whether the entry can be added to the queue record without loading the overflow pages. Such an entry is new, is not
    /// processed now, and releases nothing.
    fn can_be_added(&self, queue: &Queue, claimant: Claimant<'_>) -> bool {
        let Claimant { owner, now } = claimant;
        let newer_plan = queue.plan.filter(|known| known.at > self.plan.at);
        let entry = with_plan_hold(&self.entry, newer_plan.or(Some(self.plan)));
        let waits = queue.runnable_at(&entry.state).is_none_or(|at| at > now);
        let releases =
            self.plan.plan != SubscriptionPlan::Starter && queue.overflow.has_plan_holds();
        let is_new = self.is_first && queue.entry_for(&self.entry.document).is_none();
        is_new && !releases && (waits || queue.is_taken(owner, now))
    }
}

impl<R: Records> Store<R> {
    /// Adds an entry. If the entry may be processed and the lease is free, acquires the lease in the same swap.
    ///
    /// A known entry is not added again, but is processed if the lease is free. The worker of the first delivery may have crashed before
    /// its answer.
    pub async fn enqueue(
        &self,
        firm: &FirmId,
        arrived: &NewEntry,
        claimant: Claimant<'_>,
    ) -> Result<EnqueueResult, StoreError> {
        let now = claimant.now;
        // The value is `None` while the lease is acquired.
        let mut queued = None;
        let mut runnable_at = None;
        let put = &mut |queue: &mut Queue, is_whole: bool| {
            if !is_whole && !arrived.can_be_added(queue, claimant) {
                return Update::NeedsAll;
            }
            let has_new_plan = queue.update_plan(arrived.plan.plan, arrived.plan.at);
            let overtaken = overtaken_entry(queue, &arrived.entry.document, now);
            let is_new = queue.add_entry(with_plan_hold(&arrived.entry, queue.plan));
            queue.recent_activity.extend(overtaken.filter(|_| is_new));
            let entry = queue.entry_for(&arrived.entry.document);
            runnable_at = entry.and_then(|entry| queue.runnable_at(&entry.state));
            if runnable_at.is_some_and(|at| at <= now) && take_lease(queue, claimant) {
                queued = None;
                return Update::Change;
            }
            if is_new {
                queue.recent_activity.extend(arrived.activity.clone());
                queued = Some(EnqueueResult::Waits(runnable_at));
                return Update::Change;
            }
            queued = Some(EnqueueResult::Known(runnable_at));
            if has_new_plan {
                Update::Change
            } else {
                Update::Nothing
            }
        };
        let queue = self
            .apply_to_queue(firm, put, &mut PreparedPages::default())
            .await?;
        // The entry waits, but its plan may have released others.
        if let Some(at) = queue.next_work_at()
            && runnable_at.is_none()
        {
            self.schedule_by(firm, ScheduledJob::Work, at.max(now))
                .await?;
        }
        Ok(queued.unwrap_or_else(|| EnqueueResult::Ours(Box::new(queue))))
    }

    /// Acquires the lease if it is free.
    pub async fn acquire_lease(
        &self,
        firm: &FirmId,
        claimant: Claimant<'_>,
    ) -> Result<LeaseResult, StoreError> {
        let mut is_acquired = false;
        let acquire = &mut |queue: &mut Queue| {
            is_acquired = take_lease(queue, claimant);
            is_acquired
        };
        let queue = Box::new(
            self.update_or_create_queue(firm, acquire, &mut PreparedPages::default())
                .await?,
        );
        Ok(if is_acquired {
            LeaseResult::Ours(queue)
        } else {
            LeaseResult::Taken(queue)
        })
    }

    /// Saves the results of a worker and releases the lease, in one swap. Returns the queue after the update.
    ///
    /// If the worker posted anything, QuickBooks answers again: the other documents no longer wait for it.
    ///
    /// If there are many results, earlier swaps save the first of them. Each swap adds at most a page of activity and a chunk of the object
    /// index. The record thus stays below the limit of the store.
    pub async fn complete_and_release(
        &self,
        firm: &FirmId,
        results: &[WorkResult],
        release: LeaseRelease<'_>,
    ) -> Result<Queue, StoreError> {
        let (mut prepared, mut rest) = (PreparedPages::default(), results);
        prepared.writer = release.claimant.owner;
        let company_answers = results.iter().any(|result| result.is_posted);
        let record = move |queue: &mut Queue, part: &[WorkResult]| {
            record_results(queue, part, release.claimant);
            if company_answers {
                queue.end_company_waits(release.claimant.now);
            }
        };
        loop {
            let fitting = |results: &[WorkResult]| first_part(results.iter().map(|it| &it.objects));
            let (part, more) = rest.split_at(fitting(rest));
            let (next, _) = more.split_at(fitting(more));
            prepared.upcoming = Some(Box::new(move |queue| record(queue, next)));
            let complete = &mut |queue: &mut Queue| {
                record(queue, part);
                if more.is_empty() {
                    end_lease(queue, release);
                }
                true
            };
            let queue = self
                .update_or_create_queue(firm, complete, &mut prepared)
                .await?;
            if more.is_empty() {
                return Ok(queue);
            }
            rest = more;
        }
    }
}

/// Acquires the lease if it is free. Returns whether the lease was acquired.
fn take_lease(queue: &mut Queue, Claimant { owner, now }: Claimant<'_>) -> bool {
    let is_free = !queue.is_taken(owner, now);
    if is_free {
        // The previous lease expired without a release. The owner may be the same: an earlier run of it was cut off.
        let before = queue.lease.take();
        queue.lease = Some(Lease {
            owner: owner.into(),
            expires_at: after(now, WORK_LEASE),
            took_over: before.is_some(),
            holds_changed: false,
        });
    }
    is_free
}

fn end_lease(queue: &mut Queue, release: LeaseRelease<'_>) {
    let Claimant { owner, now } = release.claimant;
    queue.lease.take_if(|lease| lease.owner == owner);
    if let Some(limiter) = release.rate_limiter {
        queue.rate_limiter.clone_from(limiter);
    }
    let still_closed = queue.call_not_before.filter(|at| *at > now);
    queue.call_not_before = release.call_not_before.or(still_closed);
}

/// Returns the entry without a hold for a plan that a newer event has ended.
fn with_plan_hold(arrived: &QueueEntry, plan: Option<PlanStatus>) -> QueueEntry {
    let mut entry = arrived.clone();
    let is_held = entry.state == EntryState::Held(HoldReason::PlanNotEligible);
    if is_held && plan.is_some_and(|known| known.plan != SubscriptionPlan::Starter) {
        entry.state = EntryState::PENDING;
    }
    entry
}
