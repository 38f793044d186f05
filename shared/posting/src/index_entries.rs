//! Makes the object index entries of a processed document.

// Top first: a module uses only modules below it.
pub mod rescan;

use billing::DocumentRef;
use mapping::PostedObject;
use quickbooks::Kind;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::object_index::entry::{IndexEntry, Subject, VERSION_UNKNOWN};

/// Adds the entries of all active objects of a document. An earlier worker may have crashed before the queue learned of its writes.
pub fn add_rest(record: &DocumentRecord, entries: &mut Vec<IndexEntry>) {
    let mut rest = index_entries(record, &[]);
    rest.retain(|entry| !entries.iter().any(|known| known.has_same_subject(entry)));
    entries.append(&mut rest);
}

/// Returns the entries of all objects that were written since `original`. A payment also changes the version of the transactions that it
/// pays.
pub fn index_entries(record: &DocumentRecord, original: &[PostedObject]) -> Vec<IndexEntry> {
    let mut entries = Vec::new();
    let is_new = |posted: &&PostedObject| !original.contains(posted);
    for posted in record.posted.iter().filter(is_new) {
        let at = posted.written_at;
        if let Some(kind) = posted.kind.kind() {
            entries.push(IndexEntry {
                version: written_version(posted).to_owned(),
                ..entry(kind, &posted.id, &record.reference, at)
            });
        }
        if posted.kind == TxnType::Payment {
            for (document, (kind, id)) in posted.ids.all_targets().chain(&posted.ids.credits) {
                entries.extend(kind.kind().map(|kind| entry(kind, id, document, at)));
            }
        }
    }
    entries
}

/// Returns the version that RIVET wrote. After a look-up the version is unknown.
fn written_version(posted: &PostedObject) -> &str {
    match posted.written_at {
        0 => VERSION_UNKNOWN,
        _ => &posted.sync_token,
    }
}

/// Returns the entry of an object whose version is unknown.
fn entry(kind: Kind, id: &str, document: &DocumentRef, at: i64) -> IndexEntry {
    IndexEntry {
        kind,
        id: id.to_owned(),
        subject: Subject::Document(document.clone()),
        version: VERSION_UNKNOWN.to_owned(),
        at,
    }
}
