//! The view of a document: its state, the reason, the attempts, and its objects in QuickBooks.

// Top first: a module uses only modules below it.
mod conflict;
mod lookup;

use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use mapping::{PostedObject, money_text};
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
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason, page, place};

use crate::error::Error;
use crate::views::document::conflict::ConflictView;
use crate::views::document::lookup::LookupView;
use crate::views::transaction::TransactionView;

/// A document, as shown.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentView {
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["pay_app", "retainage_release", "payment", "project"])))]
    kind: &'static str,
    id: String,
    revision: u32,
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
    attempts: Vec<Attempt>,
    updated_at: Option<Timestamp>,
}

/// The reason for a state.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ReasonView {
    code: String,
    message: String,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The transactions in QuickBooks that a hold is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<TransactionView>,
    /// The amount that is open, if a payment is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<String>,
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
    match (record, queue.entry_for(reference)) {
        (None, None) => Err(Error::UnknownDocument),
        (Some(record), entry) => Ok(view(&record, entry)),
        (None, Some(entry)) => {
            let unprocessed = DocumentRecord::new(reference.clone(), Timestamp::UNIX_EPOCH);
            let shown = view(&unprocessed, Some(entry));
            Ok(DocumentView {
                updated_at: None,
                ..shown
            })
        }
    }
}

/// Returns the view. The queue entry is newer than the record.
fn view(record: &DocumentRecord, entry: Option<&QueueEntry>) -> DocumentView {
    let state = effective_status(record, entry);
    let pending = entry.and_then(|entry| entry.decision.as_ref());
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
        state: state.name(),
        reason: reason_view(&state),
        plan_hash: record.plan_hash.clone(),
        quickbooks: record.posted.iter().map(object_view).collect(),
        payment: record.payment.clone(),
        attempts: record.attempts.clone(),
        updated_at: Some(record.updated_at),
    }
}

fn reason_view(state: &DocumentStatus) -> Option<ReasonView> {
    let Reason {
        code,
        message,
        action,
        link,
    } = state.reason()?;
    let objects = state.transactions().into_iter();
    let open = match state {
        DocumentStatus::Held(HoldReason::AlreadyPaid(paid)) => Some(money_text(paid.open)),
        _ => None,
    };
    Some(ReasonView {
        code,
        message,
        action,
        link,
        objects: objects.map(TransactionView::of).collect(),
        open,
    })
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
    }
}
