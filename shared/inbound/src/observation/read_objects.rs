//! Reads objects in few calls: the objects of a kind in one query, all queries in one batch.

use crate::observation::object::{ObjectKey, Observation};
use crate::observation::scan_state::Scan;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::watch::is_rivets;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::inbox::Inbox;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::{IndexEntry, VERSION_DELETED};

/// The ids in one query. The answer holds as many objects at most.
const MAX_IDS: usize = 60;

/// The kinds of transactions that RIVET posts.
const TRANSACTIONS: [Kind; 4] = [
    Kind::Invoice,
    Kind::CreditMemo,
    Kind::JournalEntry,
    Kind::Payment,
];

/// Returns whether RIVET posts transactions of this kind.
pub(crate) fn is_transaction(kind: Kind) -> bool {
    TRANSACTIONS.contains(&kind)
}

/// Reads the announced objects that concern RIVET, or defers their changes.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub(crate) async fn read_announced<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let changes = inbox.pending.iter();
    let changes: Vec<&PendingChange> = changes
        .filter(|change| is_transaction(change.kind))
        .collect();
    let objects: Vec<ObjectKey> = changes.iter().map(|change| key(change)).collect();
    load_index_entries(ctx, scan, &objects).await?;
    let mut wanted = Vec::new();
    for change in changes {
        let (kind, id) = (change.kind, change.id.as_str());
        if is_others(scan, kind, id) {
            scan.others.add(change);
        }
        if scan.observation(kind, id).is_some() || !concerns_us(scan, change) {
            continue;
        }
        if scan.should_defer(kind, id) {
            scan.defer(change.clone());
        } else {
            wanted.push(key(change));
        }
    }
    read_objects(ctx, scan, &wanted).await
}

/// Loads the object index's entries about these objects.
///
/// # Errors
/// [`PostingError`] if a record could not be read.
pub(crate) async fn load_index_entries<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    objects: &[ObjectKey],
) -> Result<(), PostingError> {
    let mut unknown: Vec<ObjectKey> = objects.to_vec();
    unknown.retain(|(kind, id)| scan.index_entries(*kind, id).next().is_none());
    let entries = ctx.store.entries_of(ctx.firm, scan.index, &unknown).await?;
    scan.add_index_entries(entries);
    Ok(())
}

/// Reads the objects that this scan has not read yet.
///
/// An object that a query does not find is read by its id. The object counts as deleted only if that read confirms it, because QuickBooks' query
/// index may lag behind.
///
/// # Errors
/// [`PostingError`] if QuickBooks did not answer.
pub(crate) async fn read_objects<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
    objects: &[ObjectKey],
) -> Result<(), PostingError> {
    let now = ctx.now();
    let mut wanted: Vec<&ObjectKey> = Vec::new();
    for object in objects {
        if scan.observation(object.0, &object.1).is_none() && !wanted.contains(&object) {
            wanted.push(object);
        }
    }
    let queries = queries(&wanted);
    for rows in ctx.client.query_all(&queries, now).await? {
        rows.into_iter()
            .for_each(|found| scan.observe(Observation::of(found)));
    }
    for (kind, id) in wanted {
        if scan.observation(*kind, id).is_some() {
            continue;
        }
        scan.observe(match ctx.client.get(*kind, id, now).await? {
            Some(found) => Observation::of(found),
            None => Observation::deleted(*kind, id),
        });
    }
    Ok(())
}

/// Returns whether somebody else entered a transaction. A payment of others may belong to the documents that it pays.
pub(crate) fn is_others(scan: &Scan<'_>, kind: Kind, id: &str) -> bool {
    let entries: Vec<IndexEntry> = scan.index_entries(kind, id).cloned().collect();
    !is_rivets(&entries, kind, id) && !scan.is_undecidable(kind, id)
}

fn key(change: &PendingChange) -> ObjectKey {
    (change.kind, change.id.clone())
}

/// Returns whether a change is newer than the known version of an object of RIVET's documents.
///
/// A change of an unknown object concerns RIVET in three more cases. The object may belong to a posting of unknown outcome, or is a payment
/// that may pay a journal entry. QuickBooks announces a paid invoice itself, but not a paid entry. Or the object is a payment of the very
/// second in which RIVET wrote an object: then the announcement of the paid invoice looks like the one of RIVET's write.
fn concerns_us(scan: &Scan<'_>, change: &PendingChange) -> bool {
    let is_gone = matches!(
        change.kind_of_change,
        ChangeKind::Deleted | ChangeKind::MergedInto(_)
    );
    let mut entries = scan.index_entries(change.kind, &change.id).peekable();
    if entries.peek().is_none() {
        let may_pay = change.kind == Kind::Payment
            && !is_gone
            && (scan.index.payable_entries || is_of_own_second(scan, change));
        return may_pay || scan.is_undecidable(change.kind, &change.id);
    }
    // QuickBooks dates versions by whole seconds.
    let at = change.at.as_second();
    entries.any(|entry| at > entry.at || (is_gone && entry.version != VERSION_DELETED))
}

/// Returns whether RIVET wrote an object in the second of a change.
fn is_of_own_second(scan: &Scan<'_>, change: &PendingChange) -> bool {
    let mut newest = scan.index.tail().iter();
    newest.any(|entry| is_transaction(entry.kind) && entry.at == change.at.as_second())
}

fn queries(objects: &[&ObjectKey]) -> Vec<Query> {
    let mut queries = Vec::new();
    for kind in TRANSACTIONS {
        let of_kind = objects.iter().filter(|(of, _)| *of == kind);
        let ids: Vec<&str> = of_kind.map(|(_, id)| id.as_str()).collect();
        for ids in ids.chunks(MAX_IDS) {
            queries.push(Query::from(kind).filter(Field::Id.is_in(ids.to_vec())));
        }
    }
    queries
}
