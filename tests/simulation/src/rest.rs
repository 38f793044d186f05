//! How a story comes to rest: nothing goes wrong any more, whoever lost a connection signs in again, and the schedule runs until
//! nothing goes on by itself.

use crate::deployment::Deployment;
use crate::firms::{FIRMS, firm_id};
use jiff::SignedDuration;
use store::queue::Queue;
use store::queue::entry::EntryState;

/// Longer than any lease and any pause after a fault.
pub const BEYOND_LEASES: SignedDuration = SignedDuration::from_secs(150);

/// Runs of the schedule until nothing goes on by itself.
const RUNS: usize = 30;

/// A sign-in may meet records whose creator died.
const SIGN_INS: usize = 4;

impl Deployment {
    /// From here on nothing goes wrong, and what was under way has come to its end.
    pub async fn quiets_down(&self) {
        self.world.calm();
        self.intuit.borrow_mut().clear_injections();
        for _ in 0..2 {
            self.world.sleep(BEYOND_LEASES).await;
            self.world.idle().await;
        }
    }

    /// The schedule runs until it finds nothing that goes on by itself.
    pub async fn goes_on(&self) {
        for _ in 0..RUNS {
            self.world.join(self.scheduled_refresh()).await;
            self.world.join(self.scheduled_sync()).await;
            if self.nothing_goes_on().await {
                return;
            }
            self.world.sleep(BEYOND_LEASES).await;
        }
    }

    async fn nothing_goes_on(&self) -> bool {
        let waits = |mark: &EntryState| {
            matches!(
                mark,
                EntryState::Held(_) | EntryState::Failed | EntryState::Conflict
            )
        };
        for firm in FIRMS {
            let desk = self.desk(firm).await;
            if !desk.entries.iter().all(|waiting| waits(&waiting.state)) {
                return false;
            }
        }
        true
    }

    /// A firm's desk as it lies there; an empty one if there is none yet.
    pub async fn desk(&self, firm: &str) -> Queue {
        let desk = self.records().queue(&firm_id(firm)).await;
        desk.unwrap_or_default()
    }

    /// The offices press Sync Now, one after the other.
    pub async fn ask_for_everything(&self) {
        for firm in FIRMS {
            self.world.join(self.press_sync_now(firm_id(firm))).await;
        }
    }

    /// Under strict rotation a lost answer costs a connection: its person signs in again.
    pub async fn sign_in_again(&self) {
        for (which, firm) in FIRMS.iter().enumerate() {
            for _ in 0..SIGN_INS {
                let connection = self.records().connection(&firm_id(firm)).await;
                if connection.is_ok_and(|connection| connection.usable_grant().is_some()) {
                    break;
                }
                self.connect(which).await;
                self.world.sleep(BEYOND_LEASES).await;
            }
        }
    }
}
