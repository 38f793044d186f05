//! Follows customers, classes and items that were merged into others.

use crate::observation::Scan;
use billing::Id;
use jiff::Timestamp;
use mapping::ReplacedReference;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::PostingError;
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use store::document::DocumentRecord;
use store::inbox::Inbox;
use store::inbox::change::ChangeKind;
use store::matches::ProjectRecord;
use store::object_index::entry::Subject;
use store::reason::hold::HoldReason;
use store::settings::operations::{ChosenMatch, Merge};

/// Moves the matches of customers to those into which they were merged, as the company announced it.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written.
pub(crate) async fn follow_merges<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let changes = inbox.waiting.iter();
    let customers = changes.filter(|change| change.kind == Kind::Customer);
    let merges: Vec<Merge<'_>> = customers
        .filter_map(|change| match &change.kind_of_change {
            ChangeKind::MergedInto(into) => Some(Merge {
                gone: &change.id,
                into,
            }),
            _ => None,
        })
        .collect();
    let gone = merges.iter().map(|merge| merge.gone.to_owned());
    let gone: Vec<_> = gone.map(|id| (Kind::Customer, id)).collect();
    let entries = ctx.store.entries_of(ctx.firm, scan.index, &gone).await?;
    for merge in merges {
        for entry in entries.iter().filter(|entry| entry.id == merge.gone) {
            if let Subject::Customer(customer) = &entry.subject {
                move_customer_match(ctx, customer, merge).await?;
            }
        }
    }
    Ok(())
}

/// Follows merges that show in a document's objects: an object names another customer, class or item, because the posted one was
/// merged into it. Such a reference is no difference.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub(crate) async fn follow_merges_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<(), PostingError> {
    for replaced in replaced_references(scan, record) {
        if follow(ctx, record, &replaced).await? {
            let posted = record.posted.iter_mut();
            posted.for_each(|posted| posted.apply_merge(&replaced));
        }
    }
    Ok(())
}

/// Returns the references of a document's objects that QuickBooks replaced. Each reference is returned once.
fn replaced_references(scan: &Scan<'_>, record: &DocumentRecord) -> Vec<ReplacedReference> {
    let mut all: Vec<ReplacedReference> = Vec::new();
    for posted in record.active_objects() {
        let observation = scan.observation_of(posted);
        let Some(found) = observation.and_then(|observation| observation.found.as_ref()) else {
            continue;
        };
        for replaced in posted.replaced_references(found) {
            if !all.contains(&replaced) {
                all.push(replaced);
            }
        }
    }
    all
}

/// Moves the matches of a replaced reference, if it was merged. Returns whether the reference is no difference: it was merged, or
/// RIVET would use the new one anyway.
async fn follow<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<bool, PostingError> {
    let ReplacedReference { kind, ours, theirs } = replaced;
    let current = current_reference(ctx, record, replaced).await?;
    if current.as_ref() == Some(theirs) {
        return Ok(true);
    }
    if !is_merged(ctx, *kind, ours, ctx.now()).await? {
        return Ok(false);
    }
    let merge = Merge {
        gone: ours,
        into: theirs,
    };
    match (kind, &record.project) {
        (Kind::Customer, _) => {
            if let Some(customer) = customer_of(ctx, record).await? {
                move_customer_match(ctx, &customer, merge).await?;
            }
        }
        (Kind::Class, Some(project)) => move_class(ctx, project, merge).await?,
        (Kind::Item, _) => {
            let items = ctx.items.by_account.values_mut();
            items
                .filter(|item| *item == ours)
                .for_each(|item| item.clone_from(theirs));
            ctx.store.save_items(ctx.firm, &ctx.items).await?;
        }
        _ => {}
    }
    // Release the documents that waited for the merged entry. The documents continue with the other entry.
    let is_released = |hold: &HoldReason| hold.list() == Some(*kind);
    ctx.store.release_holds(ctx.firm, is_released).await?;
    Ok(true)
}

/// Returns the id that RIVET would use today in place of a replaced reference.
async fn current_reference<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<Option<String>, PostingError> {
    let ReplacedReference { kind, ours, .. } = replaced;
    match (kind, &record.project) {
        (Kind::Customer, _) => {
            let Some(customer) = customer_of(ctx, record).await? else {
                return Ok(None);
            };
            let chosen = ctx.settings.customers.matches.get(customer.as_ref());
            let known = ctx.store.customer_match(ctx.firm, &customer).await?;
            Ok(chosen.cloned().or(known.quickbooks_id))
        }
        (Kind::Class, Some(project)) => {
            let chosen = &ctx.settings.class_tracking.projects;
            match chosen.get(project.as_ref()).cloned() {
                Some(chosen) => Ok(Some(chosen)),
                None => Ok(ctx.project(project).await?.class_id.clone()),
            }
        }
        (Kind::Item, _) => {
            let mut items = record.active_objects().flat_map(|posted| &posted.ids.items);
            let account = items.find(|(_, item)| *item == ours);
            let current = account.and_then(|(account, _)| ctx.items.by_account.get(account));
            Ok(current.cloned())
        }
        _ => Ok(None),
    }
}

/// Moves the saved or chosen match of a customer from a merged QuickBooks customer to the other one.
async fn move_customer_match<H: Http, R: Records>(
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
        ctx.parties
            .add_match(customer, merge.into, ctx.client.now());
    }
    move_chosen_customer(ctx, customer, merge).await
}

/// Moves the match of a customer that was chosen in the settings.
async fn move_chosen_customer<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    customer: &Id,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let matches = &ctx.settings.customers.matches;
    if matches.get(customer.as_ref()).map(String::as_str) == Some(merge.gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.customers.matches,
            id: customer,
        };
        let record = ctx.store.replace_match(ctx.firm, chosen, merge).await?;
        ctx.settings = record.settings;
    }
    Ok(())
}

/// Moves the saved or chosen class of a project from a merged QuickBooks class to the other one.
async fn move_class<H: Http, R: Records>(
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
    let chosen = &ctx.settings.class_tracking.projects;
    if chosen.get(project.as_ref()).map(String::as_str) == Some(merge.gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.class_tracking.projects,
            id: project,
        };
        let record = ctx.store.replace_match(ctx.firm, chosen, merge).await?;
        ctx.settings = record.settings;
    }
    Ok(())
}

async fn customer_of<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<Option<Id>, PostingError> {
    let (store, document) = (ctx.store, &record.reference);
    let received = store.received_revision(ctx.firm, document, record.revision);
    Ok(received
        .await?
        .map(|document| document.customer().id.clone()))
}

/// Returns whether an entry of a list was merged into another. QuickBooks never deletes an entry, so a missing one was merged.
async fn is_merged<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<bool, PostingError> {
    let query = Query::from(kind).active_and_inactive();
    let query = query.filter(Field::Id.equals(id));
    Ok(ctx.client.query_list(&query, now).await?.is_empty())
}
