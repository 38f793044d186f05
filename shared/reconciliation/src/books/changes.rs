//! Brings a copy of the books up to date with what changed since it was read.

use crate::books::BooksReader;
use crate::books::rows::txn_type;
use crate::books::transaction_pages::KINDS;
use bridge::error::Error;
use bridge::setting_options::list_reader::failure;
use jiff::SignedDuration;
use ports::http::Http;
use ports::records::Records;
use ports::time::after;
use quickbooks::cdc::{KindChanges, MAX_DAYS};
use quickbooks::entity::ObjectSnapshot;
use store::books_copy::LoadedCopy;
use store::index_margin::unlisted_since;

impl<H: Http, R: Records> BooksReader<'_, H, R> {
    /// Returns the copy with all changes since it was read. `None` if they are too many or too old to ask for.
    pub(super) async fn changed(
        &mut self,
        mut kept: LoadedCopy,
    ) -> Result<Option<LoadedCopy>, Error> {
        let now = self.now;
        let memory = SignedDuration::from_hours(24 * i64::from(MAX_DAYS) - 1);
        let cursor = kept
            .copy
            .cursor
            .filter(|cursor| *cursor > after(now, -memory));
        let Some(cursor) = cursor else {
            return Ok(None);
        };
        let found = self.client.changes(&KINDS, cursor, now).await;
        let changes = found.map_err(|error| failure(error, now))?;
        let is_unreadable = changes.kinds.iter().any(|changed| changed.unreadable > 0);
        if changes.is_full() || is_unreadable {
            return Ok(None);
        }
        kept.copy.cursor = Some(unlisted_since(now));
        kept.copy.gone.clear();
        for changed in &changes.kinds {
            self.apply(changed, &mut kept);
        }
        Ok(Some(kept))
    }

    fn apply(&self, changed: &KindChanges, kept: &mut LoadedCopy) {
        let Some(kind) = txn_type(changed.kind) else {
            return;
        };
        for deleted in &changed.deleted {
            kept.remove(kind, &deleted.id);
        }
        for snapshot in &changed.snapshots {
            match self
                .rows
                .read(snapshot)
                .filter(|_| self.is_covered(snapshot, kept))
            {
                Some(row) => kept.set(row),
                None => kept.remove(kind, &snapshot.id),
            }
        }
    }

    /// Returns whether a transaction is of the time that the copy covers.
    fn is_covered(&self, snapshot: &ObjectSnapshot, kept: &LoadedCopy) -> bool {
        let since = kept.copy.since.unwrap_or(self.needed.since);
        snapshot.date.is_some_and(|date| date >= since)
    }
}
