//! The loop of the executor: run each task that is ready; if none is, choose what happens next.

use super::task::{RunningTask, Task};
use super::{CURRENT_TIME, Failure, Place, TaskId, World};
use jiff::Timestamp;
use std::future::Future;
use std::task::{Context, Waker};

/// More choices than any sound run needs. A run that makes more never ends.
const MAX_CHOICES: u32 = 200_000;

impl World {
    /// Runs until `scenario` ends or a check fails. Tasks that still run then are dropped.
    pub fn run(
        &self,
        scenario: impl Future<Output = ()> + 'static,
    ) -> Result<Vec<String>, Failure> {
        let scenario = self.spawn(Place::Outside, "story", scenario);
        let mut choices = 0;
        while self.is_alive(scenario) && self.0.failure.borrow().is_none() {
            choices += 1;
            match self.0.ready.next() {
                Some(task) => self.poll(task),
                None if choices > MAX_CHOICES => self.fail("the run goes round in circles"),
                None => self.choose(),
            }
        }
        let unfinished = std::mem::take(&mut *self.0.tasks.borrow_mut());
        drop(unfinished);
        let trace = self.0.trace.borrow_mut().take().unwrap_or_default();
        match self.0.failure.borrow_mut().take() {
            Some(message) => Err(Failure { message, trace }),
            None => Ok(trace),
        }
    }

    fn choose(&self) {
        let may_crash = self.0.conditions.get().crashes > 0;
        if may_crash && self.one_in(4) && self.has_fault(|conditions| &mut conditions.crashes) {
            return self.crash();
        }
        let (yielding, next) = {
            let waits = self.0.waits.borrow();
            (waits.yielding(), waits.next_time(self.now()))
        };
        match (yielding, next) {
            (0, None) => self.fail("nothing can happen any more, but the story has not ended"),
            (0, Some(at)) => self.advance_to(at),
            (_, Some(at)) if self.one_in(8) => self.advance_to(self.draw_time_until(at)),
            _ => self.resume(yielding),
        }
    }

    /// Lets a random task continue. In some runs this is mostly the task that continued last, which then overtakes the others by many
    /// steps.
    fn resume(&self, yielding: usize) {
        let mut waits = self.0.waits.borrow_mut();
        let last = waits.yield_of(self.0.last.get());
        let chosen = match last.filter(|_| !self.one_in(self.0.burst)) {
            Some(last) => last,
            None => self.below(yielding),
        };
        let resumed = waits.resume(chosen);
        drop(waits);
        self.0.last.set(resumed.by);
        resumed.waker.wake();
    }

    fn draw_time_until(&self, at: Timestamp) -> Timestamp {
        if self.one_in(2) {
            return at;
        }
        self.now() + self.span_up_to(at.duration_since(self.now()))
    }

    fn advance_to(&self, at: Timestamp) {
        self.0.now.set(at);
        let due = self.0.waits.borrow_mut().due(at);
        due.into_iter().for_each(Waker::wake);
    }

    pub(super) fn instances_in_use(&self) -> Vec<Place> {
        let tasks = self.0.tasks.borrow();
        let mut places: Vec<_> = tasks.values().map(|task| task.place).collect();
        places.retain(|place| *place != Place::Outside);
        places.sort_unstable();
        places.dedup();
        places
    }

    fn crash(&self) {
        let places = self.instances_in_use();
        if places.is_empty() {
            return;
        }
        let place = self.pick(&places);
        self.trace(|| format!("{place} dies"));
        let mut tasks = self.0.tasks.borrow_mut();
        let dead = tasks.extract_if(.., |_, task| task.place == place);
        let dead: Vec<_> = dead.collect();
        drop(tasks);
        drop(dead);
        self.wake_task_end();
    }

    fn poll(&self, id: TaskId) {
        let taken = self.0.tasks.borrow_mut().get_mut(&id).and_then(Task::take);
        let Some(RunningTask {
            mut future,
            waker,
            place,
        }) = taken
        else {
            return;
        };
        self.0.current.set(Some((id, place)));
        CURRENT_TIME.set(self.now());
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_pending() {
            if let Some(task) = self.0.tasks.borrow_mut().get_mut(&id) {
                task.put_back(future);
            }
        } else {
            self.trace(|| "ends".into());
            drop(future);
            self.0.tasks.borrow_mut().remove(&id);
            self.wake_task_end();
        }
        self.0.current.set(None);
    }

    fn wake_task_end(&self) {
        let wakers = std::mem::take(&mut *self.0.task_end_wakers.borrow_mut());
        wakers.into_iter().for_each(Waker::wake);
    }
}
