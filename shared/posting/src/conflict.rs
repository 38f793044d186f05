//! Comparing what is to be changed with what stands in QuickBooks, and noting both versions where they differ.

use crate::context::WorkerContext;
use crate::document::outcome::conflict;
use crate::error::Halt;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{PostedObject, Posting, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use store::document::DocumentRecord;
use store::document::conflict::Conflict;
use store::document::conflict_rows::{EditConflict, add_differences, step_fields};
use store::document::{ConflictObject, TransactionKey};
use store::reason::hold::HoldReason;

/// How something that we posted stands; nothing if it is gone.
pub async fn look<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    (kind, id): (TxnType, &str),
    now: Timestamp,
) -> Result<Option<ObjectSnapshot>, Halt> {
    let Some(kind) = kind.kind() else {
        return Ok(None);
    };
    match office.standing((kind, id), now).await {
        Err(Halt::Setback(Setback::Missing(_))) => Ok(None),
        found => found.map(Some),
    }
}

/// What is to be changed must be as we left it, unpaid, and outside closed books. If it is not, both versions are noted. Where
/// only the version is another, as after a payment that was taken off again, the record and the steps take it over.
pub async fn may_change<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (steps, customer): (&mut [Step], &str),
    now: Timestamp,
) -> Result<(), Halt> {
    if let Some(through) = office.books().book_close_date
        && steps.iter().any(|step| step.date() <= through)
    {
        return Err(HoldReason::BooksClosed(through).into());
    }
    let (mut both, mut trouble) = (Conflict::new(now), None);
    let mut versions = Vec::new();
    for step in steps.iter() {
        let posted = changed(record, step);
        let found = match posted {
            Some(posted) => look(office, (posted.kind, &posted.id), now).await?,
            None => None,
        };
        if let (Some(posted), Some(found)) = (posted, &found) {
            versions.push((posted.id.clone(), found.sync_token.clone()));
        }
        trouble = trouble.or(posted.and_then(|posted| EditConflict::of(posted, found.as_ref())));
        let customer = posted
            .map(|posted| posted.ids.customer.as_str())
            .filter(|_| customer.is_empty())
            .unwrap_or(customer);
        let made = step.posting().map(Posting::txn_type);
        let made = made.map(|kind| (kind, ""));
        let object = posted.map(|posted| (posted.kind, posted.id.as_str()));
        if let Some(object) = object.or(made) {
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
        take_over(record, steps, &versions);
        return Ok(());
    };
    record.conflict = Some(both);
    Err(conflict(edit.code().as_str(), edit.message()))
}

/// What a step changes or reverses, as we last saw it.
fn changed<'a>(record: &'a DocumentRecord, step: &Step) -> Option<&'a PostedObject> {
    let (kind, id) = match step {
        Step::Reverse { of, .. } => (TxnType::JournalEntry, of),
        step => step.target().map(|target| (target.kind, &target.id))?,
    };
    let mut posted = record.posted.iter();
    posted.find(|posted| posted.is_transaction(kind, id))
}

/// The versions that stand, of what is as we wrote it.
fn take_over(record: &mut DocumentRecord, steps: &mut [Step], versions: &[(String, String)]) {
    for (id, version) in versions {
        let mut posted = record.posted.iter_mut();
        if let Some(posted) = posted.find(|posted| posted.id == *id) {
            posted.sync_token.clone_from(version);
        }
        steps.iter_mut().for_each(|step| step.retarget(id, version));
    }
}
