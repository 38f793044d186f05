//! Decides whether an earlier look at the company still counts.
//!
//! A look counts only while RIVET is watching: the company is connected, syncing is not paused, and the changes of others are known.

use crate::context::{Watch, WorkerContext};
use crate::error::LookupError;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Kind;
use store::document::DocumentRecord;
use store::inbox::Inbox;
use store::inbox::change::{ChangeKind, PendingChange};
use store::index_margin;
use store::object_index::entry::IndexEntry;

/// Returns what RIVET knows about the changes of others. The inbox is loaded once in a run.
pub async fn watch<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
) -> Result<Watch, StoreError> {
    if let Some(watch) = ctx.watch {
        return Ok(watch);
    }
    let inbox = ctx.store.inbox(ctx.firm, ctx.client.realm_id()).await?;
    let mut others = inbox.others;
    for change in unknown_changes(ctx, &inbox).await? {
        others.add(change.kind, change.at);
    }
    let is_complete = inbox.catch_up.is_none() && inbox.sweep.is_none();
    let connected_at = ctx.client.connection.connected_at;
    let restored_at = ctx.restore.map(|restore| restore.at);
    let since = connected_at.max(ctx.resumed_at).max(restored_at);
    let watch = Watch {
        since: since.filter(|_| is_complete),
        others,
    };
    ctx.watch = Some(watch);
    Ok(watch)
}

/// Returns whether RIVET may have posted a document before the store was set back, and forgotten it. Such a document is looked for, however
/// late it is posted.
pub fn may_be_forgotten<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> bool {
    ctx.restore
        .is_some_and(|restore| restore.may_have_posted(record))
}

/// Returns an error as long as QuickBooks may not list yet what was posted just before the operator told of a restore.
///
/// # Errors
/// [`LookupError::TooEarly`] with the time from which an answer counts.
pub fn ensure_visible<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
) -> Result<(), LookupError> {
    let visible_from = ctx
        .restore
        .map(|restore| index_margin::visible_from(restore.at));
    match visible_from.filter(|from| ctx.now() < *from) {
        Some(from) => Err(LookupError::TooEarly(from)),
        None => Ok(()),
    }
}

/// Returns the announced changes of transactions that are not known as RIVET's.
async fn unknown_changes<'a, H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    inbox: &'a Inbox,
) -> Result<Vec<&'a PendingChange>, StoreError> {
    let mut changes: Vec<&PendingChange> = inbox.pending.iter().collect();
    changes.retain(|change| may_be_entered(change));
    if changes.is_empty() {
        return Ok(changes);
    }
    let objects = changes
        .iter()
        .map(|change| (change.kind, change.id.clone()));
    let objects: Vec<(Kind, String)> = objects.collect();
    let index = ctx.store.queue_record(ctx.firm).await?.object_index;
    let known = ctx.store.entries_of(ctx.firm, &index, &objects).await?;
    changes.retain(|change| !is_rivets(&known, change.kind, &change.id));
    Ok(changes)
}

/// Returns whether a change may be a transaction that somebody entered.
fn may_be_entered(change: &PendingChange) -> bool {
    let is_transaction = matches!(
        change.kind,
        Kind::Invoice | Kind::CreditMemo | Kind::JournalEntry | Kind::Payment
    );
    is_transaction && change.kind_of_change != ChangeKind::Deleted
}

/// Returns whether entries of the object index say that RIVET posted an object. A payment that somebody entered belongs to the documents
/// that it pays, and one of RIVET's to a payment.
pub fn is_rivets(entries: &[IndexEntry], kind: Kind, id: &str) -> bool {
    let is_payment = |entry: &IndexEntry| {
        let document = entry.document();
        document.is_some_and(|document| document.kind == billing::DocumentKind::Payment)
    };
    let mut entries = entries.iter();
    entries.any(|entry| {
        (entry.kind, entry.id.as_str()) == (kind, id)
            && (kind != Kind::Payment || is_payment(entry))
    })
}
