//! Finds what RIVET posted of a document and forgot, before a void of the document counts as done.

use crate::adoption::adopt;
use crate::context::WorkerContext;
use crate::document::draft::{DraftResult, draft};
use crate::entered_before::{self, Candidate, Verdict, standing_marks, verdict};
use crate::error::{LookupError, PostingError};
use crate::first_posting::ensure_divided_as_before;
use crate::matching::{self, Creation};
use crate::planned::{PlannedDocument, ResolvedPlan};
use crate::restored::is_outdated;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;

/// Looks for forgotten transactions of a document while RIVET sends again. A void may arrive before the revision that says what to look for.
///
/// # Errors
/// [`PostingError::PlanAgain`] if transactions were found, [`PostingError::StillUnknown`] as long as the revision has not arrived.
pub async fn find_forgotten<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    now: Timestamp,
) -> Result<(), PostingError> {
    let Some(restore) = ctx.restore else {
        return Ok(());
    };
    let is_void = item.record.is_void() && !is_outdated(ctx, &item.record);
    if is_void || !item.record.posted.is_empty() || ctx.now() >= restore.sent_again_by() {
        return Ok(());
    }
    match draft(ctx, item).await? {
        DraftResult::Planned(planned) => adopt_forgotten(ctx, item, &planned, now).await,
        DraftResult::Empty(_) => Ok(()),
        DraftResult::Settled(_) => Err(LookupError::TooEarly(restore.sent_again_by()).into()),
    }
}

async fn adopt_forgotten<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    planned: &PlannedDocument,
    now: Timestamp,
) -> Result<(), PostingError> {
    entered_before::watch::ensure_visible(ctx)?;
    let targets = matching::targets(ctx, &planned.plan).await?;
    matching::find_parties(ctx, &[planned], Creation::Forbidden, now).await?;
    let ids = matching::resolve(ctx, planned, targets);
    // Other documents of this run may create the parties that were not found.
    ctx.parties.forget_failures();
    let ids = match ids {
        Ok(ids) => ids,
        // Without its customer, nothing of the document was posted.
        Err(PostingError::Held(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut candidate = Candidate::of(&item.record, planned, &ids);
    candidate.is_restored = true;
    let looked = entered_before::look(ctx, &[candidate], now).await?;
    if let Some(error) = looked.refusal(&planned.plan.document) {
        return Err(error.clone().into());
    }
    let verdict = verdict(&looked, &candidate, None);
    let standing = standing_marks(&looked, &planned.plan.document);
    ensure_divided_as_before(&mut item.record, &standing)?;
    let ours = match verdict {
        Verdict::Ours(ours) => ours,
        // The parts are those of another revision, which RIVET sends again.
        Verdict::Held(hold) if !standing.is_empty() => return Err(hold.into()),
        Verdict::Clear | Verdict::Held(_) => return Ok(()),
    };
    let plan = &planned.plan;
    let resolved = ResolvedPlan { plan, ids };
    item.rescan
        .extend(adopt(ctx, &mut item.record, ours, &resolved).again);
    item.record.project = planned.plan.project.clone();
    Err(PostingError::PlanAgain)
}
