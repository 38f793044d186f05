//! The keys that sealed the records of a firm, so that an old key can be removed when no record needs it.

use crate::Store;
use crate::connection::Connection;
use crate::connection_summary::ConnectionSummary;
use crate::unconfirmed_sign_in::UnconfirmedSignIn;
use billing::FirmId;
use ports::records::{Records, StoreError};
use std::collections::BTreeSet;

impl<R: Records> Store<R> {
    /// Returns the ids of the keys that each sealed record of a firm needs, one set for each record.
    pub async fn sealing_keys(&self, firm: &FirmId) -> Result<Vec<BTreeSet<String>>, StoreError> {
        let records = &self.records;
        let mut found = vec![records.sealing_keys::<Connection>(firm.as_ref()).await?];
        let connection: ConnectionSummary = self.load_or_default(firm.as_ref()).await?;
        for pending in connection.pending_sign_ins {
            found.push(
                records
                    .sealing_keys::<UnconfirmedSignIn>(&pending.id)
                    .await?,
            );
        }
        found.retain(|keys| !keys.is_empty());
        Ok(found)
    }

    /// Loads the sealed records of a firm: whoever loads one whose key is old seals it with the newest.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if the key of a record is gone.
    pub async fn seal_again(&self, firm: &FirmId) -> Result<(), StoreError> {
        let connection = self.connection(firm).await?;
        for pending in connection.pending_sign_ins {
            self.unconfirmed_sign_in(&pending.id).await?;
        }
        Ok(())
    }
}
