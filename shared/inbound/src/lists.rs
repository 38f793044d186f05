//! What happens to the entries of lists that documents name: those that are merged into others.

use crate::scan::snapshot::Scan;
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

/// Matches with customers that were merged into others follow them.
pub async fn follow_merges<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), PostingError> {
    let told = inbox.waiting.iter();
    let told = told.filter(|notice| notice.kind == Kind::Customer);
    let merged: Vec<(String, &String)> = told
        .filter_map(|notice| match &notice.kind_of_change {
            ChangeKind::MergedInto(into) => Some((notice.id.clone(), into)),
            _ => None,
        })
        .collect();
    let gone: Vec<_> = merged
        .iter()
        .map(|(gone, _)| (Kind::Customer, gone.clone()))
        .collect();
    let store = ctx.store;
    let entries = store.entries_of(ctx.firm, scan.index, &gone).await?;
    for (gone, into) in merged {
        for entry in entries.iter().filter(|entry| entry.id == gone) {
            if let Subject::Customer(customer) = &entry.subject {
                rematch(ctx, customer, Merge { gone: &gone, into }).await?;
            }
        }
    }
    Ok(())
}

/// A customer that was matched with one that is gone is matched with another from now on.
async fn rematch<H: Http, R: Records>(
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
    let matches = &ctx.settings.customers.matches;
    if matches.get(customer.as_ref()).map(String::as_str) == Some(merge.gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.customers.matches,
            id: customer,
        };
        let settings = store.replace_match(ctx.firm, chosen, merge);
        ctx.settings = settings.await?.settings;
    }
    Ok(())
}

/// A document may name another entry of a list because the one that it was posted with is gone, merged into that: then what RIVET
/// knows follows, and that is no difference. So it is if RIVET knows of that one anyway.
pub async fn follow_merges_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<(), PostingError> {
    let mut all: Vec<ReplacedReference> = Vec::new();
    for posted in record.active_objects() {
        let observation = posted.kind.kind();
        let observation = observation.and_then(|kind| scan.observation(kind, &posted.id));
        let found = observation.and_then(|observation| observation.found.as_ref());
        for replaced in found
            .iter()
            .flat_map(|found| posted.replaced_references(found))
        {
            if !all.contains(&replaced) {
                all.push(replaced);
            }
        }
    }
    for replaced in all {
        if follow(ctx, record, &replaced).await? {
            let posted = record.posted.iter_mut();
            posted.for_each(|posted| posted.apply_merge(&replaced));
        }
    }
    Ok(())
}

/// Whether an entry of a list was merged into the one in its place. What RIVET knows follows.
async fn follow<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<bool, PostingError> {
    let ReplacedReference { kind, ours, theirs } = replaced;
    let known = known(ctx, record, replaced).await?;
    if known.as_ref() == Some(theirs) {
        return Ok(true);
    }
    if !is_merged(ctx, (*kind, ours), ctx.now()).await? {
        return Ok(false);
    }
    let merge = Merge {
        gone: ours,
        into: theirs,
    };
    match (kind, &record.project) {
        (Kind::Customer, _) => {
            if let Some(customer) = customer_of(ctx, record).await? {
                rematch(ctx, &customer, merge).await?;
            }
        }
        (Kind::Class, Some(project)) => reclass(ctx, project, merge).await?,
        (Kind::Item, _) => {
            let items = ctx.items.by_account.values_mut();
            items
                .filter(|item| *item == ours)
                .for_each(|item| item.clone_from(theirs));
            ctx.store.save_items(ctx.firm, &ctx.items).await?;
        }
        _ => {}
    }
    // What waited for the one that is gone goes on with the other.
    let cured = |hold: &HoldReason| hold.list() == Some(*kind);
    ctx.store.release_holds(ctx.firm, cured).await?;
    Ok(true)
}

/// What RIVET would name there today.
async fn known<H: Http, R: Records>(
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
            let chosen = ctx.settings.class_tracking.projects.get(project.as_ref());
            match chosen.cloned() {
                Some(chosen) => Ok(Some(chosen)),
                None => Ok(ctx.project(project).await?.class_id.clone()),
            }
        }
        (Kind::Item, _) => {
            let mut items = record.active_objects().flat_map(|posted| &posted.ids.items);
            let account = items
                .find(|(_, item)| *item == ours)
                .map(|(account, _)| account);
            Ok(account
                .and_then(|account| ctx.items.by_account.get(account))
                .cloned())
        }
        _ => Ok(None),
    }
}

/// A project's class is another from now on.
async fn reclass<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    project: &Id,
    merge: Merge<'_>,
) -> Result<(), PostingError> {
    let follow = &mut |book: &mut ProjectRecord| {
        if book.class_id.as_deref() == Some(merge.gone) {
            book.class_id = Some(merge.into.to_owned());
        }
    };
    ctx.update_project(project, follow).await?;
    let chosen = &ctx.settings.class_tracking.projects;
    if chosen.get(project.as_ref()).map(String::as_str) == Some(merge.gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.class_tracking.projects,
            id: project,
        };
        let store = ctx.store;
        let settings = store.replace_match(ctx.firm, chosen, merge);
        ctx.settings = settings.await?.settings;
    }
    Ok(())
}

async fn customer_of<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<Option<Id>, PostingError> {
    let store = ctx.store;
    let received = store.received_revision(ctx.firm, &record.reference, record.revision);
    Ok(received
        .await?
        .map(|document| document.customer().id.clone()))
}

/// Whether an entry of a list is gone: one is never deleted, only merged into another.
async fn is_merged<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    (kind, id): (Kind, &str),
    now: Timestamp,
) -> Result<bool, PostingError> {
    let query = Query::from(kind).active_and_inactive();
    let query = query.filter(Field::Id.equals(id));
    Ok(ctx.client.query_list(&query, now).await?.is_empty())
}
