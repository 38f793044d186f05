//! Adopts objects that a person posted by hand instead of RIVET.

// Top first: a module uses only modules below it.
mod verification;

use crate::context::WorkerContext;
use crate::document::facts::DocumentFacts;
use crate::document::manual_posting::verification::{Verification, verify};
use crate::error::PostingError;
use crate::planned::ResolvedPlan;
use crate::steps::finish;
use crate::work_item::WorkItem;
use billing::{Document, DocumentKind};
use jiff::Timestamp;
use mapping::{PlanInputs, PostedObject, PostingPlan, Refusal, ReleaseForm};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::document::status::DocumentStatus;
use store::reason::{Action, Reason};

/// Adopts the named objects as the document's postings, if they exist, belong to its customer, and have its total.
pub async fn adopt_manual_posting<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    item: &mut WorkItem,
    resolved: &ResolvedPlan<'_>,
    now: Timestamp,
) -> Result<DocumentStatus, PostingError> {
    let posted = match verify(ctx, item, resolved, now).await? {
        Verification::Differs(difference) => return Ok(differs(&item.record, &difference)),
        Verification::Matches(posted) => posted,
    };
    let record = &mut item.record;
    let is_named = |old: &PostedObject| posted.iter().any(|new| is_same_object(old, new));
    record.posted.retain(|old| !is_named(old));
    let replaced = record.posted.iter_mut().filter(|old| old.is_active);
    replaced.for_each(PostedObject::mark_deleted);
    record.posted.extend(posted);
    record.project = resolved.plan.project.clone();
    record.plan_hash = Some(resolved.plan.hash());
    item.cover();
    finish(ctx, item).await
}

/// Returns the plan of a document. If a person says that a release is an invoice or an entry, the plan has that kind.
pub fn plan_as_marked<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    item: &WorkItem,
    document: &Document,
    facts: &DocumentFacts,
) -> Result<PostingPlan, Refusal> {
    let preferences = ctx.client.preferences();
    let inputs = PlanInputs {
        payment: &facts.payment,
        ..ctx.plan_inputs(&preferences, &facts.held, &facts.parties)
    };
    let plan = mapping::plan(document, &inputs)?;
    let Some(release_form) = marked_form(item, &plan) else {
        return Ok(plan);
    };
    let inputs = PlanInputs {
        release_form,
        ..inputs
    };
    mapping::plan(document, &inputs)
}

/// Returns the form of a release that a person named. `None` if the plan has that form already.
fn marked_form(item: &WorkItem, plan: &PostingPlan) -> Option<ReleaseForm> {
    let decision = item.entry.decision.as_ref();
    let decision = decision.filter(|decision| decision.kind == DecisionKind::Posted)?;
    let is_release = plan.document.kind == DocumentKind::RetainageRelease;
    let ([named], [planned]) = (decision.objects.as_slice(), plan.postings.as_slice()) else {
        return None;
    };
    if !is_release || named.kind == planned.posting.txn_type() {
        return None;
    }
    match named.kind {
        TxnType::Invoice => Some(ReleaseForm::Invoice),
        TxnType::JournalEntry => Some(ReleaseForm::JournalEntry),
        TxnType::CreditMemo | TxnType::Payment | TxnType::Other => None,
    }
}

fn differs(record: &DocumentRecord, difference: &str) -> DocumentStatus {
    let message = format!("It is not as it was marked. {difference}");
    let reason = Reason::new("not_as_marked", Action::FixInQuickbooks, message);
    if record.conflict.is_some() {
        DocumentStatus::Conflict(reason)
    } else {
        DocumentStatus::Failed(reason)
    }
}

fn is_same_object(one: &PostedObject, other: &PostedObject) -> bool {
    (one.kind, &one.id) == (other.kind, &other.id)
}
