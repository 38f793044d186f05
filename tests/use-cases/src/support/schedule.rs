//! The runs that process waiting documents: the schedule, and Sync Now.

use super::documents::document_ref;
use super::world::World;
use billing::DocumentRef;
use bridge::sync::{SyncNow, SyncReport, SyncRequest, sync_due, sync_now};
use futures::executor::block_on;
use jiff::SignedDuration;

impl World {
    /// Runs the scheduled sync.
    pub fn run_scheduled_sync(&self) -> SyncReport {
        let mut entropy = self.entropy();
        block_on(sync_due(&self.services, &mut entropy, || self.now())).unwrap()
    }

    /// Runs the scheduled sync two minutes later.
    pub fn run_next_sync(&self) {
        self.advance(SignedDuration::from_mins(2));
        self.run_scheduled_sync();
    }

    /// Presses Sync Now for all documents of the firm.
    pub fn press_sync_now(&self) -> SyncNow {
        self.request(None)
    }

    /// Presses Retry for a document.
    pub fn press_retry(&self, id: &str) -> SyncNow {
        self.request(Some(&[document_ref(id)]))
    }

    fn request(&self, documents: Option<&[DocumentRef]>) -> SyncNow {
        let (user, mut entropy) = (self.session().user, self.entropy());
        let request = SyncRequest {
            firm: &self.firm,
            documents,
            requested_by: &user,
        };
        let asking = sync_now(&self.services, request, &mut entropy, || self.now());
        block_on(asking).unwrap()
    }

    /// Runs both schedules once per step, over this many steps.
    pub fn run_schedules(&self, steps: usize, step: SignedDuration) {
        for _ in 0..steps {
            self.advance(step);
            self.refresh_tokens();
            self.run_scheduled_sync();
        }
    }
}
