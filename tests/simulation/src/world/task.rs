//! Tasks, the places where they run, and the queue of those that are ready.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// The place of a task. All tasks of an instance end when the instance crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An instance of our components.
    Instance(u8),
    /// People, Intuit and the network, which never crash.
    Outside,
}

/// The number of a task, unique in its run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(pub(super) u64);

pub(super) type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// A task while it is polled.
pub(super) struct RunningTask {
    pub(super) future: Boxed,
    pub(super) waker: Waker,
    pub(super) place: Place,
}

pub(super) struct Task {
    pub(super) place: Place,
    waker: Waker,
    /// The future; `None` while the task runs.
    future: Option<Boxed>,
}

impl Task {
    pub(super) fn new(
        place: Place,
        waker: TaskWaker,
        future: impl Future<Output = ()> + 'static,
    ) -> Self {
        Self {
            place,
            waker: Waker::from(Arc::new(waker)),
            future: Some(Box::pin(future)),
        }
    }

    pub(super) fn take(&mut self) -> Option<RunningTask> {
        let future = self.future.take()?;
        Some(RunningTask {
            future,
            waker: self.waker.clone(),
            place: self.place,
        })
    }

    pub(super) fn put_back(&mut self, future: Boxed) {
        self.future = Some(future);
    }
}

/// The tasks that were woken and have not run since, in order.
#[derive(Default)]
pub(super) struct ReadyQueue(Mutex<Vec<TaskId>>);

impl ReadyQueue {
    pub(super) fn push(&self, id: TaskId) {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready.contains(&id) {
            ready.push(id);
        }
    }

    pub(super) fn next(&self) -> Option<TaskId> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!ready.is_empty()).then(|| ready.remove(0))
    }
}

/// Puts a task into the queue of ready tasks.
pub(super) struct TaskWaker {
    id: TaskId,
    ready: Arc<ReadyQueue>,
}

impl TaskWaker {
    pub(super) fn new(id: TaskId, ready: &Arc<ReadyQueue>) -> Self {
        let ready = Arc::clone(ready);
        Self { id, ready }
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.ready.push(self.id);
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(number) => write!(f, "instance {number}"),
            Self::Outside => f.write_str("outside"),
        }
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
