//! Operations on the mark of an erased firm.

use crate::Store;
use crate::erasure::Erasure;
use crate::schedule::DueIndex;
use billing::FirmId;
use jiff::Timestamp;
use ports::entropy::digest;
use ports::records::{Records, StoreError};
use std::collections::BTreeMap;

impl<R: Records> Store<R> {
    /// Loads the erasure of a firm. `None` if nobody ordered one.
    pub async fn erasure(&self, firm: &FirmId) -> Result<Option<Erasure>, StoreError> {
        let erasure: Option<Erasure> = self.records.load(&digest(firm.as_ref())).await?;
        Ok(erasure.filter(|erasure| erasure.began_at.is_some()))
    }

    /// Returns whether the firm is or was erased, so that nothing may be written for it.
    pub async fn is_erased(&self, firm: &FirmId) -> Result<bool, StoreError> {
        Ok(self.erasure(firm).await?.is_some())
    }

    /// Marks a firm as erased. A second call changes nothing.
    pub async fn begin_erasure(
        &self,
        firm: &FirmId,
        now: Timestamp,
    ) -> Result<Erasure, StoreError> {
        let begin = &mut |erasure: &mut Erasure| {
            let is_new = erasure.began_at.is_none();
            erasure.began_at.get_or_insert(now);
            is_new
        };
        self.update_or_create(&digest(firm.as_ref()), begin).await
    }

    /// Adds records that were removed, and the time at which nothing was left.
    pub async fn save_erasure(
        &self,
        firm: &FirmId,
        removed: &BTreeMap<String, u64>,
        finished_at: Option<Timestamp>,
    ) -> Result<Erasure, StoreError> {
        let save = &mut |erasure: &mut Erasure| {
            for (kind, count) in removed {
                *erasure.removed.entry(kind.clone()).or_default() += count;
            }
            erasure.finished_at = erasure.finished_at.or(finished_at);
            true
        };
        self.update_or_create(&digest(firm.as_ref()), save).await
    }

    /// Removes a firm from the due index, also from where an earlier version kept it.
    pub async fn forget_firm(&self, firm: &FirmId) -> Result<(), StoreError> {
        let forget = &mut |index: &mut DueIndex| index.firms.remove(firm).is_some();
        for shard in [DueIndex::group_of(firm), DueIndex::shard_of(firm)] {
            self.update(&shard.to_string(), forget).await?;
        }
        Ok(())
    }
}
