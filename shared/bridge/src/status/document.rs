//! One document as it is shown: where it stands, why, what was tried, and where it is in QuickBooks.

use crate::Store;
use crate::desk::{Mark, Waiting};
use crate::document::{Attempt, DocumentRecord, State};
use crate::error::Error;
use crate::ports::Records;
use crate::reason::{Reason, page, place};
use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use mapping::Posted;
use quickbooks::entity::TxnType;
use serde::Serialize;

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

/// A document of a firm.
pub async fn document<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    reference: &DocumentRef,
) -> Result<DocumentView, Error> {
    let record = store.document(firm, reference).await?;
    let desk = store.desk(firm).await?;
    match (record, desk.waiting_for(reference)) {
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
fn view(record: &DocumentRecord, waiting: Option<&Waiting>) -> DocumentView {
    let state = match waiting.map(|waiting| &waiting.mark) {
        Some(Mark::Held(hold)) => State::Held(hold.clone()),
        Some(Mark::Pending { .. }) if record.saga.is_none() => State::Pending,
        _ => record.state.clone(),
    };
    DocumentView {
        kind: record.reference.kind.as_str(),
        id: record.reference.id.to_string(),
        revision: waiting.map_or(record.revision, |waiting| {
            waiting.revision.max(record.revision)
        }),
        state: state.name(),
        reason: state.reason(),
        plan_hash: record.plan_hash.clone(),
        quickbooks: record.posted.iter().map(object).collect(),
        attempts: record.attempts.clone(),
        updated_at: Some(record.updated_at),
    }
}

fn object(posted: &Posted) -> ObjectView {
    ObjectView {
        kind: posted.kind,
        id: posted.id.clone(),
        number: posted.number.clone(),
        live: posted.live,
        url: page(&place(posted.kind, &posted.id)),
    }
}
