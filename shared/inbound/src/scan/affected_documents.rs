//! Which documents that is about which was seen, and what else has to be seen to detect them.

use crate::detection::edit::Edit;
use crate::scan::observation::{ObjectKey, pays};
use crate::scan::snapshot::Scan;
use billing::DocumentRef;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use store::document::DocumentRecord;
use store::queue::detection::Detection;

/// Has at hand whatever is needed: the documents, all that stands for those that differ, and the payments of those that are paid.
pub async fn load_documents<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
) -> Result<(), PostingError> {
    let paid: Vec<ObjectKey> = scan.observations.iter().flat_map(pays).collect();
    crate::scan::read_objects::load_index_entries(ctx, scan, &paid).await?;
    for document in scan.observed_documents() {
        load_document(ctx, scan, &document).await?;
    }
    let mut wanted = Vec::new();
    for record in &scan.records {
        wanted.extend(missing(scan, record));
    }
    crate::scan::read_objects::read_objects(ctx, scan, &wanted).await?;
    let noted = scan
        .records
        .iter()
        .filter_map(|record| record.observed.as_ref());
    let noted = noted.flat_map(|seen| &seen.versions);
    let noted: Vec<ObjectKey> = noted.map(|entry| (entry.kind, entry.id.clone())).collect();
    crate::scan::read_objects::load_index_entries(ctx, scan, &noted).await?;
    let (subjects, mut wanted) = (std::mem::take(&mut scan.records), Vec::new());
    for record in &subjects {
        wanted.extend(crate::payments::payments_to_read(ctx, scan, record).await?);
    }
    scan.records = subjects;
    crate::scan::read_objects::read_objects(ctx, scan, &wanted).await
}

async fn load_document<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    document: &DocumentRef,
) -> Result<(), PostingError> {
    let store = ctx.store;
    let Some(record) = store.document(ctx.firm, document).await? else {
        return Ok(());
    };
    let now = ctx.now();
    let is_target_in_doubt = |(kind, id): &ObjectKey| scan.is_target_in_doubt(*kind, id);
    let in_doubt = record.saga.is_some() || objects(&record).iter().any(is_target_in_doubt);
    if in_doubt || scan.has_open_work(document) {
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

/// What is not seen yet of a document: all that stands for it if any of it differs, or did; what is owed by it if a payment was seen.
fn missing(scan: &Scan<'_>, record: &DocumentRecord) -> Vec<ObjectKey> {
    let differed = record
        .observed
        .as_ref()
        .is_some_and(|seen| seen.has_difference());
    let is_touched = |(kind, id): &ObjectKey| {
        let posted = record
            .posted
            .iter()
            .find(|posted| posted.is_object(*kind, id));
        let observation = scan.observation(*kind, id);
        let touch = posted
            .zip(observation)
            .map(|(posted, observation)| Edit::of(posted, observation));
        touch.is_some_and(|touch| !matches!(touch, Edit::Nothing))
    };
    let all = objects(record);
    if differed || all.iter().any(is_touched) {
        return all;
    }
    let owed = record
        .active_objects()
        .find(|posted| posted.is_receivable());
    let owed = owed.and_then(|posted| Some((posted.kind.kind()?, posted.id.clone())));
    owed.into_iter()
        .filter(|_| scan.has_observed_payment(record))
        .collect()
}

/// All that was posted for a document.
fn objects(record: &DocumentRecord) -> Vec<ObjectKey> {
    let posted = record.posted.iter();
    posted
        .filter_map(|posted| Some((posted.kind.kind()?, posted.id.clone())))
        .collect()
}
