//! Takes over what QuickBooks may have otherwise than RIVET sent: entries of lists that were merged, a move to a job of the customer, and
//! numbers that QuickBooks assigns.

use crate::comparison::assigned_numbers::take_over_numbers;
use crate::comparison::{conflict_object, object_name, show_difference};
use crate::conflict::{ensure_unchanged, find_posted};
use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::merges::{Replacement, follow};
use crate::planned::ResolvedSteps;
use crate::work_item::WorkItem;
use mapping::{PostedObject, ReplacedReference};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;
use store::object_index::entry::VERSION_UNKNOWN;
use store::reason::ReasonCode;

/// The fields whose difference a merge or a move after the write can explain.
const REFERENCES: [&str; 5] = ["customer", "class", "lines", "account", "deposit_account"];

/// The field whose difference a merge before the write can explain. An item keeps its id when its account is merged, and QuickBooks refuses
/// all other ids that are gone.
const ITEM_ACCOUNT: [&str; 1] = ["account"];

/// Takes over the differences of a document's objects that are right in QuickBooks. Such a document is no conflict.
///
/// # Errors
/// [`PostingError`] if QuickBooks must be asked and does not answer now. The differences alone are no conflict before.
pub async fn take_over_harmless<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
) -> Result<(), PostingError> {
    for at in 0..item.record.posted.len() {
        if !may_be_replaced(&item.record, &item.record.posted[at]) {
            continue;
        }
        match compare_again(ctx, item, at).await {
            // A refused question says nothing, and the difference stays.
            Err(error) if error.is_refused() => {}
            taken_over => taken_over?,
        }
    }
    take_over_numbers(ctx, &mut item.record).await
}

/// Returns an error unless all objects that the steps change are as RIVET left them, like [`ensure_unchanged`]. A merge, or a move to a job of
/// the customer, is no edit: it is taken over.
///
/// # Errors
/// [`PostingError::PlanAgain`] if merges or moves were taken over. The steps may name the entries that were replaced.
pub async fn ensure_unedited<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    planned: &mut ResolvedSteps,
) -> Result<(), PostingError> {
    let (known, now) = (item.record.conflict.clone(), ctx.now());
    let edit = match ensure_unchanged(ctx, &mut item.record, planned, now).await {
        Err(PostingError::Conflict(edit)) if edit.has_code(ReasonCode::ChangedInQuickbooks) => edit,
        outcome => return outcome,
    };
    let (posted, remark) = (item.record.posted.clone(), item.remark.clone());
    let error = match take_over_edits(ctx, item).await {
        Ok(true) => {
            item.record.conflict = known;
            return Err(PostingError::PlanAgain);
        }
        Err(error) if !error.is_refused() => {
            item.record.conflict = known;
            error
        }
        Ok(false) | Err(_) => PostingError::Conflict(edit),
    };
    (item.record.posted, item.remark) = (posted, remark);
    Err(error)
}

/// Takes over the merges and moves of the objects that are in conflict. Returns whether nothing else differs.
async fn take_over_edits<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
) -> Result<bool, PostingError> {
    for at in 0..item.record.posted.len() {
        let posted = &item.record.posted[at];
        let conflict = item.record.conflict.as_ref();
        let object = conflict.and_then(|conflict| conflict.object(posted.kind, &posted.id));
        let Some(object) = object else { continue };
        if object.version.as_ref() == Some(&posted.sync_token) {
            continue;
        }
        let found = take_over_references(ctx, item, at).await?;
        let posted = &mut item.record.posted[at];
        match found.filter(|found| posted.is_as_written(found)) {
            Some(found) => posted.set_version(&found),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// Returns whether merges, and a number that QuickBooks assigned, can explain all differences of an object.
fn may_be_replaced(record: &DocumentRecord, posted: &PostedObject) -> bool {
    let explained: &[&str] = match posted.sync_token == VERSION_UNKNOWN {
        true => &REFERENCES,
        false => &ITEM_ACCOUNT,
    };
    let conflict = record.conflict.as_ref();
    let conflict = conflict.filter(|_| posted.is_posted_differently);
    let object = conflict.and_then(|conflict| conflict.object(posted.kind, &posted.id));
    let fields = object.into_iter().flat_map(|object| &object.fields);
    let fields = fields.filter(|field| field.is_in_books() && field.name != "number");
    let mut names = fields.map(|field| field.name.as_str()).peekable();
    names.peek().is_some() && names.all(|name| explained.contains(&name))
}

/// Takes over what merges and moves explain of an object. The object counts as posted differently only if it still differs.
async fn compare_again<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    at: usize,
) -> Result<(), PostingError> {
    let Some(found) = take_over_references(ctx, item, at).await? else {
        return Ok(());
    };
    let record = &mut item.record;
    let posted = &mut record.posted[at];
    if posted.changes_books(&found) {
        let object = conflict_object(posted, Some(&found));
        show_difference(record, object, ctx.now());
    } else {
        posted.is_posted_differently = false;
        posted.set_version(&found);
    }
    Ok(())
}

/// Reads an object, and takes over its references to entries into which others were merged. Returns the object as it was read.
async fn take_over_references<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    at: usize,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let now = ctx.now();
    let posted = &item.record.posted[at];
    let found = find_posted(ctx, posted.kind, &posted.id.clone(), now).await?;
    if let Some(found) = &found {
        for replaced in item.record.posted[at].replaced_references(found) {
            take_over_reference(ctx, item, at, &replaced).await?;
        }
    }
    Ok(found)
}

async fn take_over_reference<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    at: usize,
    replaced: &ReplacedReference,
) -> Result<(), PostingError> {
    match follow(ctx, &item.record, replaced).await? {
        Replacement::Edited => {}
        Replacement::Followed => {
            let posted = item.record.posted.iter_mut();
            posted.for_each(|posted| posted.apply_merge(replaced));
        }
        Replacement::MovedInFamily(name) => {
            let posted = &mut item.record.posted[at];
            posted.move_in_family(&replaced.theirs);
            let moved = format!("Somebody moved {} to {name}. ", object_name(posted));
            item.remark.push_str(&moved);
        }
    }
    Ok(())
}
