//! Loads the records of unfinished documents.

use billing::{Document, FirmId};
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

/// An unfinished document, with its record and its newest revision.
pub(super) struct LoadedEntry<'a> {
    pub(super) entry: &'a QueueEntry,
    pub(super) record: DocumentRecord,
    pub(super) received: Option<Document>,
}

/// Loads the record of an unfinished document, and its newest revision.
pub(super) async fn load_unfinished<'a, R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    entry: &'a QueueEntry,
) -> Result<LoadedEntry<'a>, StoreError> {
    let document = &entry.document;
    let record = store.document(firm, document).await?;
    let record =
        record.unwrap_or_else(|| DocumentRecord::new(document.clone(), Default::default()));
    let revision = entry.revision.max(record.revision);
    let received = store.received_revision(firm, document, revision).await?;
    Ok(LoadedEntry {
        entry,
        record,
        received,
    })
}
