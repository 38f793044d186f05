//! Notices changes of RIVET's own products and services: announced ones, and those of the nightly question.

use crate::observation::Scan;
use crate::wording::{EntryText, activity_entry};
use billing::DocumentRef;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use posting::items::{self, ReadItems};
use quickbooks::Kind;
use quickbooks::cdc::KindChanges;
use store::activity::ActivityEntry;
use store::activity::notification::DocumentNotification;
use store::inbox::Inbox;
use store::object_index::entry::IndexEntry;
use store::queue::detection::Detection;
use store::queue::effective_status::effective_status;
use store::reason::item_change::ItemChange;

/// Reads RIVET's items of which the company announced a change, and checks them.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn check_announced<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let announced = items::announced_items(ctx, inbox);
    read(ctx, &announced).await
}

/// Checks RIVET's items among the items that changed. An item that is said to be deleted is read, because only a merge removes an item.
///
/// # Errors
/// As [`check_announced`].
pub(crate) async fn check_changed<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    changed: &KindChanges,
) -> Result<(), PostingError> {
    let found = ReadItems {
        found: changed.list_entries.clone(),
        gone: Vec::new(),
    };
    items::check(ctx, &found).await?;
    let is_deleted = |id: &&String| changed.deleted.iter().any(|item| item.id == **id);
    let ids = ctx.items.by_account.values();
    let deleted: Vec<String> = ids.filter(is_deleted).cloned().collect();
    read(ctx, &deleted).await
}

async fn read<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    ids: &[String],
) -> Result<(), PostingError> {
    if ids.is_empty() {
        return Ok(());
    }
    items::check_by_reading(ctx, ids).await
}

/// Tells the firm of the items that people changed, in the activity of the newest document that has a sales form. Returns the accounts
/// of the items.
///
/// The caller calls [`set_told`] once the detections are saved. A crash in between tells nothing twice, because the activity is compared.
///
/// # Errors
/// [`PostingError`] if a record could not be read.
pub(crate) async fn tell<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    scan: &mut Scan<'_>,
) -> Result<Vec<String>, PostingError> {
    let untold: Vec<String> = ctx.items.untold.iter().cloned().collect();
    if untold.is_empty() {
        return Ok(Vec::new());
    }
    let Some(document) = newest_sale(scan.index.tail()) else {
        return Ok(Vec::new());
    };
    let Some(record) = ctx.store.document(ctx.firm, document).await? else {
        return Ok(Vec::new());
    };
    let state = effective_status(&record, scan.queue_entry(document)).name();
    for change in untold
        .iter()
        .filter_map(|account| ctx.items.changed.get(account))
    {
        let detail = sentence(change);
        let text = EntryText { state, detail };
        let notification = Some(DocumentNotification::Changed);
        let entry = activity_entry(&record, ctx.now(), text, notification);
        if !is_known(ctx, &entry) {
            scan.detections.push(Detection {
                activity: vec![entry],
                ..Detection::default()
            });
        }
    }
    Ok(untold)
}

/// Records that the firm was told of these changed items.
///
/// # Errors
/// [`PostingError`] if the record could not be written.
pub(crate) async fn set_told<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    told: &[String],
) -> Result<(), PostingError> {
    if told.is_empty() {
        return Ok(());
    }
    ctx.items.untold.retain(|account| !told.contains(account));
    Ok(ctx.store.save_items(ctx.firm, &ctx.items).await?)
}

/// Returns the document of the newest sales form, or else the newest document.
fn newest_sale(entries: &[IndexEntry]) -> Option<&DocumentRef> {
    let is_sale = |entry: &&IndexEntry| matches!(entry.kind, Kind::Invoice | Kind::CreditMemo);
    let newest_first = || entries.iter().rev();
    newest_first()
        .filter(is_sale)
        .find_map(IndexEntry::document)
        .or_else(|| newest_first().find_map(IndexEntry::document))
}

fn sentence(change: &ItemChange) -> String {
    let (what, remedy) = (change.what(), change.remedy());
    format!("{what} RIVET posts nothing on it until it is put back. {remedy}")
}

/// Returns whether the newest activity has the same entry, because an earlier run ended before it saved the check.
fn is_known<H: Http, R: Records>(ctx: &WorkerContext<'_, H, R>, entry: &ActivityEntry) -> bool {
    let mut recent = ctx.log.recent.iter();
    recent.any(|known| known.document == entry.document && known.detail == entry.detail)
}
