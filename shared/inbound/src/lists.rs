//! What happens to the entries of lists that documents name: those that are merged into others.

use crate::scan::snapshot::Scan;
use billing::Id;
use jiff::Timestamp;
use mapping::ReplacedReference;
use ports::http::Http;
use ports::records::Records;
use posting::context::WorkerContext;
use posting::error::Halt;
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
    office: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    inbox: &Inbox,
) -> Result<(), Halt> {
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
    let store = &office.bridge.store;
    let entries = store.entries_of(office.firm, scan.index, &gone).await?;
    for (gone, into) in merged {
        for entry in entries.iter().filter(|entry| entry.id == gone) {
            if let Subject::Customer(customer) = &entry.subject {
                rematch(office, customer, (&gone, into)).await?;
            }
        }
    }
    Ok(())
}

/// A customer that was matched with one that is gone is matched with another from now on.
async fn rematch<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    customer: &Id,
    (gone, into): (&str, &str),
) -> Result<(), Halt> {
    let store = &office.bridge.store;
    let mut known = store.customer_match(office.firm, customer).await?;
    if known.quickbooks_id.as_deref() == Some(gone) {
        known.quickbooks_id = Some(into.to_owned());
        store
            .save_customer_match(office.firm, customer, &known)
            .await?;
        posting::matching::note_match(office, customer, into);
    }
    let matches = &office.settings.customers.matches;
    if matches.get(customer.as_ref()).map(String::as_str) == Some(gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.customers.matches,
            id: customer,
        };
        let settings = store.replace_match(office.firm, chosen, Merge { gone, into });
        office.settings = settings.await?.settings;
    }
    Ok(())
}

/// A document may name another entry of a list because the one that it was posted with is gone, merged into that: then what RIVET
/// knows follows, and that is no difference. So it is if RIVET knows of that one anyway.
pub async fn follow_merges_of<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    scan: &Scan<'_>,
    record: &mut DocumentRecord,
) -> Result<(), Halt> {
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
        if follow(office, record, &replaced).await? {
            let posted = record.posted.iter_mut();
            posted.for_each(|posted| posted.apply_merge(&replaced));
        }
    }
    Ok(())
}

/// Whether an entry of a list was merged into the one in its place. What RIVET knows follows.
async fn follow<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<bool, Halt> {
    let ReplacedReference { kind, ours, theirs } = replaced;
    let known = known(office, record, replaced).await?;
    if known.as_ref() == Some(theirs) {
        return Ok(true);
    }
    if !is_merged(office, (*kind, ours), office.now()).await? {
        return Ok(false);
    }
    match (kind, &record.project) {
        (Kind::Customer, _) => {
            if let Some(customer) = customer_of(office, record).await? {
                rematch(office, &customer, (ours, theirs)).await?;
            }
        }
        (Kind::Class, Some(project)) => reclass(office, project, (ours, theirs)).await?,
        (Kind::Item, _) => {
            let items = office.items.by_account.values_mut();
            items
                .filter(|item| *item == ours)
                .for_each(|item| item.clone_from(theirs));
            office
                .bridge
                .store
                .save_items(office.firm, &office.items)
                .await?;
        }
        _ => {}
    }
    // What waited for the one that is gone goes on with the other.
    let cured = |hold: &HoldReason| hold.list() == Some(*kind);
    office
        .bridge
        .store
        .release_holds(office.firm, cured)
        .await?;
    Ok(true)
}

/// What RIVET would name there today.
async fn known<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<Option<String>, Halt> {
    let ReplacedReference { kind, ours, .. } = replaced;
    match (kind, &record.project) {
        (Kind::Customer, _) => {
            let Some(customer) = customer_of(office, record).await? else {
                return Ok(None);
            };
            let chosen = office.settings.customers.matches.get(customer.as_ref());
            let known = office
                .bridge
                .store
                .customer_match(office.firm, &customer)
                .await?;
            Ok(chosen.cloned().or(known.quickbooks_id))
        }
        (Kind::Class, Some(project)) => {
            let chosen = office
                .settings
                .class_tracking
                .projects
                .get(project.as_ref());
            match chosen.cloned() {
                Some(chosen) => Ok(Some(chosen)),
                None => Ok(office.project(project).await?.class_id.clone()),
            }
        }
        (Kind::Item, _) => {
            let mut items = record.active_objects().flat_map(|posted| &posted.ids.items);
            let account = items
                .find(|(_, item)| *item == ours)
                .map(|(account, _)| account);
            Ok(account
                .and_then(|account| office.items.by_account.get(account))
                .cloned())
        }
        _ => Ok(None),
    }
}

/// A project's class is another from now on.
async fn reclass<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    project: &Id,
    (gone, into): (&str, &str),
) -> Result<(), Halt> {
    let follow = &mut |book: &mut ProjectRecord| {
        if book.class_id.as_deref() == Some(gone) {
            book.class_id = Some(into.to_owned());
        }
    };
    office.keep_project(project, follow).await?;
    let chosen = &office.settings.class_tracking.projects;
    if chosen.get(project.as_ref()).map(String::as_str) == Some(gone) {
        let chosen = ChosenMatch {
            list: |settings| &mut settings.class_tracking.projects,
            id: project,
        };
        let store = &office.bridge.store;
        let settings = store.replace_match(office.firm, chosen, Merge { gone, into });
        office.settings = settings.await?.settings;
    }
    Ok(())
}

async fn customer_of<H: Http, R: Records>(
    office: &WorkerContext<'_, H, R>,
    record: &DocumentRecord,
) -> Result<Option<Id>, Halt> {
    let store = &office.bridge.store;
    let received = store.received_revision(office.firm, &record.reference, record.revision);
    Ok(received
        .await?
        .map(|document| document.customer().id.clone()))
}

/// Whether an entry of a list is gone: one is never deleted, only merged into another.
async fn is_merged<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    (kind, id): (Kind, &str),
    now: Timestamp,
) -> Result<bool, Halt> {
    let query = Query::from(kind).active_and_inactive();
    let query = query.filter(Field::Id.equals(id));
    Ok(office.listed(&query, now).await?.is_empty())
}
