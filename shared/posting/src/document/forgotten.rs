//! Finds what RIVET posted of a document and forgot, before a void of the document, or a revision that bills nothing, counts as done.

// Top first: a module uses only modules below it.
mod adoption;

use crate::context::WorkerContext;
use crate::document::draft::{DraftResult, draft};
use crate::document::facts::facts;
use crate::document::forgotten::adoption::adopt_forgotten;
use crate::error::{LookupError, PostingError};
use crate::outcome::plan_error;
use crate::planned::PlannedDocument;
use crate::work_item::WorkItem;
use billing::Document;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;

/// Looks for forgotten transactions of a document that RIVET sent before the restore, or again since. A void may arrive before the revision
/// that says what to look for.
///
/// # Errors
/// [`PostingError::PlanAgain`] if transactions were found, [`PostingError::StillUnknown`] as long as the revision may still arrive.
pub async fn find_forgotten<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<(), PostingError> {
    let Some(restore) = ctx.restore else {
        return Ok(());
    };
    let record = &item.record;
    let is_void = record.is_void() && !restore.is_outdated(record);
    if is_void || !restore.may_have_posted(record) || !record.posted.is_empty() {
        return Ok(());
    }
    let planned = match draft(ctx, item).await? {
        DraftResult::Planned(planned) => Some(planned),
        DraftResult::Empty(document) => draft_of_zero(ctx, item, document).await?,
        DraftResult::Settled(_) if ctx.now() < restore.sent_again_by() => {
            return Err(LookupError::TooEarly(restore.sent_again_by()).into());
        }
        DraftResult::Settled(_) => None,
    };
    match planned {
        Some(planned) => adopt_forgotten(ctx, item, &planned, now).await,
        None => Ok(()),
    }
}

/// Plans a revision that bills nothing, so that what earlier revisions posted is found. `None` if the document has no revisions.
async fn draft_of_zero<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &WorkItem,
    document: Document,
) -> Result<Option<PlannedDocument>, PostingError> {
    let facts = facts(ctx, item, &document).await?;
    let preferences = ctx.client.preferences();
    let inputs = ctx.plan_inputs(&preferences, &facts.held, &facts.parties);
    let plan = mapping::plan_of_zero(&document, &inputs).map_err(plan_error)?;
    Ok(plan.map(|plan| PlannedDocument {
        document,
        plan,
        billed: facts.billed,
        hold_unless_found: None,
    }))
}
