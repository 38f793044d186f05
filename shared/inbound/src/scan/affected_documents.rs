//! Loads the documents to which the observed objects belong, and reads the other objects that the comparison needs.

use crate::detection::edit::Edit;
use crate::observation::read_objects::{load_index_entries, read_objects};
use crate::observation::{ObjectKey, Scan, pays};
use crate::payments::payments_to_read;
use billing::DocumentRef;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use store::document::DocumentRecord;
use store::queue::detection::Detection;

/// Loads the documents, all objects of those that differ, and the payments of those that are paid.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub(crate) async fn load_documents<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
) -> Result<(), PostingError> {
    let paid: Vec<ObjectKey> = scan.observations.iter().flat_map(pays).collect();
    load_index_entries(ctx, scan, &paid).await?;
    for document in scan.observed_documents() {
        load_document(ctx, scan, &document).await?;
    }
    // The receivable of a paid document may differ, and then all of its objects must be read.
    for _ in 0..2 {
        let records = scan.records.iter();
        let wanted: Vec<ObjectKey> = records
            .flat_map(|record| objects_to_read(scan, record))
            .collect();
        read_objects(ctx, scan, &wanted).await?;
    }
    let observed = scan
        .records
        .iter()
        .filter_map(|record| record.observed.as_ref());
    let versions = observed.flat_map(|observed| &observed.versions);
    let unreported = versions.map(|entry| (entry.kind, entry.id.clone()));
    let unreported: Vec<ObjectKey> = unreported.collect();
    load_index_entries(ctx, scan, &unreported).await?;
    let (records, mut wanted) = (std::mem::take(&mut scan.records), Vec::new());
    for record in &records {
        wanted.extend(payments_to_read(ctx, scan, record).await?);
    }
    scan.records = records;
    read_objects(ctx, scan, &wanted).await
}

/// Loads a document, or defers its changes if its posting has work or an unknown outcome.
async fn load_document<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    document: &DocumentRef,
) -> Result<(), PostingError> {
    let Some(record) = ctx.store.document(ctx.firm, document).await? else {
        return Ok(());
    };
    let now = ctx.now();
    if is_in_doubt(scan, &record) || scan.has_open_work(document) {
        scan.defer_document(document, now);
    } else if record.is_left_alone() {
        scan.detections.push(Detection {
            entries: scan.index_entries_about(&record, now),
            ..Detection::default()
        });
    } else {
        scan.records.push(record);
    }
    Ok(())
}

/// Returns whether the outcome of a posting of the document, or of a payment of it, is unknown.
fn is_in_doubt(scan: &Scan<'_>, record: &DocumentRecord) -> bool {
    let is_target_in_doubt = |(kind, id): &ObjectKey| scan.is_target_in_doubt(*kind, id);
    record.saga.is_some() || objects(record).iter().any(is_target_in_doubt)
}

/// Returns the objects of a document that must be read. All of them must be if one differs or differed before, and the receivable if its
/// payment was read.
fn objects_to_read(scan: &Scan<'_>, record: &DocumentRecord) -> Vec<ObjectKey> {
    let observed = record.observed.as_ref();
    let did_differ = observed.is_some_and(|observed| observed.has_difference())
        || record.is_posted_differently();
    let is_edited = |(kind, id): &ObjectKey| {
        let mut all = record.posted.iter();
        let posted = all.find(|posted| posted.is_object(*kind, id));
        let read = posted.zip(scan.observation(*kind, id));
        let edit = read.map(|(posted, observation)| Edit::of(posted, observation));
        edit.is_some_and(|edit| !matches!(edit, Edit::Nothing))
    };
    let all = objects(record);
    if did_differ || all.iter().any(is_edited) {
        return all;
    }
    if !scan.has_observed_payment(record) {
        return Vec::new();
    }
    receivable(record).into_iter().collect()
}

/// Returns the object by which the customer owes the amount, unless it was deleted.
fn receivable(record: &DocumentRecord) -> Option<ObjectKey> {
    let mut active = record.active_objects();
    let owed = active.find(|posted| posted.is_receivable())?;
    Some((owed.kind.kind()?, owed.id.clone()))
}

/// Returns all objects that were posted for a document.
fn objects(record: &DocumentRecord) -> Vec<ObjectKey> {
    let posted = record.posted.iter();
    posted
        .filter_map(|posted| Some((posted.kind.kind()?, posted.id.clone())))
        .collect()
}
