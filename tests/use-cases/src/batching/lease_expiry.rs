//! Lease expiry: a worker is delayed beyond its lease at any point of a batch.

use super::{hold_pay_apps, world};
use crate::support::world::World;
use bridge::error::Error;
use bridge::run_window::RunWindow;
use bridge::sync::{SyncRequest, sync_now};
use bridge::worker::run::{WorkScope, WorkerRun};
use bridge::worker::{RunSummary, work};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp};
use ports::records::Record;
use simulation::seeds::stride;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use store::Claimant;
use store::batch_log::BatchLog;
use store::queue::lease::LeaseResult;

/// More readings of the clock than any run needs.
const MAX_READINGS: usize = 150;

/// A clock that shows the present time for some readings, and then a time 90 seconds ahead, after the end of the lease.
struct DelayedClock<'a> {
    world: &'a World,
    readings_before_delay: usize,
    readings: Cell<usize>,
}

impl<'a> DelayedClock<'a> {
    fn new(world: &'a World, readings_before_delay: usize) -> Self {
        Self {
            world,
            readings_before_delay,
            readings: Cell::new(0),
        }
    }

    fn read(&self) -> Timestamp {
        self.readings.set(self.readings.get() + 1);
        let delay = if self.is_delayed() { 90 } else { 0 };
        self.world.now() + SignedDuration::from_secs(delay)
    }

    fn is_delayed(&self) -> bool {
        self.readings.get() > self.readings_before_delay
    }
}

/// Returns a firm with three held pay apps.
fn with_held_pay_apps() -> World {
    let world = world();
    hold_pay_apps(&world, 3);
    world
}

impl World {
    /// Requests all documents without working on them.
    fn request_everything(&self) {
        let user = self.session().user;
        let store = &self.services.store;
        block_on(store.request_documents(&self.firm, None, &user, self.now())).unwrap();
    }

    /// Acquires the lease and works by this clock.
    fn run_worker(&self, clock: &DelayedClock<'_>) -> Result<RunSummary, Error> {
        let claimant = Claimant {
            owner: "the run",
            now: self.now(),
        };
        let acquiring = self.services.store.acquire_lease(&self.firm, claimant);
        let LeaseResult::Ours(queue) = block_on(acquiring).unwrap() else {
            panic!("another worker holds the lease")
        };
        let run = WorkerRun {
            queue: *queue,
            owner: "the run",
            scope: WorkScope::Everything,
            recheck_company: false,
            window: RunWindow::within_lease(self.now(), SignedDuration::from_secs(8)),
        };
        block_on(work(&self.services, &self.firm, run, &|| clock.read()))
    }

    /// Returns the content of all records that a worker writes.
    fn worker_records(&self) -> BTreeMap<String, Vec<u8>> {
        let kinds = [BatchLog::KIND, "document", "project"].map(|kind| format!(":{kind}:"));
        let mut content = self.memory.content();
        content.retain(|key, _| kinds.iter().any(|kind| key.contains(kind)));
        content
    }
}

/// The first run is cut off without a release. The second run of the same worker takes the lease over.
#[test]
fn worker_retaking_unreleased_lease_recovers_sent_batch() {
    let mut cut_off_after_batch = 0;
    for readings in (1..MAX_READINGS).step_by(stride()) {
        let world = with_held_pay_apps();
        world.request_everything();
        let clock = DelayedClock::new(&world, readings);
        let is_cut_off = world.run_worker(&clock).is_err();
        cut_off_after_batch += usize::from(is_cut_off && world.count("Invoice") > 0);
        world.person(|person| person.forget_request_ids());
        // After the lease, QuickBooks needs two minutes until nothing found counts.
        world.advance(SignedDuration::from_mins(4));
        let undelayed = DelayedClock::new(&world, usize::MAX);
        world.run_worker(&undelayed).unwrap();
        let found = world.invoices_and_entries();
        assert_eq!(found, (3, 3), "delayed after {readings} readings");
        if !clock.is_delayed() {
            assert!(cut_off_after_batch > 0, "no run was cut off after a batch");
            return;
        }
    }
    panic!("the run never ends");
}

/// Another worker may hold the lease and newer state. The lease begins with the first reading of the clock.
#[test]
fn worker_with_expired_lease_writes_no_records() {
    let mut delayed_before_batch = 0;
    for readings in (1..MAX_READINGS).step_by(stride()) {
        let world = with_held_pay_apps();
        let (clock, at_delay) = (DelayedClock::new(&world, readings), RefCell::new(None));
        let read = || {
            let now = clock.read();
            if clock.is_delayed() {
                at_delay
                    .borrow_mut()
                    .get_or_insert_with(|| world.worker_records());
            }
            now
        };
        press_sync_now_by(&world, read);
        let Some(records) = at_delay.take() else {
            assert!(delayed_before_batch > 0, "no delay before a batch");
            return;
        };
        assert!(
            world.worker_records() == records,
            "delayed after {readings}"
        );
        let log = format!(":{}:", BatchLog::KIND);
        let has_log = records.keys().any(|key| key.contains(&log));
        delayed_before_batch += usize::from(has_log && world.count("Invoice") == 0);
    }
    panic!("the run never ends");
}

/// Presses Sync Now with another clock. The run may fail.
fn press_sync_now_by(world: &World, clock: impl Fn() -> Timestamp) {
    let user = world.session().user;
    let everything = SyncRequest {
        firm: &world.firm,
        documents: None,
        requested_by: &user,
    };
    let mut entropy = world.entropy();
    let _ = block_on(sync_now(&world.services, everything, &mut entropy, clock));
}
