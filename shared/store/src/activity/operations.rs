//! Operations on the activity log.

use crate::Store;
use crate::activity::{ActivityLog, ActivityPage};
use billing::FirmId;
use ports::records::{Records, StoreError};

impl<R: Records> Store<R> {
    /// Loads the newest activity of a firm.
    pub async fn activity_log(&self, firm: &FirmId) -> Result<ActivityLog, StoreError> {
        self.load_or_default(firm.as_ref()).await
    }

    /// Loads a page of older activity.
    pub async fn activity_page(
        &self,
        firm: &FirmId,
        page: u32,
    ) -> Result<ActivityPage, StoreError> {
        self.load_or_default(&format!("{firm}:{page}")).await
    }
}
