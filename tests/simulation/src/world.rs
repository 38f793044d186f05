//! The executor: one thread, virtual time, and a seed that decides what happens next.
//!
//! Code under test runs in tasks. A task runs until it waits; then one of these is chosen at random: a task at a
//! [turn](World::turn) goes on, time passes, an instance dies. Nothing else decides, so a seed repeats a run exactly.

mod chance;
mod run;
mod task;
mod wait;

pub use task::{Place, TaskId};
pub use wait::{Sleep, Turn};

use crate::conditions::Conditions;
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use task::{Awake, Task};
use wait::Waits;

thread_local! {
    static PRESENT: Cell<Timestamp> = const { Cell::new(Timestamp::UNIX_EPOCH) };
}

/// The present instant of the run whose task runs now, for code that asks for the time by itself.
pub fn present() -> Timestamp {
    PRESENT.get()
}

/// A run of one seed. Clones are the same run.
#[derive(Clone)]
pub struct World(Rc<Inner>);

/// What a run broke, with what happened until then.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The promise.
    pub what: String,
    /// What happened, if it was [traced](World::traced).
    pub trace: Vec<String>,
}

struct Inner {
    chance: RefCell<Rng>,
    began: Timestamp,
    now: Cell<Timestamp>,
    conditions: Cell<Conditions>,
    tasks: RefCell<BTreeMap<TaskId, Task>>,
    awake: Arc<Awake>,
    waits: RefCell<Waits>,
    until_end: RefCell<Vec<Waker>>,
    current: Cell<Option<(TaskId, Place)>>,
    /// The task whose turn came last, and how many turns it takes in a row, about.
    last: Cell<TaskId>,
    stride: u32,
    ids: Cell<u64>,
    trace: RefCell<Option<Vec<String>>>,
    broken: RefCell<Option<String>>,
}

impl World {
    /// A world in which `seed` decides and that much may go wrong.
    pub fn new(seed: u64, conditions: Conditions, now: Timestamp) -> Self {
        let mut chance = Rng::with_seed(seed);
        Self(Rc::new(Inner {
            stride: [1, 1, 4, 16][chance.usize(..4)],
            chance: RefCell::new(chance),
            began: now,
            now: Cell::new(now),
            conditions: Cell::new(conditions),
            tasks: RefCell::default(),
            awake: Arc::default(),
            waits: RefCell::default(),
            until_end: RefCell::default(),
            current: Cell::default(),
            last: Cell::default(),
            ids: Cell::default(),
            trace: RefCell::default(),
            broken: RefCell::default(),
        }))
    }

    /// Keeps what happens, for a person to read.
    pub fn traced(self, traced: bool) -> Self {
        *self.0.trace.borrow_mut() = traced.then(Vec::new);
        self
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.0.now.get()
    }

    /// A number that no other call gives.
    pub fn id(&self) -> u64 {
        self.0.ids.set(self.0.ids.get() + 1);
        self.0.ids.get()
    }

    /// What may go wrong from now on.
    pub fn conditions(&self) -> Conditions {
        self.0.conditions.get()
    }

    /// From now on that much may go wrong.
    pub fn suffer(&self, conditions: Conditions) {
        self.note(|| format!("from here on {conditions:?}"));
        self.0.conditions.set(conditions);
    }

    /// From now on nothing goes wrong any more.
    pub fn calm(&self) {
        self.note(|| "from here on nothing goes wrong".into());
        self.0.conditions.set(Conditions::calm());
    }

    /// Starts a task. It dies with its place.
    pub fn spawn(
        &self,
        place: Place,
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> TaskId {
        let id = TaskId(self.id());
        let task = Task::new(place, (id, &self.0.awake), future);
        self.0.tasks.borrow_mut().insert(id, task);
        self.0.awake.push(id);
        self.note(|| format!("{place} starts {name} {id}"));
        id
    }

    /// Whether a task has neither ended nor died.
    pub fn lives(&self, task: TaskId) -> bool {
        self.0.tasks.borrow().contains_key(&task)
    }

    /// The task that runs now.
    pub fn current(&self) -> TaskId {
        self.0.current.get().map_or(TaskId(0), |(task, _)| task)
    }

    /// A point where others may come first, or the instance die. Not longer than a step may take.
    pub fn turn(&self) -> Turn {
        self.turn_within(self.conditions().step)
    }

    /// A point where others may come first, for so long at most.
    pub fn turn_within(&self, longest: SignedDuration) -> Turn {
        Turn::new(self, self.now() + longest)
    }

    /// Waits until so much time has passed.
    pub fn sleep(&self, span: SignedDuration) -> Sleep {
        Sleep::new(self, self.now() + span)
    }

    /// Waits until then, or until any task has ended or died, whichever comes first.
    pub async fn until_or_end(&self, at: Option<Timestamp>) {
        let mut timer = at.map(|at| Sleep::new(self, at));
        let mut asked = false;
        poll_fn(|context| {
            let over = match &mut timer {
                Some(timer) => Pin::new(timer).poll(context).is_ready(),
                None => false,
            };
            if over || std::mem::replace(&mut asked, true) {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.0.until_end.borrow_mut().push(waker);
            Poll::Pending
        })
        .await;
    }

    /// Waits until no instance has a task any more.
    pub async fn idle(&self) {
        self.until(|| self.places().is_empty()).await;
    }

    /// Waits until a task has ended or died.
    pub async fn join(&self, task: TaskId) {
        self.until(|| !self.lives(task)).await;
    }

    /// Waits for the end of a task that makes this true.
    async fn until(&self, reached: impl Fn() -> bool) {
        poll_fn(|context| {
            if reached() {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.0.until_end.borrow_mut().push(waker);
            Poll::Pending
        })
        .await;
    }

    /// Notes what happens. It must name no secret.
    pub fn note(&self, what: impl FnOnce() -> String) {
        let Some(trace) = &mut *self.0.trace.borrow_mut() else {
            return;
        };
        let at = self.now().duration_since(self.0.began).as_millis();
        let who = match self.0.current.get() {
            Some((task, place)) => format!("{place} {task}"),
            None => "world".into(),
        };
        let (seconds, millis) = (at / 1000, at % 1000);
        trace.push(format!("{seconds:>7}.{millis:03}  {who:<16} {}", what()));
    }

    /// A promise is broken: the run ends here. The first one counts.
    pub fn broken(&self, what: impl Into<String>) {
        let what = what.into();
        self.note(|| format!("BROKEN: {what}"));
        self.0.broken.borrow_mut().get_or_insert(what);
    }
}

#[cfg(test)]
mod tests;
