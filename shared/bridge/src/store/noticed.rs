//! The verb by which a desk learns what was noticed in QuickBooks.

use super::Store;
use super::desks::part;
use super::shelves::Ready;
use crate::desk::Desk;
use crate::ports::{Records, StoreError};
use crate::watch::Noticed;
use billing::FirmId;

impl<R: Records> Store<R> {
    /// Notes what was noticed: of each document its lines, what becomes of it on the desk, and the versions that are known now, in one
    /// swap. Of very much, a part at a time.
    pub(crate) async fn note_noticed(
        &self,
        firm: &FirmId,
        noticed: &[Noticed],
    ) -> Result<(), StoreError> {
        let (mut ready, mut left) = (Ready::default(), noticed);
        while !left.is_empty() {
            let (now, rest) = left.split_at(part(left.iter().map(|noticed| &noticed.entries)));
            let note = &mut |desk: &mut Desk| {
                now.iter().for_each(|noticed| desk.notice(noticed));
                true
            };
            self.alter_desk(firm, note, &mut ready).await?;
            left = rest;
        }
        Ok(())
    }
}
