//! Compares the objects that a person named with the document.

use crate::conflict::find_posted;
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::origin::Origin;
use crate::planned::ResolvedPlan;
use crate::work_item::WorkItem;
use billing::DocumentRef;
use jiff::Timestamp;
use mapping::{Ids, PlannedPosting, PostedObject};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use store::document::{DocumentRecord, TransactionKey};
use store::object_index::entry::IndexEntry;
use store::reason::called;

/// The result of comparing the named objects with the document.
pub enum Verification {
    /// The objects stand for the document.
    Matches(Vec<PostedObject>),
    /// The objects differ from the document. Holds the difference as text.
    Differs(String),
}

/// Compares the named objects with the document.
pub async fn verify<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    resolved: &ResolvedPlan<'_>,
    now: Timestamp,
) -> Result<Verification, PostingError> {
    let objects = item.entry.decision.as_ref();
    let objects = objects.map_or(&[][..], |decision| &decision.objects);
    if let Some(difference) = other_active_object(ctx, item, now).await? {
        return Ok(Verification::Differs(difference));
    }
    let mut posted = Vec::new();
    for planned in &resolved.plan.postings {
        let kind = planned.posting.txn_type();
        let Some(TransactionKey { id, .. }) = objects.iter().find(|named| named.kind == kind)
        else {
            let what = called(kind);
            let difference = format!("{what} is missing: the document needs one.");
            return Ok(Verification::Differs(difference));
        };
        let found = find_posted(ctx, kind, id, now).await?;
        let owner = other_owner(ctx, &item.record, kind, id).await?;
        let origin = other_origin(ctx, &item.record, found.as_ref()).await?;
        let adopted = match (owner, origin) {
            (Some(other), _) => Err(format!("stands for another document ({other})")),
            (None, Some(other)) => Err(format!(
                "is what RIVET posted for another document ({other})"
            )),
            (None, None) => adopt(planned, &resolved.ids, found),
        };
        match adopted {
            Ok(adopted) => posted.push(adopted),
            Err(difference) => {
                let difference = format!("{} {id} {difference}.", called(kind));
                return Ok(Verification::Differs(difference));
            }
        }
    }
    Ok(if posted.len() == objects.len() {
        Verification::Matches(posted)
    } else {
        Verification::Differs("More was named than the document needs.".into())
    })
}

/// Describes an active object of the document that RIVET posted and the person did not name.
async fn other_active_object<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    now: Timestamp,
) -> Result<Option<String>, PostingError> {
    let decision = item.entry.decision.as_ref();
    let is_named = |old: &PostedObject| {
        let mut objects = decision.iter().flat_map(|decision| &decision.objects);
        objects.any(|named| named.is(old.kind, &old.id))
    };
    let active = item.record.active_objects();
    for old in active.filter(|old| !is_named(old)) {
        let found = find_posted(ctx, old.kind, &old.id, now).await?;
        if found.is_some_and(|found| !found.is_voided()) {
            let (kind, id) = (called(old.kind), &old.id);
            let other = format!("{kind} {id} of RIVET's stands there too.");
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Returns the other document for which an object stands, if there is one.
async fn other_owner<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    kind: TxnType,
    id: &str,
) -> Result<Option<DocumentRef>, PostingError> {
    let Some(listed) = kind.kind() else {
        return Ok(None);
    };
    let index = ctx.store.queue_record(ctx.firm).await?.object_index;
    let object = [(listed, id.to_owned())];
    let entries = ctx.store.entries_of(ctx.firm, &index, &object).await?;
    let documents = entries.iter().filter_map(IndexEntry::document);
    for document in documents.filter(|document| **document != record.reference) {
        let other = ctx.store.document(ctx.firm, document).await?;
        let is_owner = |other: DocumentRecord| {
            other
                .active_objects()
                .any(|posted| posted.is_transaction(kind, id))
        };
        if other.is_some_and(is_owner) {
            return Ok(Some(document.clone()));
        }
    }
    Ok(None)
}

/// Returns the other document that the mark of an object names. A copy has the mark of its original, so the mark proves nothing if RIVET
/// knows another object of that type as the other document's.
async fn other_origin<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    found: Option<&ObjectSnapshot>,
) -> Result<Option<DocumentRef>, PostingError> {
    let note = found.and_then(|found| found.private_note.as_deref());
    let origin = note.and_then(Origin::read).map(|origin| origin.document);
    let Some((origin, found)) = origin.filter(|of| *of != record.reference).zip(found) else {
        return Ok(None);
    };
    let other = ctx.store.document(ctx.firm, &origin).await?;
    let is_copy = other.is_some_and(|other| {
        let is_original =
            |posted: &PostedObject| posted.kind.kind() == Some(found.kind) && posted.id != found.id;
        other.saga.is_none() && other.posted.iter().any(is_original)
    });
    Ok((!is_copy).then_some(origin))
}

/// Adopts an object for a planned posting, or returns the difference as text.
fn adopt(
    planned: &PlannedPosting,
    ids: &Ids,
    found: Option<ObjectSnapshot>,
) -> Result<PostedObject, String> {
    let Some(found) = found.filter(|found| !found.is_voided()) else {
        return Err("is not in QuickBooks, or void there".into());
    };
    let customer = found.customer.as_ref();
    if customer.is_none_or(|customer| ids.family().all(|id| customer.value != id)) {
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
    let planned_content = planned.posting.clone();
    let ids = ids.clone();
    Ok(PostedObject::found(
        planned.slot,
        planned_content,
        ids,
        &found,
    ))
}
