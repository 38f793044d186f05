//! Tasks, where they run, and which of them can go on.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// Where a task runs, and dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An instance of our components.
    Instance(u8),
    /// Persons, Intuit, the network: what never dies.
    Outside,
}

/// Names a task of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(pub(super) u64);

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

pub(super) struct Task {
    pub(super) place: Place,
    waker: Waker,
    /// None while it runs.
    future: Option<Boxed>,
}

impl Task {
    pub(super) fn new(
        place: Place,
        (id, awake): (TaskId, &Arc<Awake>),
        future: impl Future<Output = ()> + 'static,
    ) -> Self {
        let awake = Arc::clone(awake);
        Self {
            place,
            waker: Waker::from(Arc::new(Alarm { id, awake })),
            future: Some(Box::pin(future)),
        }
    }

    pub(super) fn take(&mut self) -> Option<(Boxed, Waker, Place)> {
        let future = self.future.take()?;
        Some((future, self.waker.clone(), self.place))
    }

    pub(super) fn put_back(&mut self, future: Boxed) {
        self.future = Some(future);
    }
}

/// Who was woken and has not run since, in this order.
#[derive(Default)]
pub(super) struct Awake(Mutex<Vec<TaskId>>);

impl Awake {
    pub(super) fn push(&self, id: TaskId) {
        let mut awake = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !awake.contains(&id) {
            awake.push(id);
        }
    }

    pub(super) fn next(&self) -> Option<TaskId> {
        let mut awake = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!awake.is_empty()).then(|| awake.remove(0))
    }
}

struct Alarm {
    id: TaskId,
    awake: Arc<Awake>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.awake.push(self.id);
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
