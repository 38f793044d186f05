//! What tasks wait for: their turn, or time.

use super::{TaskId, World};
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Everything that can happen next.
#[derive(Default)]
pub(super) struct Waits {
    turns: Vec<Waiting>,
    timers: Vec<Waiting>,
}

/// For a turn, `at` is when it comes at the latest: time does not pass that without it.
struct Waiting {
    id: u64,
    by: TaskId,
    at: Timestamp,
    waker: Waker,
}

impl Waits {
    pub(super) fn parked(&self) -> usize {
        self.turns.len()
    }

    /// How far time may pass: to the next timer, but no turn is put off for longer than it bears.
    pub(super) fn next_instant(&self, now: Timestamp) -> Option<Timestamp> {
        let timer = self.timers.iter().map(|waiting| waiting.at).min()?;
        let latest = self.turns.iter().map(|waiting| waiting.at).min();
        let at = latest.map_or(timer, |latest| latest.min(timer));
        (at > now).then_some(at)
    }

    /// The place of a turn that this task waits for.
    pub(super) fn turn_of(&self, task: TaskId) -> Option<usize> {
        self.turns.iter().position(|waiting| waiting.by == task)
    }

    pub(super) fn resume(&mut self, chosen: usize) -> (TaskId, Waker) {
        let resumed = self.turns.swap_remove(chosen);
        (resumed.by, resumed.waker)
    }

    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Waker> {
        let due = self.timers.extract_if(.., |waiting| waiting.at <= now);
        due.map(|waiting| waiting.waker).collect()
    }
}

/// See [`World::turn`].
pub struct Turn {
    world: World,
    latest: Timestamp,
    id: Option<u64>,
}

impl Turn {
    pub(super) fn new(world: &World, latest: Timestamp) -> Self {
        Self {
            world: world.clone(),
            latest,
            id: None,
        }
    }
}

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let world = self.world.clone();
        let mut waits = world.0.waits.borrow_mut();
        if let Some(id) = self.id {
            return match waits.turns.iter_mut().find(|waiting| waiting.id == id) {
                Some(waiting) => {
                    waiting.waker.clone_from(context.waker());
                    Poll::Pending
                }
                None => Poll::Ready(()),
            };
        }
        let id = world.id();
        self.id = Some(id);
        waits.turns.push(Waiting {
            id,
            by: world.current(),
            at: self.latest,
            waker: context.waker().clone(),
        });
        Poll::Pending
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let (Some(id), Ok(mut waits)) = (self.id, self.world.0.waits.try_borrow_mut()) {
            waits.turns.retain(|waiting| waiting.id != id);
        }
    }
}

/// See [`World::sleep`].
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
        let id = *self.id.get_or_insert_with(|| world.id());
        waits.timers.retain(|waiting| waiting.id != id);
        waits.timers.push(Waiting {
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
            waits.timers.retain(|waiting| waiting.id != id);
        }
    }
}
