//! Time that stands still while anybody has something to do, and then jumps to whatever is waited for next.

use jiff::{SignedDuration, Timestamp};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A clock with an executor of its own.
pub struct Timer {
    now: Cell<Timestamp>,
    sleepers: RefCell<BTreeMap<(Timestamp, usize), Waker>>,
    slept: Cell<usize>,
}

impl Timer {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: Cell::new(now),
            sleepers: RefCell::default(),
            slept: Cell::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// Lets so much time pass.
    pub async fn wait(&self, span: SignedDuration) {
        let end = self.now() + span;
        self.slept.set(self.slept.get() + 1);
        let key = (end, self.slept.get());
        poll_fn(|context| {
            if self.now() >= end {
                return Poll::Ready(());
            }
            let mut sleepers = self.sleepers.borrow_mut();
            sleepers.insert(key, context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Runs to the end, whatever time that takes.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut future = pin!(future);
        loop {
            let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
            if let Poll::Ready(output) = polled {
                return output;
            }
            if !woken.0.swap(false, Ordering::Relaxed) {
                self.wake_next();
            }
        }
    }

    fn wake_next(&self) {
        let ((end, _), sleeper) = self
            .sleepers
            .borrow_mut()
            .pop_first()
            .expect("everybody waits for something that never comes");
        self.now.set(end);
        sleeper.wake();
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
