//! Detects reversals that came too late.
//!
//! QuickBooks takes a change only of the version that the request names. A creation depends on no version. If a person deletes or edits an
//! entry just before RIVET reverses it, the reversal stands alone in the books. RIVET therefore reads the entry again after the reversal.
//! If the reversal came too late, RIVET reverses it and plans the document again.

use crate::conflict::find_posted;
use crate::context::WorkerContext;
use crate::error::PostingError;
use jiff::Timestamp;
use mapping::{LateChange, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::document::conflict_rows::EditConflict;

/// Returns what happened to the entry that a step just reversed. `None` if the entry is as RIVET left it. The step is not done before this
/// read succeeds.
pub async fn late_reversal<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    step: &Step,
    now: Timestamp,
) -> Result<Option<LateChange>, PostingError> {
    let Step::Reverse { of, .. } = step else {
        return Ok(None);
    };
    let mut posted = record.posted.iter();
    let Some(posted) = posted.find(|posted| posted.is_transaction(TxnType::JournalEntry, of))
    else {
        return Ok(None);
    };
    let found = match find_posted(ctx, posted.kind, of, now).await {
        Err(PostingError::Store(error)) => return Err(error.into()),
        Err(_) => {
            let why = "it was reversed, and could not be looked at after that";
            return Err(PostingError::unknown(why));
        }
        Ok(found) => found,
    };
    Ok(match found {
        None => Some(LateChange::EntryDeleted),
        found => EditConflict::of(posted, found.as_ref()).map(|_| LateChange::EntryEdited),
    })
}
