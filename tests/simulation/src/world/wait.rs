//! The two things that tasks wait for: a yield point, or time.

use super::{TaskId, World};
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// All tasks that wait.
#[derive(Default)]
pub(super) struct WaitQueue {
    yields: Vec<Waiter>,
    timers: Vec<Waiter>,
}

/// A task that waits. At a yield point, `at` is the latest time at which the task continues: time does not pass that before.
pub(super) struct Waiter {
    id: u64,
    pub(super) by: TaskId,
    at: Timestamp,
    pub(super) waker: Waker,
}

impl WaitQueue {
    pub(super) fn yielding(&self) -> usize {
        self.yields.len()
    }

    /// Returns the time to which the clock may advance: the next timer, but not past the latest time of a yield point.
    pub(super) fn next_time(&self, now: Timestamp) -> Option<Timestamp> {
        let timer = self.timers.iter().map(|waiter| waiter.at).min()?;
        let latest = self.yields.iter().map(|waiter| waiter.at).min();
        let at = latest.map_or(timer, |latest| latest.min(timer));
        (at > now).then_some(at)
    }

    /// Returns the index of the yield point at which this task waits.
    pub(super) fn yield_of(&self, task: TaskId) -> Option<usize> {
        self.yields.iter().position(|waiter| waiter.by == task)
    }

    pub(super) fn resume(&mut self, chosen: usize) -> Waiter {
        self.yields.swap_remove(chosen)
    }

    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Waker> {
        let due = self.timers.extract_if(.., |waiter| waiter.at <= now);
        due.map(|waiter| waiter.waker).collect()
    }
}

/// The future of [`World::yield_point`].
pub struct YieldPoint {
    world: World,
    latest: Timestamp,
    id: Option<u64>,
}

impl YieldPoint {
    pub(super) fn new(world: &World, latest: Timestamp) -> Self {
        Self {
            world: world.clone(),
            latest,
            id: None,
        }
    }
}

impl Future for YieldPoint {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let world = self.world.clone();
        let mut waits = world.0.waits.borrow_mut();
        if let Some(id) = self.id {
            return match waits.yields.iter_mut().find(|waiter| waiter.id == id) {
                Some(waiter) => {
                    waiter.waker.clone_from(context.waker());
                    Poll::Pending
                }
                None => Poll::Ready(()),
            };
        }
        let id = world.next_id();
        self.id = Some(id);
        waits.yields.push(Waiter {
            id,
            by: world.current(),
            at: self.latest,
            waker: context.waker().clone(),
        });
        Poll::Pending
    }
}

impl Drop for YieldPoint {
    fn drop(&mut self) {
        if let (Some(id), Ok(mut waits)) = (self.id, self.world.0.waits.try_borrow_mut()) {
            waits.yields.retain(|waiter| waiter.id != id);
        }
    }
}

/// The future of [`World::sleep`].
pub struct Sleep {
    world: World,
    until: Timestamp,
    id: Option<u64>,
}

impl Sleep {
    pub(super) fn new(world: &World, until: Timestamp) -> Self {
        Self {
            world: world.clone(),
            until,
            id: None,
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.world.now() >= self.until {
            return Poll::Ready(());
        }
        let world = self.world.clone();
        let mut waits = world.0.waits.borrow_mut();
        let id = *self.id.get_or_insert_with(|| world.next_id());
        waits.timers.retain(|waiter| waiter.id != id);
        waits.timers.push(Waiter {
            id,
            by: world.current(),
            at: self.until,
            waker: context.waker().clone(),
        });
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let (Some(id), Ok(mut waits)) = (self.id, self.world.0.waits.try_borrow_mut()) {
            waits.timers.retain(|waiter| waiter.id != id);
        }
    }
}
