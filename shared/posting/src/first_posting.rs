//! Makes sure that nothing is posted beside what is in QuickBooks already.

use crate::adoption::adopt;
use crate::context::WorkerContext;
use crate::entered_before::{Candidate, Looked, Verdict, standing_marks, verdict};
use crate::error::PostingError;
use crate::origin::Origin;
use crate::planned::ResolvedPlan;
use crate::steps::{allowed_steps, finish, record_and_execute};
use crate::work_item::WorkItem;
use ports::http::Http;
use ports::records::Records;
use store::document::DocumentRecord;
use store::document::status::DocumentStatus;

/// The answer for a document that is to be posted.
pub enum FirstPosting<'a> {
    /// The document is posted as planned: QuickBooks has nothing of it, or only what RIVET knows.
    New(ResolvedPlan<'a>),
    /// RIVET posted it before and forgot. It has its status.
    Adopted(DocumentStatus),
}

/// Returns whether a document is to be posted as planned, after a look at the company.
///
/// # Errors
/// [`PostingError::Held`] if somebody entered the document, or paid what it pays. [`PostingError::StillUnknown`] if a look-up was refused.
pub async fn ensure_first<'a, H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    resolved: ResolvedPlan<'a>,
    looked: &Looked,
) -> Result<FirstPosting<'a>, PostingError> {
    let now = ctx.now();
    if let Some(error) = looked.refusal(&resolved.plan.document) {
        return Err(error.clone().into());
    }
    let standing = standing_marks(looked, &resolved.plan.document);
    if ctx.restore.is_some() {
        ensure_divided_as_before(&mut item.record, &standing)?;
    }
    let candidate = Candidate {
        record: &item.record,
        plan: resolved.plan,
        ids: &resolved.ids,
        created: None,
        is_posted_anyway: item.entry.posts_anyway(),
        is_restored: ctx.restore.is_some(),
    };
    let decision = item.entry.decision.as_ref().map(|decision| decision.kind);
    let ours = match verdict(looked, &candidate, decision) {
        Verdict::Clear => return Ok(FirstPosting::New(resolved)),
        Verdict::Held(hold) => return Err(hold.into()),
        Verdict::Ours(ours) => ours,
    };
    let is_more = ctx.restore.is_some() && standing.len() > ours.len();
    let adopted = adopt(ctx, &mut item.record, ours, &resolved);
    item.rescan.extend(adopted.again);
    item.record.project = resolved.plan.project.clone();
    if is_more {
        // The rest is of another revision. It is taken over before the document is planned.
        return Err(PostingError::PlanAgain);
    }
    if adopted.is_newer {
        item.record.revision = item.entry.revision;
        return Ok(FirstPosting::Adopted(finish(ctx, item).await?));
    }
    let as_posted = ResolvedPlan {
        plan: &adopted.plan,
        ids: resolved.ids,
    };
    let steps = allowed_steps(ctx, item, as_posted, now).await?;
    record_and_execute(ctx, &mut item.record, steps, now).await?;
    Ok(FirstPosting::Adopted(finish(ctx, item).await?))
}

/// Makes sure that a payment of which these marks stand in the books is planned as it was before: divided by jobs or not.
///
/// # Errors
/// [`PostingError::PlanAgain`] if RIVET divided it before, and forgot that.
pub fn ensure_divided_as_before(
    record: &mut DocumentRecord,
    standing: &[Origin],
) -> Result<(), PostingError> {
    let was_divided = standing.iter().any(|origin| origin.job.is_some());
    if record.is_by_job || !was_divided {
        return Ok(());
    }
    record.is_by_job = true;
    Err(PostingError::PlanAgain)
}
