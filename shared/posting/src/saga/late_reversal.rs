//! Reversals that came too late.
//!
//! QuickBooks takes a change only of the version that it names, but makes no creation depend on what else stands. So whoever deletes
//! or edits an entry in the moment between our look and our reversal of it leaves the reversal alone in the books. We look once more
//! after it; if it came too late it is reversed itself, and the document is planned anew from what stands.

use crate::context::WorkerContext;
use crate::error::Halt;
use connection::call_outcome::Setback;
use jiff::Timestamp;
use mapping::{Ids, LateChange, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::document::conflict_rows::EditConflict;

/// Whether the entry that a step has just reversed was no longer as we left it. As long as nobody can tell, the step is not done.
pub async fn came_too_late<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    step: &Step,
    now: Timestamp,
) -> Result<Option<LateChange>, Halt> {
    let Step::Reverse { of, .. } = step else {
        return Ok(None);
    };
    let mut posted = record.posted.iter();
    let Some(posted) = posted.find(|posted| posted.is_transaction(TxnType::JournalEntry, of))
    else {
        return Ok(None);
    };
    let found = match crate::conflict::look(office, (posted.kind, of), now).await {
        Err(Halt::Setback(_)) => {
            let why = "it was reversed, and could not be looked at after that";
            return Err(Halt::Setback(Setback::Unknown(why.into())));
        }
        found => found?,
    };
    Ok(match found {
        None => Some(LateChange::EntryDeleted),
        found => EditConflict::of(posted, found.as_ref()).map(|_| LateChange::EntryEdited),
    })
}

/// Takes back what came too late. What it was to reverse is not as it was planned, so the document is planned anew.
pub async fn take_late_back<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    now: Timestamp,
) -> Result<(), Halt> {
    let steps = mapping::late_reversals(&record.posted);
    if steps.is_empty() {
        return Ok(());
    }
    crate::saga::begin(office, record, (steps, Ids::default()), now);
    office.keep(record).await?;
    crate::saga::carry_out_begun(office, record, false, now).await?;
    Err(Halt::Setback(Setback::Later(now)))
}
