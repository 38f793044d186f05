//! Forgotten transactions as objects of their document, and what their marks say.

use crate::found_content::posting_like;
use crate::origin::Origin;
use jiff::civil::Date;
use mapping::{Accounts, ClosingDate, PostedObject, Slot};
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;
use store::object_index::entry::VERSION_UNKNOWN;

/// Returns a forgotten transaction with the content that QuickBooks has. `None` if the record knows nothing that says how to read it.
pub(super) fn forgotten_object(
    record: &DocumentRecord,
    found: &ObjectSnapshot,
    slot: Slot,
    accounts: &Accounts,
) -> Option<PostedObject> {
    let mut same = record.posted.iter();
    let like = same.rfind(|posted| posted.slot == slot);
    let like = like.or(record.posted.last())?;
    let posting = posting_like(&like.posting, found, accounts)?;
    let mut posted = PostedObject::found(slot, posting, like.ids.clone(), found);
    mark_as_found(&mut posted, found);
    posted.posting.set_number(found.doc_number.as_deref());
    Some(posted)
}

/// Gives an object the mark that was found. Its version stays unknown, so that the next scan compares it with what RIVET sends again.
pub(super) fn mark_as_found(posted: &mut PostedObject, found: &ObjectSnapshot) {
    let note = found.private_note.as_deref().unwrap_or_default();
    posted.posting.set_note(origin_text(note));
    let accepted = &mut posted.accepted_differences;
    accepted.retain(|difference| !difference.starts_with("customer "));
    VERSION_UNKNOWN.clone_into(&mut posted.sync_token);
}

/// Returns the mark in a note, without the words before it.
pub(super) fn origin_text(note: &str) -> &str {
    note.rfind("RIVET ").map_or(note, |at| &note[at..])
}

/// Returns the mark of a transaction, if it is of this document.
pub(super) fn origin_in(record: &DocumentRecord, found: &ObjectSnapshot) -> Option<Origin> {
    let origin = found.private_note.as_deref().and_then(Origin::read)?;
    (origin.document == record.reference).then_some(origin)
}

/// Returns books that are closed through the day before `open`, if `day` lies before it.
pub(super) fn closed_after(day: Date, open: Date) -> ClosingDate {
    match day < open {
        true => closed_before(open),
        false => ClosingDate(None),
    }
}

/// Returns books that are closed through the day before.
pub(super) fn closed_before(open: Date) -> ClosingDate {
    ClosingDate(open.yesterday().ok())
}
