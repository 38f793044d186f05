//! One document as it is shown: where it stands, why, what was tried, and where it is in QuickBooks.

use crate::error::Error;
use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use mapping::PostedObject;
use ports::records::Records;
use quickbooks::entity::TxnType;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Store;
use store::document::DocumentRecord;
use store::document::attempts::Attempt;
use store::document::conflict::{Conflict, ConflictField};
use store::document::decision::Decision;
use store::document::payment::PaymentState;
use store::document::status::DocumentStatus;
use store::queue::effective_status::effective_status;
use store::queue::entry::QueueEntry;
use store::reason::{Reason, page, place};

/// A document as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentView {
    kind: &'static str,
    id: String,
    revision: u32,
    state: &'static str,
    reason: Option<Reason>,
    plan_hash: Option<String>,
    quickbooks: Vec<ObjectView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionView>,
    attempts: Vec<Attempt>,
    updated_at: Option<Timestamp>,
}

/// An object in QuickBooks.
#[derive(Clone, Debug, Serialize)]
struct ObjectView {
    #[serde(rename = "type")]
    kind: TxnType,
    id: String,
    number: Option<String>,
    live: bool,
    url: String,
}

/// The two versions of a document that differ.
#[derive(Clone, Debug, Serialize)]
struct ConflictView {
    /// When QuickBooks was read; a decision may name it as `seen_at`.
    seen_at: String,
    objects: Vec<ContestedView>,
}

/// An object in both versions, field by field.
#[derive(Clone, Debug, Serialize)]
struct ContestedView {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    rivet: BTreeMap<String, Option<String>>,
    quickbooks: BTreeMap<String, Option<String>>,
    /// The fields that are not the same.
    differs: Vec<String>,
}

/// What a person decided.
#[derive(Clone, Debug, Serialize)]
struct DecisionView {
    act: &'static str,
    by: String,
    at: Timestamp,
    /// Whether that is done; if not, the next scheduled run does it.
    carried_out: bool,
}

/// A document of a firm.
pub async fn document<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    reference: &DocumentRef,
) -> Result<DocumentView, Error> {
    let record = store.document(firm, reference).await?;
    let desk = store.queue(firm).await?;
    match (record, desk.entry_for(reference)) {
        (None, None) => Err(Error::UnknownDocument),
        (Some(record), waiting) => Ok(view(&record, waiting)),
        (None, Some(waiting)) => {
            let fresh = DocumentRecord::new(reference.clone(), Timestamp::UNIX_EPOCH);
            let shown = view(&fresh, Some(waiting));
            Ok(DocumentView {
                updated_at: None,
                ..shown
            })
        }
    }
}

/// What waits on the desk is newer than what the record says.
fn view(record: &DocumentRecord, waiting: Option<&QueueEntry>) -> DocumentView {
    let state = effective_status(record, waiting);
    let pending = waiting.and_then(|waiting| waiting.decision.as_ref());
    let differs = matches!(state, DocumentStatus::Conflict(_)) || pending.is_some();
    DocumentView {
        conflict: record.conflict.as_ref().filter(|_| differs).map(conflict),
        decision: match (pending, waiting) {
            (Some(decision), _) => Some(decided(decision, false)),
            (None, None) => record.decision.as_ref().map(|done| decided(done, true)),
            (None, Some(_)) => None,
        },
        kind: record.reference.kind.as_str(),
        id: record.reference.id.to_string(),
        revision: waiting.map_or(record.revision, |waiting| {
            waiting.revision.max(record.revision)
        }),
        state: state.name(),
        reason: state.reason(),
        plan_hash: record.plan_hash.clone(),
        quickbooks: record.posted.iter().map(object).collect(),
        payment: record.payment.clone(),
        attempts: record.attempts.clone(),
        updated_at: Some(record.updated_at),
    }
}

fn conflict(conflict: &Conflict) -> ConflictView {
    ConflictView {
        seen_at: conflict.seen_at().to_owned(),
        objects: conflict.objects().into_iter().map(contested).collect(),
    }
}

fn contested((kind, id, fields): (&str, &str, Vec<&ConflictField>)) -> ContestedView {
    let side = |part: fn(&ConflictField) -> &Option<String>| {
        let field = |field: &&ConflictField| (field.0.clone(), part(field).clone());
        fields.iter().map(field).collect()
    };
    let differs = |(_, ours, theirs): &ConflictField| ours != theirs && ours.is_some();
    ContestedView {
        kind: kind.to_owned(),
        id: (!id.is_empty()).then(|| id.to_owned()),
        rivet: side(|field| &field.1),
        quickbooks: side(|field| &field.2),
        differs: fields
            .iter()
            .filter(|field| differs(field))
            .map(|field| field.0.clone())
            .collect(),
    }
}

fn decided(decision: &Decision, carried_out: bool) -> DecisionView {
    DecisionView {
        act: decision.kind.name(),
        by: decision.decided_by.to_string(),
        at: decision.decided_at,
        carried_out,
    }
}

fn object(posted: &PostedObject) -> ObjectView {
    ObjectView {
        kind: posted.kind,
        id: posted.id.clone(),
        number: posted.number.clone(),
        live: posted.is_active,
        url: page(&place(posted.kind, &posted.id)),
    }
}
