//! Follows customers, classes, items and accounts that were merged into others.

// Top first: a module uses only modules below it.
mod matches;

pub use crate::merges::matches::{move_customer_match, move_job};

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::merges::matches::{customer_of, move_class, move_item};
use connection::client::find_entries;
use mapping::ReplacedReference;
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use quickbooks::entity::ListEntry;
use store::document::DocumentRecord;
use store::reason::hold::HoldReason;
use store::settings::operations::Merge;

/// The reason why QuickBooks has another reference than RIVET wrote.
pub enum Replacement {
    /// A person chose another entry.
    Edited,
    /// The entry was merged into the other one, or RIVET would use the other one anyway.
    Followed,
    /// A person moved the object to a customer of the same family: the parent, a job or a project. Holds the customer's full name.
    MovedInFamily(String),
}

/// Moves the matches of a replaced reference, if it was merged. Returns the reason why QuickBooks has another reference.
///
/// # Errors
/// [`PostingError`] if a record could not be read or written, or QuickBooks did not answer.
pub async fn follow<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<Replacement, PostingError> {
    let ReplacedReference { kind, ours, theirs } = replaced;
    let current = current_reference(ctx, record, replaced).await?;
    if current.as_ref() == Some(theirs) {
        return Ok(Replacement::Followed);
    }
    let now = ctx.now();
    let found = find_entries(&mut ctx.client, *kind, &[ours, theirs], now).await?;
    let entry = |id: &String| found.iter().find(|entry| entry.id == *id);
    // QuickBooks never deletes an entry, so a missing one was merged.
    if let Some(ours) = entry(ours) {
        let relative = entry(theirs).filter(|theirs| is_family(ours, theirs));
        return Ok(match (kind, relative) {
            (Kind::Customer, Some(theirs)) => Replacement::MovedInFamily(theirs.full_name.clone()),
            _ => Replacement::Edited,
        });
    }
    let merge = Merge {
        gone: ours,
        into: theirs,
    };
    match (kind, &record.project) {
        (Kind::Customer, Some(project)) if is_job(record, ours) => {
            move_job(ctx, project, merge).await?;
        }
        (Kind::Customer, _) => {
            if let Some(customer) = customer_of(ctx, record).await? {
                move_customer_match(ctx, &customer, merge).await?;
            }
        }
        (Kind::Class, Some(project)) => move_class(ctx, project, merge).await?,
        (Kind::Item, _) => move_item(ctx, record, merge, &found).await?,
        _ => {}
    }
    // Release the documents that waited for the merged entry. The documents continue with the other entry.
    let is_released = |hold: &HoldReason| hold.list() == Some(*kind);
    ctx.store.release_holds(ctx.firm, is_released).await?;
    Ok(Replacement::Followed)
}

/// Returns whether a document was posted for the job with this id.
fn is_job(record: &DocumentRecord, id: &str) -> bool {
    let mut active = record.active_objects();
    active.any(|posted| posted.ids.customer == id && posted.ids.parent.is_some())
}

/// Returns whether two customers have the same parent at the top, or one is the other's. A full name begins with the name at the top.
fn is_family(one: &ListEntry, other: &ListEntry) -> bool {
    let top = |entry: &ListEntry| entry.full_name.split(':').next().map(str::to_lowercase);
    top(one) == top(other)
}

/// Returns the id that RIVET would use today in place of a replaced reference.
async fn current_reference<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    replaced: &ReplacedReference,
) -> Result<Option<String>, PostingError> {
    let ReplacedReference { kind, ours, .. } = replaced;
    match (kind, &record.project) {
        (Kind::Customer, Some(project)) if is_job(record, ours) => {
            let chosen = &ctx.settings.customers.projects;
            match chosen.get(project.as_ref()).cloned() {
                Some(chosen) => Ok(Some(chosen)),
                None => {
                    let job = ctx.project(project).await?.job.as_ref();
                    Ok(job.and_then(|job| job.quickbooks_id.clone()))
                }
            }
        }
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
