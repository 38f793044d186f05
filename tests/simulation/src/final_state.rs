//! The steps by which a scenario reaches its final state: faults end, firms that lost their connection sign in again, and the schedule
//! runs until nothing is due.

use crate::deployment::Deployment;
use crate::firms::{FIRMS, firm_id};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use store::firm_records::RecordName;
use store::queue::Queue;
use store::queue::entry::EntryState;

/// Longer than any lease and than any pause after a fault.
pub const AFTER_LEASES: SignedDuration = SignedDuration::from_secs(150);

/// The most runs of the schedule until nothing is due.
const MAX_RUNS: usize = 30;

/// The most sign-ins of a firm: a sign-in may find records whose creator crashed.
const MAX_SIGN_INS: usize = 4;

impl Deployment {
    /// Ends all faults and waits until all tasks have ended and all leases have expired.
    pub async fn end_faults(&self) {
        self.world.stop_faults();
        self.end_faults_of_intuit();
        for _ in 0..2 {
            self.world.sleep(AFTER_LEASES).await;
            self.world.wait_for_instances().await;
        }
    }

    /// Returns the keys with a firm that an erasure of it does not find. The due index is shared.
    pub async fn lost_keys(&self, firm: &str) -> Vec<String> {
        let store = self.direct_store();
        let names = store.firm_record_names(&firm_id(firm)).await;
        let names = names.unwrap_or_default().into_iter();
        let key = |record: RecordName| format!("rivet-books:{}:{}", record.kind, record.name);
        let known: BTreeSet<String> = names.map(key).collect();
        let mut keys: Vec<String> = self.memory.content().into_keys().collect();
        keys.retain(|key| key.contains(firm) && !known.contains(key));
        keys
    }

    fn end_faults_of_intuit(&self) {
        let mut intuit = self.intuit.borrow_mut();
        intuit.clear_injections();
        intuit.switches_mut().alterations.clear();
        intuit.switches_mut().refused_queries.clear();
    }

    /// Runs the schedule until no document is pending. Returns the number of runs after the first that ended work on a document.
    pub async fn run_schedule_until_settled(&self) -> usize {
        let waiting = self.count_pending().await;
        let mut runs = 0;
        for _ in 0..MAX_RUNS {
            self.world.join(self.scheduled_refresh()).await;
            self.world.join(self.scheduled_sync()).await;
            let left = self.count_pending().await;
            if left == 0 {
                return runs;
            }
            runs += usize::from(left < waiting);
            self.world.sleep(AFTER_LEASES).await;
        }
        runs
    }

    /// Returns the number of documents that wait for no person.
    async fn count_pending(&self) -> usize {
        let waits_for_person = |state: &EntryState| {
            matches!(
                state,
                EntryState::Held(_) | EntryState::Failed | EntryState::Conflict
            )
        };
        let mut pending = 0;
        for firm in FIRMS {
            let entries = self.queue(firm).await.entries.into_iter();
            pending += entries
                .filter(|entry| !waits_for_person(&entry.state))
                .count();
        }
        pending
    }

    /// Returns the queue of a firm, or an empty queue if the firm has none yet.
    pub async fn queue(&self, firm: &str) -> Queue {
        let queue = self.direct_store().queue(&firm_id(firm)).await;
        queue.unwrap_or_default()
    }

    /// Presses Sync Now for each firm, one after the other.
    pub async fn sync_all_firms(&self) {
        for firm in FIRMS {
            self.world.join(self.press_sync_now(firm_id(firm))).await;
        }
    }

    /// Signs in again for each firm without a connection: under strict rotation a lost answer ends a connection.
    pub async fn reconnect_firms(&self) {
        for (which, firm) in FIRMS.iter().enumerate() {
            for _ in 0..MAX_SIGN_INS {
                let connection = self.direct_store().connection(&firm_id(firm)).await;
                if connection.is_ok_and(|connection| connection.usable_grant().is_some()) {
                    break;
                }
                self.connect(which).await;
                self.world.sleep(AFTER_LEASES).await;
            }
        }
    }
}
