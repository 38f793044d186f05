//! What lets go of what waits: the schedule, and a person who presses Sync Now.

use super::world::World;
use bridge::sync::{SyncNow, SyncReport, SyncRequest, sync_due, sync_now};
use futures::executor::block_on;
use jiff::SignedDuration;

impl World {
    pub fn scheduled_sync(&self) -> SyncReport {
        let mut entropy = self.entropy();
        block_on(sync_due(&self.bridge, &mut entropy, || self.now())).unwrap()
    }

    /// The next scheduled run, some minutes later.
    pub fn next_run(&self) {
        self.advance(SignedDuration::from_mins(2));
        self.scheduled_sync();
    }

    /// Somebody asks for everything of the firm.
    pub fn press_sync_now(&self) -> SyncNow {
        let (user, mut entropy) = (self.session().user, self.entropy());
        let everything = SyncRequest {
            firm: &self.firm,
            documents: None,
            requested_by: &user,
        };
        let asking = sync_now(&self.bridge, everything, &mut entropy, || self.now());
        block_on(asking).unwrap()
    }
}
