//! Reversals that came too late.
//!
//! QuickBooks takes a change only of the version that it names, but makes no creation depend on what else stands. A person who deletes
//! or edits an entry in the moment between our look and our reversal of it therefore leaves the reversal alone in the books. RIVET looks
//! once more after the reversal. If the reversal came too late it is reversed itself, and the document is planned anew.

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

/// Returns what happened to the entry that a step has just reversed, if it was no longer as we left it. As long as that cannot be
/// read, the step is not done.
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
