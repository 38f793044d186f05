//! The view of a document: its state, the reason, the attempts, and its objects in QuickBooks.

// Top first: a module uses only modules below it.
mod conflict;
mod lookup;

use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use mapping::{PostedObject, Posting, PostingPlan};
use ports::records::Records;
use quickbooks::entity::TxnType;
use serde::Serialize;
use store::Store;
use store::document::DocumentRecord;
use store::document::attempt::Attempt;
use store::document::decision::Decision;
use store::document::payment::PaymentState;
use store::document::status::DocumentStatus;
use store::queue::effective_status::effective_status;
use store::queue::entry::QueueEntry;
use store::reason::{page, place};

use crate::error::Error;
use crate::preview::{Preview, preview};
use crate::views::decisions::{PossibleDecision, may_be_retried};
use crate::views::document::conflict::ConflictView;
use crate::views::document::lookup::LookupView;
use crate::views::reason::ReasonView;
use crate::views::summary::SummaryView;

/// A document, as shown.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentView {
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pay_app", "retainage_release", "payment", "project"])))]
    kind: &'static str,
    id: String,
    revision: u32,
    #[serde(flatten)]
    summary: SummaryView,
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pending", "posting", "posted", "held", "uncertain", "failed", "conflict", "voided", "skipped"])))]
    state: &'static str,
    reason: Option<ReasonView>,
    plan_hash: Option<String>,
    quickbooks: Vec<ObjectView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lookup: Option<LookupView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionView>,
    /// The decisions that are possible now.
    decisions: Vec<PossibleDecision>,
    /// True if Sync Now with the document may help.
    retry: bool,
    /// The plan that RIVET would post now, if the document is not finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PostingPlan>,
    attempts: Vec<Attempt>,
    updated_at: Option<Timestamp>,
}

/// An object in QuickBooks.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ObjectView {
    #[serde(rename = "type")]
    kind: TxnType,
    id: String,
    number: Option<String>,
    #[serde(rename = "live")]
    is_active: bool,
    url: String,
    /// The posting of RIVET, with its lines.
    posting: Posting,
}

/// A person's decision.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct DecisionView {
    act: &'static str,
    by: String,
    at: Timestamp,
    /// True if a run applied the decision. Otherwise the next scheduled run does.
    #[serde(rename = "carried_out")]
    is_applied: bool,
}

/// Returns a document of a firm.
///
/// # Errors
/// [`Error::UnknownDocument`], or the store fails.
pub async fn document<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    reference: &DocumentRef,
) -> Result<DocumentView, Error> {
    let record = store.document(firm, reference).await?;
    let queue = store.queue(firm).await?;
    let entry = queue.entry_for(reference);
    let shown = match (record, entry) {
        (None, None) => return Err(Error::UnknownDocument),
        (Some(record), entry) => view(&record, entry),
        (None, Some(entry)) => {
            let unprocessed = DocumentRecord::new(reference.clone(), Timestamp::UNIX_EPOCH);
            DocumentView {
                updated_at: None,
                ..view(&unprocessed, Some(entry))
            }
        }
    };
    let plan = match entry.filter(|entry| entry.pending_void().is_none()) {
        Some(entry) => plan(store, firm, entry).await?,
        None => None,
    };
    Ok(DocumentView { plan, ..shown })
}

/// Returns the posting plan of the newest revision of an unfinished document, if it can be planned.
async fn plan<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    entry: &QueueEntry,
) -> Result<Option<PostingPlan>, Error> {
    let received = store.received_revision(firm, &entry.document, entry.revision);
    let Some(document) = received.await? else {
        return Ok(None);
    };
    Ok(match preview(store, firm, &document).await? {
        Preview::Planned { plan, .. } => Some(plan),
        Preview::Refused(_) => None,
    })
}

/// Returns the view. The queue entry is newer than the record.
fn view(record: &DocumentRecord, entry: Option<&QueueEntry>) -> DocumentView {
    let state = effective_status(record, entry);
    let pending = entry.and_then(|entry| entry.decision.as_ref());
    let told = entry.and_then(|entry| entry.summary.as_ref());
    let summary = told.or(record.summary.as_ref());
    let is_in_conflict = matches!(state, DocumentStatus::Conflict(_)) || pending.is_some();
    DocumentView {
        conflict: record
            .conflict
            .as_ref()
            .filter(|_| is_in_conflict)
            .map(ConflictView::of),
        decision: match (pending, entry) {
            (Some(decision), _) => Some(decision_view(decision, false)),
            (None, None) => record
                .decision
                .as_ref()
                .map(|applied| decision_view(applied, true)),
            (None, Some(_)) => None,
        },
        lookup: matches!(state, DocumentStatus::Uncertain(_))
            .then(|| LookupView::of(record, entry)),
        kind: record.reference.kind.as_str(),
        id: record.reference.id.to_string(),
        revision: entry.map_or(record.revision, |entry| entry.revision.max(record.revision)),
        summary: SummaryView::of(summary),
        decisions: entry.map_or_else(Vec::new, |entry| PossibleDecision::all(entry, Some(record))),
        retry: entry.is_some_and(|entry| may_be_retried(&entry.state)),
        plan: None,
        state: state.name(),
        reason: ReasonView::of(&state),
        plan_hash: record.plan_hash.clone(),
        quickbooks: record.posted.iter().map(object_view).collect(),
        payment: record.payment.clone(),
        attempts: record.attempts.clone(),
        updated_at: Some(record.updated_at),
    }
}

fn decision_view(decision: &Decision, is_applied: bool) -> DecisionView {
    DecisionView {
        act: decision.kind.name(),
        by: decision.decided_by.to_string(),
        at: decision.decided_at,
        is_applied,
    }
}

fn object_view(posted: &PostedObject) -> ObjectView {
    ObjectView {
        kind: posted.kind,
        id: posted.id.clone(),
        number: posted.number.clone(),
        is_active: posted.is_active,
        url: page(&place(posted.kind, &posted.id)),
        posting: posted.posting.clone(),
    }
}
