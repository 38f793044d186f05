//! The parts of divided payments that came back.

use mapping::{PostedObject, Posting, Receipt, Slot};
use store::document::DocumentRecord;

/// A part of a divided payment that came back, with its entry.
pub(super) struct ReturnedPart<'a> {
    pub(super) receipt: &'a Receipt,
    pub(super) entry: &'a PostedObject,
}

/// Returns whether a payment document is divided by jobs.
pub(super) fn is_divided(record: &DocumentRecord) -> bool {
    let mut posted = record.posted.iter();
    posted.any(|posted| matches!(posted.slot, Slot::PaymentOfJob(_)))
}

/// Returns the parts of a payment document that came back.
pub(super) fn returned_parts(record: &DocumentRecord) -> Vec<ReturnedPart<'_>> {
    let parts = record.posted.iter().filter_map(|posted| {
        let entry = mapping::returned_entry(posted, &record.posted)?;
        match &posted.posting {
            Posting::Payment(receipt) => Some(ReturnedPart { receipt, entry }),
            _ => None,
        }
    });
    parts.collect()
}
