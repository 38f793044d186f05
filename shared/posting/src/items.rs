//! Watches RIVET's own products and services. Each must post to its account, be active and not be taxable.
//!
//! A changed item is noticed by its announcement, by the nightly question, or when QuickBooks refuses it. The catalogue keeps the change, and
//! a document that needs the item is held until the item is put back. While nothing is announced, the watch costs no read.

// Top first: a module uses only modules below it.
mod difference;

pub use crate::items::difference::fits;

use crate::context::{PartyKey, WorkerContext};
use crate::error::PostingError;
use crate::items::difference::{change_of, is_unfit, name_account};
use connection::client::find_entries;
use mapping::PostedObject;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::Kind;
use quickbooks::entity::ListEntry;
use store::document::DocumentRecord;
use store::inbox::Inbox;
use store::reason::hold::HoldReason;
use store::reason::item_change::ItemChange;

/// Items as they were read.
#[derive(Default)]
pub struct ReadItems {
    /// The items that exist.
    pub found: Vec<ListEntry>,
    /// The ids of items that do not exist any more, because they were merged into others.
    pub gone: Vec<String>,
}

/// Checks the items of these accounts before documents are posted on them, at most once in a run.
///
/// Reads the items if a change of them is announced, or known of an item that these accounts need. If the items cannot be read, [`resolve`](crate::matching::resolve) returns the error.
pub async fn check_before_posting<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    accounts: &[String],
) -> Result<(), StoreError> {
    let is_known = |account: &String| ctx.items.by_account.contains_key(account);
    if !accounts.iter().any(is_known) || !ctx.begin_item_check() {
        return Ok(());
    }
    let inbox = ctx.store.inbox(ctx.firm, ctx.client.realm_id()).await?;
    let mut doubtful = announced_items(ctx, &inbox);
    let needed = accounts
        .iter()
        .filter_map(|account| ctx.items.changed.get(account));
    doubtful.extend(needed.map(|change| change.id.clone()));
    if doubtful.is_empty() {
        return Ok(());
    }
    match check_by_reading(ctx, &doubtful).await {
        Ok(()) => Ok(()),
        Err(PostingError::Store(error)) => Err(error),
        Err(error) => {
            for account in accounts {
                let key = PartyKey::Item(account.clone());
                ctx.parties.add(key, Err(error.clone()));
            }
            Ok(())
        }
    }
}

/// Returns the ids of RIVET's items that must be read: of those in doubt, and of those of which the inbox has a change that is newer than the
/// known version.
pub fn announced_items<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    inbox: &Inbox,
) -> Vec<String> {
    let changes = inbox.pending.iter();
    let is_new = |id: &String| {
        let mut of_item = changes
            .clone()
            .filter(|change| change.kind == Kind::Item && change.id == *id);
        // QuickBooks dates versions by whole seconds.
        let known_at = ctx.items.known_at.get(id).copied().unwrap_or(i64::MIN);
        of_item.any(|change| change.at.as_second() > known_at)
    };
    let ids = ctx.items.by_account.values();
    let is_doubtful = |id: &&String| is_new(id) || ctx.items.doubtful.contains(*id);
    ids.filter(is_doubtful).cloned().collect()
}

/// Reads items by their ids and checks them.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub async fn check_by_reading<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    ids: &[String],
) -> Result<(), PostingError> {
    let now = ctx.now();
    let wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = find_entries(&mut ctx.client, Kind::Item, &wanted, now).await?;
    let mut gone = ids.to_vec();
    gone.retain(|id| found.iter().all(|item| item.id != *id));
    let read = ReadItems { found, gone };
    check(ctx, &read).await
}

/// Reads all of RIVET's items and checks them.
///
/// # Errors
/// As [`check_by_reading`].
pub async fn check_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
) -> Result<(), PostingError> {
    let ids: Vec<String> = ctx.items.by_account.values().cloned().collect();
    if ids.is_empty() {
        return Ok(());
    }
    check_by_reading(ctx, &ids).await
}

/// Compares items with what RIVET needs, and saves the changes in the catalogue. An item that was put back releases the documents that wait
/// for it. An item that is gone is forgotten, so that the next document finds or creates another.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub async fn check<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    read: &ReadItems,
) -> Result<(), PostingError> {
    let before = ctx.items.clone();
    for (account, id) in &before.by_account {
        if read.gone.contains(id) {
            ctx.items.forget(id);
            ctx.parties.forget_items();
            continue;
        }
        let Some(item) = read.found.iter().find(|item| item.id == *id) else {
            continue;
        };
        ctx.items.doubtful.remove(id);
        let updated_at = item.updated_at.map(|at| at.as_second());
        ctx.items.set_known_at(id, updated_at.unwrap_or(i64::MIN));
        record_state(ctx, account, item).await?;
    }
    if ctx.items != before {
        ctx.store.save_items(ctx.firm, &ctx.items).await?;
    }
    release(ctx, before.changed.into_values().collect()).await?;
    Ok(())
}

/// Records whether the item of an account is changed. If the account itself was merged or changed, documents that need it wait for the
/// settings.
async fn record_state<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    account: &str,
    item: &ListEntry,
) -> Result<(), PostingError> {
    let mut change = change_of(account, item);
    let known = ctx.items.changed.get(account);
    let is_known = known.is_some_and(|known| known.is_same_state(&change));
    if change.is_none() {
        ctx.items.put_back(account);
    } else if !is_known && !is_unfit(ctx, account) {
        if name_account(ctx, account, &mut change).await? {
            ctx.items.set_changed(account, change);
        } else {
            ctx.items.by_account.remove(account);
            ctx.items.put_back(account);
        }
    }
    Ok(())
}

/// Records that the items of a document are in doubt, if QuickBooks posted a line to another account. They are read before the next document.
pub async fn doubt_items_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<(), StoreError> {
    let has_other_account = |posted: &&PostedObject| {
        let conflict = record.conflict.as_ref();
        let object = conflict.and_then(|conflict| conflict.object(posted.kind, &posted.id));
        let mut fields = object.into_iter().flat_map(|object| &object.fields);
        posted.is_posted_differently && fields.any(|field| field.name == "account")
    };
    let differing = record.posted.iter().filter(has_other_account);
    let items = differing.flat_map(|posted| posted.ids.items.values());
    let before = ctx.items.doubtful.len();
    ctx.items.doubtful.extend(items.cloned());
    if ctx.items.doubtful.len() == before {
        return Ok(());
    }
    ctx.has_checked_items = false;
    ctx.store.save_items(ctx.firm, &ctx.items).await
}

/// Returns the hold of a document that needs the item of an account, if a person changed the item.
pub fn hold<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    account: &str,
) -> Option<HoldReason> {
    let change = ctx.items.changed.get(account)?;
    Some(HoldReason::ItemChanged(Box::new(change.clone())))
}

/// Releases the documents that wait for items that are not changed any more, or are changed otherwise.
async fn release<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    before: Vec<ItemChange>,
) -> Result<(), StoreError> {
    let is_over = |change: &ItemChange| ctx.items.changed.values().all(|known| known != change);
    if !before.iter().any(is_over) {
        return Ok(());
    }
    let is_released = |hold: &HoldReason| match hold {
        HoldReason::ItemChanged(change) => is_over(change),
        _ => false,
    };
    ctx.store.release_holds(ctx.firm, is_released).await?;
    Ok(())
}
