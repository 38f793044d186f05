//! The verb by which a desk learns what was noticed in QuickBooks.

use super::Store;
use super::shelves::Ready;
use crate::desk::{Desk, PAGE};
use crate::ports::{Records, StoreError};
use crate::watch::Noticed;
use billing::FirmId;

impl<R: Records> Store<R> {
    /// Notes what was noticed: of each document its lines, what becomes of it on the desk, and the versions that are known now, in one
    /// swap. Of very much, a page at a time.
    pub(crate) async fn note_noticed(
        &self,
        firm: &FirmId,
        noticed: &[Noticed],
    ) -> Result<(), StoreError> {
        let mut ready = Ready::default();
        for noticed in noticed.chunks(PAGE) {
            let note = &mut |desk: &mut Desk| {
                noticed.iter().for_each(|noticed| desk.notice(noticed));
                true
            };
            self.alter_desk(firm, note, &mut ready).await?;
        }
        Ok(())
    }
}
