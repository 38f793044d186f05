//! Operations on the names of sign-ins to a new company.

use crate::Store;
use crate::connection::{Connection, PendingSignIn};
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

/// The most sign-ins to a new company that a firm has at the same time.
const MOST: usize = 16;

impl<R: Records> Store<R> {
    /// Names a sign-in for the schedule. Returns `false` if the firm has too many.
    pub async fn add_pending_sign_in(
        &self,
        firm: &FirmId,
        pending: &PendingSignIn,
    ) -> Result<bool, StoreError> {
        let mut is_added = false;
        let add = &mut |connection: &mut Connection| {
            is_added = connection.pending_sign_ins.len() < MOST;
            if is_added {
                connection.pending_sign_ins.push(pending.clone());
            }
            is_added
        };
        self.update_or_create(firm.as_ref(), add).await?;
        Ok(is_added)
    }

    /// Removes the name of a sign-in whose record has no grant any more, or moves the next look to `retry_at`.
    pub async fn save_pending_sign_in(
        &self,
        firm: &FirmId,
        id: &str,
        retry_at: Option<Timestamp>,
    ) -> Result<Connection, StoreError> {
        let save = &mut |connection: &mut Connection| {
            let mut pending = connection.pending_sign_ins.iter_mut();
            let Some(pending) = pending.find(|pending| pending.id == id) else {
                return false;
            };
            match retry_at {
                Some(at) => pending.due_at = at,
                None => connection.pending_sign_ins.retain(|known| known.id != id),
            }
            true
        };
        self.update_or_create(firm.as_ref(), save).await
    }
}
