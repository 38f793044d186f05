//! Operations on the lists of a settings page.

use crate::Store;
use crate::queue::Queue;
use crate::queue::update_attempt::{PreparedPages, Update};
use crate::rate_limiter::Permit;
use crate::setting_lists::{SettingList, SettingLists};
use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Loads the kept lists of a firm.
    pub async fn setting_lists(&self, firm: &FirmId) -> Result<SettingLists, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Keeps lists as QuickBooks answered them.
    pub async fn keep_setting_lists(
        &self,
        firm: &FirmId,
        connected_at: Option<Timestamp>,
        lists: &[SettingList],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let keep = &mut |kept: &mut SettingLists| {
            kept.keep(connected_at, lists, now);
            true
        };
        self.update_or_create(firm.as_ref(), keep).await.map(drop)
    }

    /// Requests one call with this many reads for a settings page, and counts them if the call may be made now.
    pub async fn acquire_list_reads(
        &self,
        firm: &FirmId,
        reads: u32,
        now: Timestamp,
    ) -> Result<Permit, StoreError> {
        let mut permit = Permit::Now;
        let acquire = &mut |queue: &mut Queue, _: bool| {
            permit = queue.acquire_list_reads(reads, now);
            match permit {
                Permit::Now => Update::Change,
                Permit::Soon(_) | Permit::Later(_) => Update::Nothing,
            }
        };
        self.apply_to_queue(firm, acquire, &mut PreparedPages::default())
            .await?;
        if permit == Permit::Now {
            self.add_reads(firm, reads, now).await?;
        }
        Ok(permit)
    }

    /// Counts a read that a change of the settings needs. The change itself is the limit.
    pub async fn count_list_read(&self, firm: &FirmId, now: Timestamp) -> Result<(), StoreError> {
        self.count_list_reads(firm, 1, now).await
    }

    /// Counts several reads that nothing limits.
    pub async fn count_list_reads(
        &self,
        firm: &FirmId,
        reads: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let count = &mut |queue: &mut Queue, _: bool| {
            queue.list_pace.count(reads, now);
            Update::Change
        };
        self.apply_to_queue(firm, count, &mut PreparedPages::default())
            .await?;
        self.add_reads(firm, reads, now).await
    }
}
