//! The loop: run whoever can go on, and when nobody can, choose what happens next.

use super::task::Task;
use super::{Broken, PRESENT, Place, TaskId, World};
use jiff::Timestamp;
use std::future::Future;
use std::task::{Context, Waker};

/// More choices than any sound run needs: whoever makes them runs in circles.
const CHOICES: u32 = 200_000;

impl World {
    /// Runs until the story ends or a promise is broken. What still runs then is dropped.
    pub fn run(&self, story: impl Future<Output = ()> + 'static) -> Result<Vec<String>, Broken> {
        let story = self.spawn(Place::Outside, "story", story);
        let mut choices = 0;
        while self.lives(story) && self.0.broken.borrow().is_none() {
            choices += 1;
            match self.0.awake.next() {
                Some(task) => self.poll(task),
                None if choices > CHOICES => self.broken("the run goes round in circles"),
                None => self.choose(),
            }
        }
        let rest = std::mem::take(&mut *self.0.tasks.borrow_mut());
        drop(rest);
        let trace = self.0.trace.borrow_mut().take().unwrap_or_default();
        match self.0.broken.borrow_mut().take() {
            Some(what) => Err(Broken { what, trace }),
            None => Ok(trace),
        }
    }

    fn choose(&self) {
        let mortal = self.0.conditions.get().crashes > 0;
        if mortal && self.one_in(4) && self.goes_wrong(|conditions| &mut conditions.crashes) {
            return self.crash();
        }
        let (parked, next) = {
            let waits = self.0.waits.borrow();
            (waits.parked(), waits.next_instant(self.now()))
        };
        match (parked, next) {
            (0, None) => self.broken("nothing can happen any more, but the story has not ended"),
            (0, Some(at)) => self.pass(at),
            (_, Some(at)) if self.one_in(8) => self.pass(self.part_of_the_way(at)),
            _ => self.resume(parked),
        }
    }

    /// Any of the turns, but in some runs mostly those of the task that went on last: it overtakes all others by many steps.
    fn resume(&self, parked: usize) {
        let mut waits = self.0.waits.borrow_mut();
        let same = waits.turn_of(self.0.last.get());
        let chosen = match same.filter(|_| !self.one_in(self.0.stride)) {
            Some(same) => same,
            None => self.below(parked),
        };
        let (task, waker) = waits.resume(chosen);
        drop(waits);
        self.0.last.set(task);
        waker.wake();
    }

    fn part_of_the_way(&self, at: Timestamp) -> Timestamp {
        if self.one_in(2) {
            return at;
        }
        self.now() + self.up_to(at.duration_since(self.now()))
    }

    fn pass(&self, at: Timestamp) {
        self.0.now.set(at);
        let due = self.0.waits.borrow_mut().due(at);
        due.into_iter().for_each(Waker::wake);
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let tasks = self.0.tasks.borrow();
        let mut places: Vec<_> = tasks.values().map(|task| task.place).collect();
        places.retain(|place| *place != Place::Outside);
        places.sort_unstable();
        places.dedup();
        places
    }

    fn crash(&self) {
        let places = self.places();
        if places.is_empty() {
            return;
        }
        let place = self.pick(&places);
        self.note(|| format!("{place} dies"));
        let mut tasks = self.0.tasks.borrow_mut();
        let dead = tasks.extract_if(.., |_, task| task.place == place);
        let dead: Vec<_> = dead.collect();
        drop(tasks);
        drop(dead);
        self.ended();
    }

    fn poll(&self, id: TaskId) {
        let taken = self.0.tasks.borrow_mut().get_mut(&id).and_then(Task::take);
        let Some((mut future, waker, place)) = taken else {
            return;
        };
        self.0.current.set(Some((id, place)));
        PRESENT.set(self.now());
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_pending() {
            if let Some(task) = self.0.tasks.borrow_mut().get_mut(&id) {
                task.put_back(future);
            }
        } else {
            self.note(|| "ends".into());
            drop(future);
            self.0.tasks.borrow_mut().remove(&id);
            self.ended();
        }
        self.0.current.set(None);
    }

    fn ended(&self) {
        let waiting = std::mem::take(&mut *self.0.until_end.borrow_mut());
        waiting.into_iter().for_each(Waker::wake);
    }
}
