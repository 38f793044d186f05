//! The executor: one thread, virtual time, and a seed that decides what happens next.
//!
//! Code under test runs in tasks. A task runs until it waits. Then one of these is chosen at random: a task at a
//! [yield point](World::yield_point) continues, time passes, or an instance crashes. Nothing else decides, so a seed repeats its run
//! exactly.

mod random;
mod run;
mod task;
mod wait;

pub use task::{Place, TaskId};
pub use wait::{Sleep, YieldPoint};

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
use task::{ReadyQueue, Task, TaskWaker};
use wait::WaitQueue;

thread_local! {
    static CURRENT_TIME: Cell<Timestamp> = const { Cell::new(Timestamp::UNIX_EPOCH) };
}

/// Returns the current time of the run whose task runs now, for code that reads the clock itself.
pub fn current_time() -> Timestamp {
    CURRENT_TIME.get()
}

/// A run of one seed. Clones are the same run.
#[derive(Clone)]
pub struct World(Rc<Inner>);

/// A check that failed, with the trace until then.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The message of the check.
    pub message: String,
    /// The trace, if the run was [traced](World::traced).
    pub trace: Vec<String>,
}

struct Inner {
    random: RefCell<Rng>,
    started_at: Timestamp,
    now: Cell<Timestamp>,
    conditions: Cell<Conditions>,
    tasks: RefCell<BTreeMap<TaskId, Task>>,
    ready: Arc<ReadyQueue>,
    waits: RefCell<WaitQueue>,
    task_end_wakers: RefCell<Vec<Waker>>,
    current: Cell<Option<(TaskId, Place)>>,
    /// The task that continued last.
    last: Cell<TaskId>,
    /// The average number of yield points that one task passes in a row.
    burst: u32,
    ids: Cell<u64>,
    trace: RefCell<Option<Vec<String>>>,
    failure: RefCell<Option<String>>,
}

impl World {
    /// Returns a world in which `seed` decides and these faults may happen.
    pub fn new(seed: u64, conditions: Conditions, now: Timestamp) -> Self {
        let mut random = Rng::with_seed(seed);
        Self(Rc::new(Inner {
            burst: [1, 1, 4, 16][random.usize(..4)],
            random: RefCell::new(random),
            started_at: now,
            now: Cell::new(now),
            conditions: Cell::new(conditions),
            tasks: RefCell::default(),
            ready: Arc::default(),
            waits: RefCell::default(),
            task_end_wakers: RefCell::default(),
            current: Cell::default(),
            last: Cell::default(),
            ids: Cell::default(),
            trace: RefCell::default(),
            failure: RefCell::default(),
        }))
    }

    /// Keeps a trace, for a person to read.
    pub fn traced(self, traced: bool) -> Self {
        *self.0.trace.borrow_mut() = traced.then(Vec::new);
        self
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        self.0.now.get()
    }

    /// Returns a number that no other call of the run returns.
    pub fn next_id(&self) -> u64 {
        self.0.ids.set(self.0.ids.get() + 1);
        self.0.ids.get()
    }

    /// Returns the faults that may still happen.
    pub fn conditions(&self) -> Conditions {
        self.0.conditions.get()
    }

    /// Replaces the faults that may still happen.
    pub fn set_conditions(&self, conditions: Conditions) {
        self.trace(|| format!("from here on {conditions:?}"));
        self.0.conditions.set(conditions);
    }

    /// Ends all faults.
    pub fn stop_faults(&self) {
        self.trace(|| "from here on nothing goes wrong".into());
        self.0.conditions.set(Conditions::without_faults());
    }

    /// Starts a task. If its instance crashes, the task ends.
    pub fn spawn(
        &self,
        place: Place,
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> TaskId {
        let id = TaskId(self.next_id());
        let waker = TaskWaker::new(id, &self.0.ready);
        let task = Task::new(place, waker, future);
        self.0.tasks.borrow_mut().insert(id, task);
        self.0.ready.push(id);
        self.trace(|| format!("{place} starts {name} {id}"));
        id
    }

    /// Returns whether a task has neither ended nor crashed.
    pub fn is_alive(&self, task: TaskId) -> bool {
        self.0.tasks.borrow().contains_key(&task)
    }

    /// Returns the task that runs now.
    pub fn current(&self) -> TaskId {
        self.0.current.get().map_or(TaskId(0), |(task, _)| task)
    }

    /// Waits at a point where other tasks may continue first, or the instance may crash. The wait is at most one step.
    pub fn yield_point(&self) -> YieldPoint {
        self.yield_point_within(self.conditions().step)
    }

    /// Waits at a yield point for at most `longest`.
    pub fn yield_point_within(&self, longest: SignedDuration) -> YieldPoint {
        YieldPoint::new(self, self.now() + longest)
    }

    /// Waits until this time has passed.
    pub fn sleep(&self, span: SignedDuration) -> Sleep {
        Sleep::new(self, self.now() + span)
    }

    /// Waits until `at`, or until any task has ended or crashed, whichever comes first.
    pub async fn sleep_until_or_task_end(&self, at: Option<Timestamp>) {
        let mut timer = at.map(|at| Sleep::new(self, at));
        let mut is_polled = false;
        poll_fn(|context| {
            let over = match &mut timer {
                Some(timer) => Pin::new(timer).poll(context).is_ready(),
                None => false,
            };
            if over || std::mem::replace(&mut is_polled, true) {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.0.task_end_wakers.borrow_mut().push(waker);
            Poll::Pending
        })
        .await;
    }

    /// Waits until no instance has a task.
    pub async fn wait_for_instances(&self) {
        self.wait_until(|| self.instances_in_use().is_empty()).await;
    }

    /// Waits until a task has ended or crashed.
    pub async fn join(&self, task: TaskId) {
        self.wait_until(|| !self.is_alive(task)).await;
    }

    /// Waits for the end of a task that makes `reached` true.
    async fn wait_until(&self, reached: impl Fn() -> bool) {
        poll_fn(|context| {
            if reached() {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.0.task_end_wakers.borrow_mut().push(waker);
            Poll::Pending
        })
        .await;
    }

    /// Adds a line to the trace. The line must contain no secret.
    pub fn trace(&self, event: impl FnOnce() -> String) {
        let Some(trace) = &mut *self.0.trace.borrow_mut() else {
            return;
        };
        let at = self.now().duration_since(self.0.started_at).as_millis();
        let who = match self.0.current.get() {
            Some((task, place)) => format!("{place} {task}"),
            None => "world".into(),
        };
        let (seconds, millis) = (at / 1000, at % 1000);
        trace.push(format!("{seconds:>7}.{millis:03}  {who:<16} {}", event()));
    }

    /// Reports a failed check and ends the run. The first failure counts.
    pub fn fail(&self, message: impl Into<String>) {
        let message = message.into();
        self.trace(|| format!("BROKEN: {message}"));
        self.0.failure.borrow_mut().get_or_insert(message);
    }
}

#[cfg(test)]
mod tests;
