//! Lets the next scan check a finished document again.

use crate::adoption::compare_again;
use crate::index_entries::entry;
use jiff::Timestamp;
use mapping::PostedObject;
use store::document::DocumentRecord;
use store::inbox::change::PendingChange;
use store::object_index::entry::IndexEntry;

/// Returns the changes by which the next scan checks a document again, except the objects that were written since `original`. A person's
/// edit was detected while the document waited, and still stands. The index then knows no version of these objects.
pub fn rescan(
    record: &DocumentRecord,
    original: &[PostedObject],
    entries: &mut Vec<IndexEntry>,
    now: Timestamp,
) -> Vec<PendingChange> {
    let version = |posted: &PostedObject| (posted.sync_token.clone(), posted.written_at);
    let is_same = |posted: &PostedObject, before: &PostedObject| {
        before.is_transaction(posted.kind, &posted.id) && version(before) == version(posted)
    };
    let mut changes = Vec::new();
    for posted in &record.posted {
        let is_unwritten = original.iter().any(|before| is_same(posted, before));
        if let Some(kind) = posted.kind.kind().filter(|_| is_unwritten) {
            let at = now.as_second() - 1;
            let unknown = entry(kind, &posted.id, &record.reference, at);
            entries.retain(|known| !known.has_same_subject(&unknown));
            entries.push(unknown);
            changes.push(compare_again(kind, posted.id.clone(), now));
        }
    }
    changes
}
