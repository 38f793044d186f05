//! Taking what a person posted by hand for what RIVET would have posted.

use crate::context::WorkerContext;
use crate::document::decision::cover;
use crate::error::Halt;
use billing::DocumentRef;
use jiff::Timestamp;
use mapping::{Ids, PlannedPosting, PostedObject, PostingPlan};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use store::document::DocumentRecord;
use store::document::TransactionKey;
use store::document::decision::Decision;
use store::document::status::DocumentStatus;
use store::object_index::entry::IndexEntry;
use store::queue::entry::QueueEntry;
use store::reason::{Action, Reason, called};

/// What a person posted by hand is taken for ours if it is there, of the same customer, and comes to the same.
pub async fn by_hand<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    planned: (&PostingPlan, &Ids),
    (waiting, decision): (&QueueEntry, &Decision),
    now: Timestamp,
) -> Result<DocumentStatus, Halt> {
    let verified = verified(office, record, planned, (decision, now)).await?;
    let posted = match verified {
        Err(difference) => return Ok(differs(record, &difference)),
        Ok(posted) => posted,
    };
    let is_named = |old: &PostedObject| posted.iter().any(|new| is_same(old, new));
    record.posted.retain(|old| !is_named(old));
    let replaced = record.posted.iter_mut().filter(|old| old.is_active);
    replaced.for_each(PostedObject::mark_deleted);
    record.posted.extend(posted);
    record.project = planned.0.project.clone();
    record.plan_hash = Some(planned.0.hash());
    cover(record, waiting);
    crate::document::revision::complete(office, record, waiting).await
}

/// The objects that were named, as what stands for the document; or in what they differ from it.
async fn verified<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    (plan, ids): (&PostingPlan, &Ids),
    (decision, now): (&Decision, Timestamp),
) -> Result<Result<Vec<PostedObject>, String>, Halt> {
    let named = |kind, id: &str| {
        let mut objects = decision.objects.iter();
        objects.any(|named| named.is(kind, id))
    };
    for old in record
        .active_objects()
        .filter(|old| !named(old.kind, &old.id))
    {
        let found = crate::conflict::look(office, (old.kind, &old.id), now).await?;
        if found.is_some_and(|found| !found.is_voided()) {
            let kind = called(old.kind);
            return Ok(Err(format!(
                "{kind} {} of RIVET's stands there too.",
                old.id
            )));
        }
    }
    let mut posted = Vec::new();
    for planned in &plan.postings {
        let kind = planned.posting.txn_type();
        let mut objects = decision.objects.iter();
        let Some(TransactionKey { id, .. }) = objects.find(|named| named.kind == kind) else {
            let what = called(kind);
            return Ok(Err(format!("{what} is missing: the document needs one.")));
        };
        let found = crate::conflict::look(office, (kind, id), now).await?;
        let taken = match taken_by(office, record, (kind, id)).await? {
            Some(other) => Err(format!("stands for another document ({other})")),
            None => taken(record, (planned, ids), found),
        };
        match taken {
            Ok(taken) => posted.push(taken),
            Err(how) => return Ok(Err(format!("{} {id} {how}.", called(kind)))),
        }
    }
    Ok(if posted.len() == decision.objects.len() {
        Ok(posted)
    } else {
        Err("More was named than the document needs.".into())
    })
}

/// The other document that an object stands for, if it does.
async fn taken_by<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    (kind, id): (TxnType, &str),
) -> Result<Option<DocumentRef>, Halt> {
    let Some(listed) = kind.kind() else {
        return Ok(None);
    };
    let store = &office.bridge.store;
    let register = store.queue_record(office.firm).await?.object_index;
    let object = [(listed, id.to_owned())];
    let entries = store.entries_of(office.firm, &register, &object).await?;
    let documents = entries.iter().filter_map(IndexEntry::document);
    for document in documents.filter(|document| **document != record.reference) {
        let other = store.document(office.firm, document).await?;
        let stands = |other: DocumentRecord| {
            other
                .active_objects()
                .any(|posted| posted.is_transaction(kind, id))
        };
        if other.is_some_and(stands) {
            return Ok(Some(document.clone()));
        }
    }
    Ok(None)
}

/// Takes an object for a planned one, or says how it differs.
fn taken(
    record: &DocumentRecord,
    (planned, ids): (&PlannedPosting, &Ids),
    found: Option<ObjectSnapshot>,
) -> Result<PostedObject, String> {
    let Some(found) = found.filter(|found| !found.is_voided()) else {
        return Err("is not in QuickBooks, or void there".into());
    };
    let marked = found.private_note.as_deref().and_then(marked);
    if let Some(other) = marked.filter(|marked| *marked != record.reference) {
        return Err(format!(
            "is what RIVET posted for another document ({other})"
        ));
    }
    let customer = found.customer.as_ref();
    if customer.is_none_or(|customer| customer.value != ids.customer) {
        let name = customer.and_then(|customer| customer.name.as_deref());
        return Err(format!(
            "is of another customer ({})",
            name.unwrap_or("none")
        ));
    }
    let (total, expected) = (found.amount().unwrap_or_default(), planned.posting.total());
    if total != expected {
        return Err(format!(
            "comes to {total:.2}, and the document to {expected:.2}"
        ));
    }
    let mut posted = PostedObject {
        slot: planned.slot,
        kind: planned.posting.txn_type(),
        id: found.id.clone(),
        sync_token: String::new(),
        written_at: 0,
        number: None,
        posting: planned.posting.clone(),
        ids: ids.clone(),
        is_active: true,
        accepted_differences: Vec::new(),
    };
    posted.adopt(Some(&found));
    Ok(posted)
}

/// The document that RIVET's mark in a note names: `RIVET pay_app pa_1057_1 revision 2`. What else is said of RIVET is no mark.
fn marked(note: &str) -> Option<DocumentRef> {
    let (_, mark) = note.split_once("RIVET ")?;
    let mut words = mark.split(' ');
    Some(DocumentRef {
        kind: words.next()?.parse().ok()?,
        id: words.next()?.parse().ok()?,
    })
}

fn differs(record: &DocumentRecord, difference: &str) -> DocumentStatus {
    let message = format!("It is not as it was marked. {difference}");
    let reason = Reason::new("not_as_marked", Action::FixInQuickbooks, message);
    if record.conflict.is_some() {
        DocumentStatus::Conflict(reason)
    } else {
        DocumentStatus::Failed(reason)
    }
}

fn is_same(one: &PostedObject, other: &PostedObject) -> bool {
    (one.kind, &one.id) == (other.kind, &other.id)
}
