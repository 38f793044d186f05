//! Reads the activity of a firm by position, counted from the oldest entry. Older entries lie on pages.

use crate::Store;
use crate::activity::{ActivityEntry, ActivityLog, PAGE};
use billing::FirmId;
use ports::records::{Records, StoreError};

/// The activity of a firm at the time when it was loaded.
pub struct ActivityReader<'a, R> {
    store: &'a Store<R>,
    firm: &'a FirmId,
    log: ActivityLog,
    loaded: Option<(u32, Vec<ActivityEntry>)>,
}

impl<'a, R: Records> ActivityReader<'a, R> {
    /// Loads the activity log of a firm.
    pub async fn of(store: &'a Store<R>, firm: &'a FirmId) -> Result<Self, StoreError> {
        Ok(Self {
            store,
            firm,
            log: store.activity_log(firm).await?,
            loaded: None,
        })
    }

    /// Returns the number of entries.
    pub fn count(&self) -> usize {
        self.log.len()
    }

    /// Returns the entry at a position. `None` if its page cannot be seen yet.
    pub async fn entry_at(
        &mut self,
        position: usize,
    ) -> Result<Option<&ActivityEntry>, StoreError> {
        let on_pages = self.log.entries_on_pages();
        if position >= on_pages {
            return Ok(self.log.recent.get(position - on_pages));
        }
        let number = u32::try_from(position / PAGE).unwrap_or(u32::MAX);
        if self
            .loaded
            .as_ref()
            .is_none_or(|(loaded, _)| *loaded != number)
        {
            let page = self.store.activity_page(self.firm, number).await?;
            self.loaded = Some((number, page.0));
        }
        let page = self.loaded.as_ref();
        Ok(page.and_then(|(_, page)| page.get(position % PAGE)))
    }
}
