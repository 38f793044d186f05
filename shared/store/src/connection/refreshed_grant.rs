//! Operations on the result of a refresh. The newer grant and its status win.

use crate::Store;
use crate::connection::grant::Grant;
use crate::connection::{Connection, ConnectionStatus};
use crate::schedule::ScheduledJob;
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Saves the grant from a refresh of `generation` and ends the claim, unless the record has a newer grant. Returns the
    /// connection that counts now.
    ///
    /// If the firm disconnected meanwhile, the new tokens are to be revoked.
    pub async fn save_refreshed_grant(
        &self,
        firm: &FirmId,
        generation: u64,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let save = &mut |current: &mut Connection| {
            match &current.grant {
                Some(old) if old.generation == generation => {
                    (current.grant, current.refreshing) = (Some(grant.clone()), None);
                    current.recover(now);
                }
                None if current.past_generation == generation => {
                    current.schedule_revocation(grant.refresh_token.clone(), now);
                }
                _ => return false,
            }
            true
        };
        let saved = self.update_or_create(firm.as_ref(), save).await?;
        if saved.revocation.is_some() {
            self.schedule_by(firm, ScheduledJob::Connection, now)
                .await?;
        }
        Ok(saved)
    }

    /// Saves the status that was found for the grant of `generation`, and schedules the message for RIVET. A newer grant keeps its status.
    pub async fn set_connection_status(
        &self,
        firm: &FirmId,
        generation: u64,
        status: ConnectionStatus,
        now: Timestamp,
    ) -> Result<Connection, StoreError> {
        let mut has_changed = false;
        let set = &mut |current: &mut Connection| {
            let grant = current.grant.as_ref();
            let is_same = grant.is_some_and(|old| old.generation == generation);
            has_changed = is_same && current.status != status;
            if has_changed {
                current.set_status(status, now);
            }
            has_changed
        };
        let saved = self.update_or_create(firm.as_ref(), set).await?;
        if has_changed {
            self.schedule_by(firm, ScheduledJob::Connection, now)
                .await?;
            if let Some(at) = saved.next_look_at() {
                self.schedule_by(firm, ScheduledJob::Work, at).await?;
            }
        }
        Ok(saved)
    }
}
