//! Sets the store back to an earlier state. The operator tells RIVET, and RIVET's billing sends everything since again.

use crate::posting::actions;
use crate::posting::billing_events::Event;
use crate::posting::scenario::{Run, pause};
use bridge::restored::restored;
use jiff::Timestamp;
use simulation::deployment::Deployment;
use simulation::memory_store::MemoryStore;
use simulation::world::TaskId;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// An event that RIVET sent, with the task that repeats it until it arrives.
struct SentEvent {
    event: Event,
    task: TaskId,
    /// True if the event had arrived when the store was copied.
    is_in_copy: bool,
}

/// A copy of the store.
struct Copy {
    content: BTreeMap<String, Vec<u8>>,
    at: Timestamp,
}

/// The course of a restore: after which events the store is copied and set back.
pub struct Restore {
    copied_after: usize,
    set_back_after: usize,
    sent: Vec<SentEvent>,
    copy: Option<Copy>,
}

impl Restore {
    /// Draws the course for a number of events. The store may be copied before the first of them.
    pub fn draw(run: &Run, events: usize) -> Self {
        let world = &run.deployment.world;
        let copied_after = world.below(events);
        let mut restore = Self {
            copied_after,
            set_back_after: copied_after + 1 + world.below(events - copied_after),
            sent: Vec::new(),
            copy: None,
        };
        if copied_after == 0 {
            restore.copy_store(run);
        }
        restore
    }

    /// Notes an event that RIVET sent, and copies the store or sets it back if that comes next.
    pub async fn after_event(&mut self, run: &Run, event: Event, task: TaskId) {
        self.sent.push(SentEvent {
            event,
            task,
            is_in_copy: false,
        });
        if self.sent.len() == self.copied_after {
            self.copy_store(run);
        }
        if self.sent.len() == self.set_back_after {
            self.set_back(run).await;
        }
    }

    fn copy_store(&mut self, run: &Run) {
        let (deployment, world) = (&run.deployment, &run.deployment.world);
        world.trace(|| "the store is copied".into());
        self.copy = Some(Copy {
            content: deployment.memory.content(),
            at: world.now(),
        });
        for sent in &mut self.sent {
            sent.is_in_copy = !world.is_alive(sent.task);
        }
    }

    /// Stops all instances, puts the copy back, tells RIVET before any of them starts again, and sends again what the copy lacks.
    async fn set_back(&mut self, run: &Run) {
        let (deployment, world) = (&run.deployment, &run.deployment.world);
        let Some(copy) = self.copy.take() else {
            return;
        };
        world.wait_for_instances().await;
        let marked = Deployment {
            memory: MemoryStore::with_content(run.given.back_end, copy.content),
            ..deployment.clone()
        };
        let store = marked.direct_store();
        let told = at_once(restored(&store, copy.at, world.now()));
        if let Err(error) = told {
            world.fail(format!("the restore is refused: {error}"));
        }
        deployment.memory.set_back(marked.memory.content());
        world.trace(|| format!("the store is set back to {}", copy.at));
        for sent in &self.sent {
            // An event may have arrived although its task has not heard of it yet.
            if !sent.is_in_copy || world.one_in(4) {
                world.sleep(pause(world)).await;
                actions::send_event(deployment, sent.event.clone());
            }
        }
    }
}

/// Runs a future to its end before any other task continues. It waits for nothing but the store in memory.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
    }
}
