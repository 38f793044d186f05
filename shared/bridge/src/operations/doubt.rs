//! The age of a document in doubt.

use billing::FirmId;
use jiff::Timestamp;
use ports::records::{Records, StoreError};
use store::Store;
use store::document::DocumentRecord;
use store::queue::entry::QueueEntry;

/// Returns the time since which the outcome of a document is unknown, if its record has the attempt.
pub(crate) async fn uncertain_since<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    entry: &QueueEntry,
) -> Result<Option<Timestamp>, StoreError> {
    let record = store.document(firm, &entry.document).await?;
    Ok(record.as_ref().and_then(begin_of_doubt))
}

/// Returns the time of the first of the latest attempts that QuickBooks left unanswered.
fn begin_of_doubt(record: &DocumentRecord) -> Option<Timestamp> {
    let latest = record.attempts.iter().rev();
    let unanswered = latest.take_while(|attempt| attempt.outcome.is_unanswered());
    unanswered.last().map(|attempt| attempt.at)
}
