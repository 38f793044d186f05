//! Which documents that is about which was seen, and what else has to be seen to judge them.

use crate::detection::edit::Edit;
use crate::scan::observation::{ObjectKey, pays};
use crate::scan::snapshot::Scan;
use billing::DocumentRef;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::Halt;
use store::document::DocumentRecord;
use store::queue::detection::Detection;

/// Has at hand whatever is needed: the documents, all that stands for those that differ, and the payments of those that are paid.
pub async fn complete_round<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &mut Scan<'_>,
) -> Result<(), Halt> {
    let paid: Vec<ObjectKey> = round.seen.iter().flat_map(pays).collect();
    crate::scan::read_objects::look_up_register(office, round, &paid).await?;
    for document in round.documents_seen() {
        take_up_document(office, round, &document).await?;
    }
    let mut wanted = Vec::new();
    for record in &round.subjects {
        wanted.extend(missing(round, record));
    }
    crate::scan::read_objects::read_objects(office, round, &wanted).await?;
    let noted = round
        .subjects
        .iter()
        .filter_map(|record| record.observed.as_ref());
    let noted = noted.flat_map(|seen| &seen.versions);
    let noted: Vec<ObjectKey> = noted.map(|entry| (entry.kind, entry.id.clone())).collect();
    crate::scan::read_objects::look_up_register(office, round, &noted).await?;
    let (subjects, mut wanted) = (std::mem::take(&mut round.subjects), Vec::new());
    for record in &subjects {
        wanted.extend(crate::payments::payments_of(office, round, record).await?);
    }
    round.subjects = subjects;
    crate::scan::read_objects::read_objects(office, round, &wanted).await
}

async fn take_up_document<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    round: &mut Scan<'_>,
    document: &DocumentRef,
) -> Result<(), Halt> {
    let store = &office.bridge.store;
    let Some(record) = store.document(office.firm, document).await? else {
        return Ok(());
    };
    let now = office.now();
    let is_doubted = |(kind, id): &ObjectKey| round.is_doubted(*kind, id);
    let in_doubt = record.saga.is_some() || objects(&record).iter().any(is_doubted);
    if in_doubt || round.is_at_work(document) {
        round.put_off_document(document, now);
    } else if record.is_left_alone() {
        round.noted.push(Detection {
            entries: round.entries_about(&record, now),
            ..Detection::default()
        });
    } else {
        round.subjects.push(record);
    }
    Ok(())
}

/// What is not seen yet of a document: all that stands for it if any of it differs, or did; what is owed by it if a payment was seen.
fn missing(round: &Scan<'_>, record: &DocumentRecord) -> Vec<ObjectKey> {
    let differed = record
        .observed
        .as_ref()
        .is_some_and(|seen| seen.has_difference());
    let is_touched = |(kind, id): &ObjectKey| {
        let posted = record
            .posted
            .iter()
            .find(|posted| posted.is_object(*kind, id));
        let sighting = round.sighting(*kind, id);
        let touch = posted
            .zip(sighting)
            .map(|(posted, sighting)| Edit::of(posted, sighting));
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
        .filter(|_| round.is_paid_by_any(record))
        .collect()
}

/// All that was posted for a document.
fn objects(record: &DocumentRecord) -> Vec<ObjectKey> {
    let posted = record.posted.iter();
    posted
        .filter_map(|posted| Some((posted.kind.kind()?, posted.id.clone())))
        .collect()
}
