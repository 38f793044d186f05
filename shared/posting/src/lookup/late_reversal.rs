//! Detects reversals that came too late.
//!
//! QuickBooks takes a change only of the version that the request names. A creation depends on no version. If a person deletes or edits a
//! transaction just before RIVET reverses it, the reversal stands alone in the books. RIVET therefore reads the transaction again after the
//! reversal. If the reversal came too late, RIVET reverses it and plans the document again.

use crate::context::WorkerContext;
use crate::error::LookupError;
use jiff::Timestamp;
use mapping::{LateChange, PostedObject, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use store::document::conflict_rows::EditConflict;

/// Returns what happened to the transaction that a step just reversed. `None` if it is as RIVET left it. The step is not done before this
/// read succeeds.
pub async fn late_reversal<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    posted: &[PostedObject],
    step: &Step,
    now: Timestamp,
) -> Result<Option<LateChange>, LookupError> {
    let Step::Reverse { of, of_kind, .. } = step else {
        return Ok(None);
    };
    let mut posted = posted.iter();
    let Some(posted) = posted.find(|posted| posted.is_transaction(*of_kind, of)) else {
        return Ok(None);
    };
    let Some(kind) = posted.kind.kind() else {
        return Ok(None);
    };
    let found = match ctx.client.get(kind, of, now).await {
        Ok(found) => found,
        Err(error) => return Err(ctx.lookup_error(error, now).await),
    };
    Ok(match found {
        None => Some(LateChange::EntryDeleted),
        Some(found) => is_changed(posted, &found).then_some(LateChange::EntryEdited),
    })
}

/// Returns whether a person changed a transaction before its reversal. What is applied to an invoice or credit memo is compared when the
/// reversal is applied.
fn is_changed(posted: &PostedObject, found: &ObjectSnapshot) -> bool {
    if posted.kind == TxnType::JournalEntry {
        return EditConflict::of(posted, Some(found)).is_some();
    }
    found.sync_token != posted.sync_token && !posted.is_as_written(found)
}
