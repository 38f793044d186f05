//! The lines of a firm's activity by their positions, counted from the oldest, wherever they are kept.

use crate::Store;
use crate::activity::{ActivityEntry, ActivityLog, PAGE};
use billing::FirmId;
use ports::records::{Records, StoreError};

/// The lines that there were when they were asked for.
pub struct ActivityReader<'a, R> {
    store: &'a Store<R>,
    firm: &'a FirmId,
    log: ActivityLog,
    loaded: Option<(u32, Vec<ActivityEntry>)>,
}

impl<'a, R: Records> ActivityReader<'a, R> {
    /// Those of a firm.
    pub async fn of(store: &'a Store<R>, firm: &'a FirmId) -> Result<Self, StoreError> {
        Ok(Self {
            store,
            firm,
            log: store.activity_log(firm).await?,
            loaded: None,
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.log.len()
    }

    /// The line at a position; none if its page cannot be seen yet.
    pub async fn entry_at(
        &mut self,
        position: usize,
    ) -> Result<Option<&ActivityEntry>, StoreError> {
        let moved = self.log.entries_on_pages();
        if position >= moved {
            return Ok(self.log.recent.get(position - moved));
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
