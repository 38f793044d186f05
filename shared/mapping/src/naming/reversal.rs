//! Numbers and notes of transactions that reverse others, or stand on another day than their document.

use billing::Id;
use jiff::civil::Date;
use quickbooks::Kind;

use super::{REVERSAL_SUFFIX, number_stem};
use crate::digest;
use crate::slot::Slot;

/// The beginning of the note of a transaction that posts on another day than its document.
const MOVED: &str = "posted on ";

/// Returns the number of the entry that reverses the entry with `number`. If that entry is a reversal itself, its last letter changes,
/// because another letter may not fit.
pub(crate) fn reversal_number(number: &str) -> String {
    match number.strip_suffix(REVERSAL_SUFFIX) {
        Some(reversed) => format!("{reversed}W"),
        None => format!("{number}{REVERSAL_SUFFIX}"),
    }
}

/// Returns the number of the form that reverses the form with `number`. The project's part is shortened if another letter would not fit.
pub(crate) fn reversal_form_number(number: &str) -> String {
    match number.strip_suffix(REVERSAL_SUFFIX) {
        Some(reversed) => format!("{reversed}W"),
        None => format!("{}{REVERSAL_SUFFIX}", number_stem(number, Kind::CreditMemo)),
    }
}

/// Returns the numbers that RIVET gives to the reversal of a transaction with this number: of an entry, and of a form.
#[must_use]
pub fn reversal_numbers(number: &str) -> [String; 2] {
    [reversal_number(number), reversal_form_number(number)]
}

/// Returns the number of the entry of a payment that came back, or of its part for a job. RIVET does not number payments.
#[must_use]
pub fn returned_payment_number(payment: &Id, slot: Slot) -> String {
    let number = format!("RETURNED-{}", digest::short(payment.as_ref()));
    match slot {
        Slot::PaymentOfJob(nth) => format!("{number}-{nth}"),
        _ => number,
    }
}

/// Returns the note of the entry of a payment that came back.
pub(crate) fn returned_note(note: &str) -> String {
    format!("{} returned", origin_of(note))
}

/// Returns the part of a note by which RIVET finds the document: the text before it is for people.
pub(crate) fn origin_of(note: &str) -> &str {
    note.rfind("RIVET ").map_or(note, |at| &note[at..])
}

/// Returns a note with the words that say why a transaction posts on another day than its document. They stand in front of the origin.
pub(crate) fn moved_note(note: &str, day: Date) -> String {
    format!("{} · {note}", moved_words(day))
}

/// Returns whether a note says that its transaction posts on another day than its document, because books were closed.
#[must_use]
pub fn is_moved_note(note: &str) -> bool {
    note.starts_with(MOVED)
}

/// Returns the words that say why a transaction posts on the first open day.
pub(crate) fn moved_words(day: Date) -> String {
    let through = day.yesterday().unwrap_or(day);
    format!("{MOVED}{day}, because the books are closed through {through}")
}
