//! Adopts what RIVET posted of a document and forgot.

use crate::adoption::adopt;
use crate::context::WorkerContext;
use crate::entered_before::{self, Candidate, Verdict, standing_marks, verdict};
use crate::error::PostingError;
use crate::first_posting::ensure_divided_as_before;
use crate::matching::{self, Creation};
use crate::planned::{PlannedDocument, ResolvedPlan};
use crate::watch;
use crate::work_item::WorkItem;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::Records;

/// Looks for transactions with the mark of a planned document, and adopts them.
///
/// # Errors
/// [`PostingError::PlanAgain`] if transactions were found. [`PostingError::Held`] if a person must say which of several are RIVET's.
pub(super) async fn adopt_forgotten<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    planned: &PlannedDocument,
    now: Timestamp,
) -> Result<(), PostingError> {
    watch::ensure_visible(ctx)?;
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
