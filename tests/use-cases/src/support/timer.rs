//! Virtual time. The clock stands still while a task can run, and then jumps to the next awaited instant.

use jiff::{SignedDuration, Timestamp};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A virtual clock with an executor.
pub struct Timer {
    now: Cell<Timestamp>,
    sleepers: RefCell<BTreeMap<(Timestamp, usize), Waker>>,
    sleep_count: Cell<usize>,
}

impl Timer {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: Cell::new(now),
            sleepers: RefCell::default(),
            sleep_count: Cell::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.now.get()
    }

    /// Waits for this span.
    pub async fn wait(&self, span: SignedDuration) {
        let end = self.now() + span;
        self.sleep_count.set(self.sleep_count.get() + 1);
        let key = (end, self.sleep_count.get());
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

    /// Runs a future to its end and advances the clock as needed.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let flag = Arc::new(WakeFlag::default());
        let waker = Waker::from(flag.clone());
        let mut future = pin!(future);
        loop {
            let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
            if let Poll::Ready(output) = polled {
                return output;
            }
            if !flag.0.swap(false, Ordering::Relaxed) {
                self.wake_next();
            }
        }
    }

    fn wake_next(&self) {
        let ((end, _), sleeper) = self
            .sleepers
            .borrow_mut()
            .pop_first()
            .expect("every task waits for an event that never happens");
        self.now.set(end);
        sleeper.wake();
    }
}

#[derive(Default)]
struct WakeFlag(AtomicBool);

impl Wake for WakeFlag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
