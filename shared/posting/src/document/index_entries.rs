//! What the register learns of a document that was worked on.

use crate::context::WorkerContext;
use billing::DocumentRef;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::{IndexEntry, Subject, VERSION_UNKNOWN};

/// What somebody did to it was noticed while it waited, and still is as it was left: the next look is about it, whatever the register
/// knows.
pub fn look_again_at<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    objects: &mut Vec<IndexEntry>,
) {
    let now = office.now();
    for posted in &record.posted {
        let Some(kind) = posted.kind.kind() else {
            continue;
        };
        let written = |entry: &IndexEntry| posted.is_object(entry.kind, &entry.id);
        if objects.iter().any(written) {
            continue;
        }
        objects.push(IndexEntry {
            kind,
            id: posted.id.clone(),
            subject: Subject::Document(record.reference.clone()),
            version: VERSION_UNKNOWN.to_owned(),
            at: now.as_second() - 1,
        });
        office.again.push(PendingChange {
            kind,
            id: posted.id.clone(),
            at: now,
            kind_of_change: ChangeKind::Changed,
        });
    }
}

/// Whoever worked on a document before may have died before the desk heard of what was written: the register learns it now.
pub fn add_rest(record: &DocumentRecord, objects: &mut Vec<IndexEntry>) {
    let mut rest = written(record, &[]);
    rest.retain(|entry| !objects.iter().any(|known| known.has_same_subject(entry)));
    objects.append(&mut rest);
}

/// What the register has to know of a document: the versions that were written since it stood as `before`. A payment gives what it
/// pays another version too.
pub fn written(record: &DocumentRecord, before: &[PostedObject]) -> Vec<IndexEntry> {
    let mut entries = Vec::new();
    let mut add =
        |(kind, id): (TxnType, &String), about: &DocumentRef, (version, at): (&str, i64)| {
            if let Some(kind) = kind.kind() {
                entries.push(IndexEntry {
                    kind,
                    id: id.clone(),
                    subject: Subject::Document(about.clone()),
                    version: version.to_owned(),
                    at,
                });
            }
        };
    for posted in record
        .posted
        .iter()
        .filter(|posted| !before.contains(posted))
    {
        let (at, object) = (posted.written_at, (posted.kind, &posted.id));
        // Of what was looked up it is not known which version is ours.
        let version = if at == 0 {
            VERSION_UNKNOWN
        } else {
            &posted.sync_token
        };
        add(object, &record.reference, (version, at));
        if posted.kind == TxnType::Payment {
            for (document, (kind, id)) in &posted.ids.targets {
                add((*kind, id), document, (VERSION_UNKNOWN, at));
            }
        }
    }
    entries
}
