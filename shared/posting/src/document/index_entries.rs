//! What the object index learns of a document that was worked on.

use billing::DocumentRef;
use jiff::Timestamp;
use mapping::PostedObject;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::{IndexEntry, Subject, VERSION_UNKNOWN};

/// Returns the changes by which the next scan looks at a document again, whatever the index knows: somebody's edit of it was detected
/// while it waited, and still is as it was left. Adds an entry of an unknown version for each.
pub fn rescan(
    record: &DocumentRecord,
    entries: &mut Vec<IndexEntry>,
    now: Timestamp,
) -> Vec<PendingChange> {
    let mut changes = Vec::new();
    for posted in &record.posted {
        let Some(kind) = posted.kind.kind() else {
            continue;
        };
        let is_written = |entry: &IndexEntry| posted.is_object(entry.kind, &entry.id);
        if entries.iter().any(is_written) {
            continue;
        }
        entries.push(IndexEntry {
            kind,
            id: posted.id.clone(),
            subject: Subject::Document(record.reference.clone()),
            version: VERSION_UNKNOWN.to_owned(),
            at: now.as_second() - 1,
        });
        changes.push(PendingChange {
            kind,
            id: posted.id.clone(),
            at: now,
            kind_of_change: ChangeKind::Changed,
        });
    }
    changes
}

/// Adds the entries of everything that stands for a document. An earlier worker may have died before the queue knew what it wrote.
pub fn add_rest(record: &DocumentRecord, entries: &mut Vec<IndexEntry>) {
    let mut rest = index_entries(record, &[]);
    rest.retain(|entry| !entries.iter().any(|known| known.has_same_subject(entry)));
    entries.append(&mut rest);
}

/// Returns the entries of what was written of a document since it was `original`. A payment gives what it pays another version too.
pub fn index_entries(record: &DocumentRecord, original: &[PostedObject]) -> Vec<IndexEntry> {
    let mut entries = Vec::new();
    let is_new = |posted: &&PostedObject| !original.contains(posted);
    for posted in record.posted.iter().filter(is_new) {
        let at = posted.written_at;
        // After a look-up it is not known which version is ours.
        let version = if at == 0 {
            VERSION_UNKNOWN
        } else {
            &posted.sync_token
        };
        if let Some(kind) = posted.kind.kind() {
            entries.push(IndexEntry {
                version: version.to_owned(),
                ..entry(kind, &posted.id, &record.reference, at)
            });
        }
        if posted.kind == TxnType::Payment {
            for (document, (kind, id)) in &posted.ids.targets {
                entries.extend(kind.kind().map(|kind| entry(kind, id, document, at)));
            }
        }
    }
    entries
}

fn entry(kind: Kind, id: &str, document: &DocumentRef, at: i64) -> IndexEntry {
    IndexEntry {
        kind,
        id: id.to_owned(),
        subject: Subject::Document(document.clone()),
        version: VERSION_UNKNOWN.to_owned(),
        at,
    }
}
