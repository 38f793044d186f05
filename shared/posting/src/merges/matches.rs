//! Moves RIVET's matches from merged customers, classes and items to the other ones.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::items;
use billing::Id;
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ListEntry;
use store::document::DocumentRecord;
use store::matches::ProjectRecord;
use store::object_index::entry::Subject;
use store::settings::operations::{ChosenMatch, Merge};

/// Moves the saved or chosen match of a customer from a merged QuickBooks customer to the other one.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub async fn move_customer_match<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    customer: &Id,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let store = ctx.store;
    let mut known = store.customer_match(ctx.firm, customer).await?;
    if known.quickbooks_id.as_deref() == Some(merge.gone) {
        known.quickbooks_id = Some(merge.into.to_owned());
        store
            .save_customer_match(ctx.firm, customer, &known)
            .await?;
        let subject = Subject::Customer(customer.clone());
        ctx.parties.add_match(subject, merge.into, ctx.client.now());
    }
    let chosen = ChosenMatch {
        list: |settings| &mut settings.customers.matches,
        id: customer,
    };
    move_chosen(ctx, chosen, merge).await
}

/// Moves a match that was chosen in the settings.
async fn move_chosen<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    chosen: ChosenMatch<'_>,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let matches = (chosen.list)(&mut ctx.settings);
    if matches.get(chosen.id.as_ref()).map(String::as_str) == Some(merge.gone) {
        let record = ctx.store.replace_match(ctx.firm, chosen, merge).await?;
        ctx.settings = record.settings;
    }
    Ok(())
}

/// Moves the saved or chosen job of a project from a merged QuickBooks customer to the other one.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub async fn move_job<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Id,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let follow = &mut |record: &mut ProjectRecord| {
        let job = record.job.iter_mut();
        let ids = job.flat_map(|job| [&mut job.quickbooks_id, &mut job.checked]);
        for id in ids.flatten().filter(|id| *id == merge.gone) {
            merge.into.clone_into(id);
        }
    };
    ctx.update_project(project, follow).await?;
    let subject = Subject::Project(project.clone());
    ctx.parties.add_match(subject, merge.into, ctx.client.now());
    let chosen = ChosenMatch {
        list: |settings| &mut settings.customers.projects,
        id: project,
    };
    move_chosen(ctx, chosen, merge).await
}

/// Moves the saved or chosen class of a project from a merged QuickBooks class to the other one.
pub(super) async fn move_class<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Id,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let follow = &mut |record: &mut ProjectRecord| {
        if record.class_id.as_deref() == Some(merge.gone) {
            record.class_id = Some(merge.into.to_owned());
        }
    };
    ctx.update_project(project, follow).await?;
    let chosen = ChosenMatch {
        list: |settings| &mut settings.class_tracking.projects,
        id: project,
    };
    move_chosen(ctx, chosen, merge).await
}

/// Moves the accounts of a merged item to the other item, if that one is as RIVET needs it. Otherwise the next document finds or creates
/// another.
pub(super) async fn move_item<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    merge: Merge<'_>,
    found: &[ListEntry],
) -> Result<(), PostingError> {
    let mut used = record.active_objects().flat_map(|posted| &posted.ids.items);
    let account = used.find(|(_, item)| *item == merge.gone);
    let Some(account) = account.map(|(account, _)| account.clone()) else {
        return Ok(());
    };
    let known = ctx.items.by_account.get(&account);
    let has_other = known.is_some_and(|item| item != merge.gone);
    ctx.items.forget(merge.gone);
    let mut fitting = found.iter().filter(|item| items::fits(&account, item));
    if !has_other && let Some(item) = fitting.next() {
        ctx.items.by_account.insert(account, item.id.clone());
    }
    ctx.store.save_items(ctx.firm, &ctx.items).await?;
    Ok(())
}

/// Returns the customer of the revision that a document has in QuickBooks.
pub(super) async fn customer_of<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<Option<Id>, PostingError> {
    let (store, document) = (ctx.store, &record.reference);
    let received = store.received_revision(ctx.firm, document, record.revision);
    Ok(received
        .await?
        .map(|document| document.customer().id.clone()))
}
