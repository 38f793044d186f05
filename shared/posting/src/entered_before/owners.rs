//! Tells RIVET's transactions from those that somebody entered.

use crate::context::WorkerContext;
use crate::origin::Origin;
use crate::watch::is_rivets;
use billing::DocumentRef;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use std::collections::BTreeMap;
use store::document::DocumentRecord;
use store::restore::Restore;

/// A transaction that was found, with its owner.
pub(super) struct FoundObject {
    pub(super) object: ObjectSnapshot,
    pub(super) owner: Owner,
}

/// The owner of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// RIVET posted it, and knows it.
    Rivet,
    /// The transaction bears the mark of a document of which RIVET knows no other transaction, as after the loss of the store.
    Marked(Origin),
    /// A person entered it, perhaps as a copy of a transaction of RIVET's.
    Person,
}

/// Returns the transactions that somebody entered. `record` is the record of the document that is being posted.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub async fn entered_by_others<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    found: Vec<ObjectSnapshot>,
) -> Result<Vec<ObjectSnapshot>, StoreError> {
    let found = with_owners(ctx, &[record], found).await?;
    let others = found
        .into_iter()
        .filter(|found| found.owner == Owner::Person);
    Ok(others.map(|found| found.object).collect())
}

/// Finds the owner of each transaction: by the object index, then by its mark. `current` are the records of the documents that are being
/// posted. They may know what this run posted or found, and what the stored ones do not know yet.
pub(super) async fn with_owners<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    current: &[&DocumentRecord],
    found: Vec<ObjectSnapshot>,
) -> Result<Vec<FoundObject>, StoreError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let keys = found.iter().map(|found| (found.kind, found.id.clone()));
    let keys: Vec<(Kind, String)> = keys.collect();
    let index = ctx.store.queue_record(ctx.firm).await?.object_index;
    let entries = ctx.store.entries_of(ctx.firm, &index, &keys).await?;
    let mut records: BTreeMap<DocumentRef, Option<DocumentRecord>> = BTreeMap::new();
    let mut all = Vec::new();
    for object in found {
        let owner = if is_rivets(&entries, object.kind, &object.id) {
            Owner::Rivet
        } else {
            match object.private_note.as_deref().and_then(Origin::read) {
                None => Owner::Person,
                Some(origin) => {
                    let document = &origin.document;
                    let mut current = current.iter().copied();
                    let current = current.find(|record| record.reference == *document);
                    if current.is_none() && !records.contains_key(document) {
                        let record = ctx.store.document(ctx.firm, document).await?;
                        records.insert(document.clone(), record);
                    }
                    let stored = records.get(document).and_then(Option::as_ref);
                    owner_by_mark(&object, origin, current.or(stored), ctx.restore)
                }
            }
        };
        all.push(FoundObject { object, owner });
    }
    Ok(all)
}

/// Returns the owner of a transaction with a mark. A mark proves nothing while RIVET knows another transaction of that document, unless it is of
/// a revision that RIVET forgot when the store was set back.
fn owner_by_mark(
    object: &ObjectSnapshot,
    origin: Origin,
    record: Option<&DocumentRecord>,
    restore: Option<Restore>,
) -> Owner {
    let posted = record.map_or(&[][..], |record| &record.posted);
    let is_forgotten = record.zip(restore).is_some_and(|(record, restore)| {
        restore.is_outdated(record) && origin.revision > record.revision
    });
    let is_known = |posted: &mapping::PostedObject| posted.is_object(object.kind, &object.id);
    if posted.iter().any(is_known) {
        return Owner::Rivet;
    }
    let is_same_part = |posted: &mapping::PostedObject| {
        let other = Origin::read(posted.posting.note());
        other.is_some_and(|other| {
            (other.is_retainage, other.job) == (origin.is_retainage, origin.job)
        })
    };
    if !is_forgotten && posted.iter().any(is_same_part) {
        return Owner::Person;
    }
    Owner::Marked(origin)
}
