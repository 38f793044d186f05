//! Detects people's edits of a document's objects, and the changes of its payments.

// Top first: a module uses only modules below it.
mod drift;
pub(crate) mod edit;

use crate::detection::drift::{Drift, DriftedDocument};
use crate::detection::edit::Edit;
use crate::observation::Scan;
use crate::{lists, payments};
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::figures::set_figures;
use posting::restored::is_held_outdated;
use store::activity::ActivityEntry;
use store::document::conflict::Conflict;
use store::document::conflict_rows::conflict_fields;
use store::document::{ConflictObject, DocumentRecord, TransactionKey};
use store::object_index::entry::IndexEntry;
use store::queue::detection::Detection;
use store::queue::entry::QueueEntry;

/// Compares each document of a scan with its observed objects.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub async fn detect_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
) -> Result<(), PostingError> {
    for mut record in std::mem::take(&mut scan.records) {
        let detection = detect(ctx, scan, &mut record).await?;
        scan.detections.push(detection);
    }
    Ok(())
}

async fn detect<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<Detection, PostingError> {
    let now = ctx.now();
    let entry = scan.queue_entry(&record.reference);
    let before = record.clone();
    let mut index_entries = scan.index_entries_about(record, now);
    // An earlier worker may have crashed after it saved the record and before it updated the queue.
    let unreported = scan.unreported(record);
    let mut activity = unreported.activity;
    if !entry.is_some_and(|entry| is_held_outdated(ctx, record, entry)) {
        activity.extend(detect_drift(ctx, scan, record, entry).await?);
    }
    activity.extend(payments::detect_payment(ctx, scan, record).await?);
    let is_new = |entry: &IndexEntry| {
        let mut observed = index_entries.iter();
        !observed.any(|observed| observed.has_same_subject(entry))
    };
    let unreported = unreported.index_entries.into_iter();
    let unreported: Vec<IndexEntry> = unreported.filter(is_new).collect();
    index_entries.extend(unreported);
    if *record != before {
        let observed = record.observed.get_or_insert_default();
        (observed.activity, observed.versions) = (activity.clone(), index_entries.clone());
        record.updated_at = now;
        ctx.save_document(record).await?;
    }
    set_figures(ctx, record).await?;
    Ok(Detection {
        activity,
        ..Detection::of(record, entry, index_entries)
    })
}

/// Records people's edits of the document's objects. Returns the activity entry about them, if an edit is new.
///
/// If an object of the document was not read, the record stays as it is.
async fn detect_drift<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
    entry: Option<&QueueEntry>,
) -> Result<Option<ActivityEntry>, PostingError> {
    let moves = lists::follow_merges_of(ctx, scan, record).await?;
    let now = ctx.now();
    let (mut drift, mut conflict) = (Drift::default(), Conflict::new(now));
    moves.into_iter().for_each(|phrase| drift.add_move(phrase));
    let mut is_complete = true;
    for posted in &mut record.posted {
        let Some(observation) = scan.observation_of(posted) else {
            is_complete = false;
            continue;
        };
        let found = observation.found.as_ref();
        // An index that lags shows what RIVET has written over since.
        if found.is_some_and(|found| posted.is_newer_than(found)) {
            continue;
        }
        let edit = Edit::of(posted, observation);
        if let (Edit::Nothing, Some(found)) = (&edit, found) {
            posted.set_version(found);
        }
        posted.is_posted_differently &= edit.changes_books();
        if !matches!(edit, Edit::Nothing) {
            drift.add(posted, &edit);
            let version = found.map(|found| found.sync_token.clone());
            let fields = conflict_fields(posted, found);
            conflict.add(ConflictObject {
                key: TransactionKey::new(posted.kind, &posted.id),
                version,
                fields,
            });
        }
    }
    if !is_complete {
        return Ok(None);
    }
    let mut document = DriftedDocument {
        record,
        entry,
        log: &ctx.log,
        now,
    };
    Ok(drift.resolve(&mut document, conflict))
}
