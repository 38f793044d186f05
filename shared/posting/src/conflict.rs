//! Compares objects with the versions that RIVET wrote. If they differ, records both versions for a person's decision.

use crate::context::WorkerContext;
use crate::error::PostingError;
use crate::planned::ResolvedSteps;
use jiff::Timestamp;
use mapping::{PostedObject, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use store::document::conflict::Conflict;
use store::document::conflict_rows::{EditConflict, add_differences, step_fields};
use store::document::status::DocumentStatus;
use store::document::{ConflictObject, DocumentRecord, TransactionKey};
use store::reason::hold::HoldReason;
use store::reason::{Action, Reason, ReasonCode};

/// The version of an object that QuickBooks has.
struct FoundVersion {
    id: String,
    version: String,
}

/// Reads the current state of an object that RIVET posted. `None` if the object is gone.
pub async fn find_posted<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    kind: TxnType,
    id: &str,
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, PostingError> {
    let Some(kind) = kind.kind() else {
        return Ok(None);
    };
    Ok(ctx.client.get(kind, id, now).await?)
}

/// Returns an error unless all objects that the steps change are as RIVET left them, unpaid, and outside closed books. If an object
/// differs, the record gets both versions. If only the version differs, as after a removed payment, the record and the steps take it over.
pub async fn ensure_unchanged<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    planned: &mut ResolvedSteps,
    now: Timestamp,
) -> Result<(), PostingError> {
    ensure_open_books(ctx, &planned.steps)?;
    let (mut both, mut trouble) = (before_write(record, now), None);
    let mut versions = Vec::new();
    for step in &planned.steps {
        let posted = changed_object(record, step);
        let found = match posted {
            Some(posted) => find_posted(ctx, posted.kind, &posted.id, now).await?,
            None => None,
        };
        if let (Some(posted), Some(found)) = (posted, &found) {
            versions.push(FoundVersion {
                id: posted.id.clone(),
                version: found.sync_token.clone(),
            });
        }
        trouble = trouble.or(posted.and_then(|posted| EditConflict::of(posted, found.as_ref())));
        let customer = posted
            .map(|posted| posted.ids.customer.as_str())
            .filter(|_| planned.ids.customer.is_empty())
            .unwrap_or(&planned.ids.customer);
        let created = step.posting().map(|posting| (posting.txn_type(), ""));
        let object = posted.map(|posted| (posted.kind, posted.id.as_str()));
        if let Some(object) = object.or(created) {
            let mut fields = step_fields(step, object.0, customer, found.as_ref());
            if let (Some(posted), Some(found)) = (posted, &found) {
                add_differences(&mut fields, posted, step, found);
            }
            both.add(ConflictObject {
                key: TransactionKey::new(object.0, object.1),
                version: found.map(|found| found.sync_token),
                fields,
            });
        }
    }
    let Some(edit) = trouble else {
        take_versions(record, &mut planned.steps, &versions);
        return Ok(());
    };
    record.conflict = Some(both);
    Err(PostingError::Conflict(decision_reason(
        edit.code(),
        edit.message(),
    )))
}

/// Returns an empty conflict that was found before a write. If an earlier attempt began to write something and did not finish, that is yet
/// to be written, whatever becomes of the edit.
fn before_write(record: &DocumentRecord, now: Timestamp) -> Conflict {
    let is_finished = record.status.is_final();
    let is_decided = matches!(record.status, DocumentStatus::Conflict(_));
    let known = record.conflict.as_ref();
    Conflict {
        stops_write: known.is_some_and(|known| known.stops_write) || !(is_finished || is_decided),
        ..Conflict::new(now)
    }
}

/// Returns an error if a step is dated in closed books.
fn ensure_open_books<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    steps: &[Step],
) -> Result<(), PostingError> {
    match ctx.client.preferences().book_close_date {
        Some(through) if steps.iter().any(|step| step.date() <= through) => {
            Err(HoldReason::BooksClosed(through).into())
        }
        _ => Ok(()),
    }
}

/// Returns the reason for a person's decision.
pub fn decision_reason(code: ReasonCode, message: &str) -> Reason {
    let message = format!("{message} Choose which version to keep.");
    Reason::new(code.as_str(), Action::Decide, message)
}

/// Returns the object that a step changes or reverses, as RIVET last saw it.
fn changed_object<'a>(record: &'a DocumentRecord, step: &Step) -> Option<&'a PostedObject> {
    let (kind, id) = match step {
        Step::Reverse { of, of_kind, .. } => (*of_kind, of),
        step => step.target().map(|target| (target.kind, &target.id))?,
    };
    let mut posted = record.posted.iter();
    posted.find(|posted| posted.is_transaction(kind, id))
}

/// Puts the versions of QuickBooks into the record and the steps.
fn take_versions(record: &mut DocumentRecord, steps: &mut [Step], versions: &[FoundVersion]) {
    for FoundVersion { id, version } in versions {
        let mut posted = record.posted.iter_mut();
        if let Some(posted) = posted.find(|posted| posted.id == *id) {
            posted.sync_token.clone_from(version);
        }
        steps.iter_mut().for_each(|step| step.retarget(id, version));
    }
}
