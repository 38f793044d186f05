//! The steps that take posted objects out of the books.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::closing_date::ClosingDate;
use crate::money::cents;
use crate::naming::{self, DESCRIPTION_LIMIT, MEMO_LIMIT, clip};
use crate::posted_object::PostedObject;
use crate::posting::{Journal, JournalLine, Posting, Sale, SaleLine};
use crate::step::Step;

/// The days on which objects are taken out of the books. Each month stays as it is once it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoDays {
    /// The closing date. Objects of open days end up as if they had never been.
    pub closing: ClosingDate,
    /// The open day on which objects of closed days are reversed.
    pub open_day: Date,
}

impl UndoDays {
    /// Returns the days for objects that are to be reversed `on` that day, or on the first open day after it.
    #[must_use]
    pub fn new(closing: ClosingDate, on: Date) -> Self {
        Self {
            closing,
            open_day: closing.first_open_day(on),
        }
    }

    /// Returns the note of a reversal, with the reason for its day if that is the first open one.
    fn note(&self, note: String) -> String {
        if self.closing.is_followed_by(self.open_day) {
            naming::moved_note(&note, self.open_day)
        } else {
            note
        }
    }
}

/// Returns the step that takes an object out of the books. An object of an open day is voided, set to zero or reversed on its own day. An
/// object of a closed day is reversed on the open day; a payment of a closed day can only be [returned](crate::returned_payment).
pub(crate) fn undo(posted: &PostedObject, days: &UndoDays) -> Step {
    let (slot, target, ids) = (posted.slot, posted.target(), posted.ids.clone());
    let is_closed = days.closing.covers(posted.posting.date());
    let reversal = match &posted.posting {
        Posting::Payment(_) => return Step::Void { slot, target },
        Posting::Invoice(_) if !is_closed => return Step::Void { slot, target },
        Posting::CreditMemo(sale) if !is_closed => {
            return Step::Zero {
                slot,
                target,
                posting: Posting::CreditMemo(zeroed(sale)),
                ids,
            };
        }
        Posting::JournalEntry(journal) if !is_closed => {
            let note = format!("{} reversed", journal.note);
            Posting::JournalEntry(opposite(journal, journal.date, note))
        }
        Posting::Invoice(sale) => Posting::CreditMemo(reversing_form(sale, days)),
        Posting::CreditMemo(sale) => Posting::Invoice(reversing_form(sale, days)),
        Posting::JournalEntry(journal) => {
            let note = days.note(reversal_note(&journal.note));
            Posting::JournalEntry(opposite(journal, days.open_day, note))
        }
    };
    Step::Reverse {
        slot: slot.reversal(),
        of: posted.id.clone(),
        of_kind: posted.kind,
        posting: reversal,
        ids,
    }
}

/// Returns the note of the transaction that reverses the one with `note`. The reason for the day of that one is left out.
pub(crate) fn reversal_note(note: &str) -> String {
    format!("{} reversed", naming::origin_of(note))
}

/// Returns the form with one line of zero, because QuickBooks refuses a form without lines.
fn zeroed(sale: &Sale) -> Sale {
    let line = |line: &SaleLine| SaleLine {
        account: line.account.clone(),
        description: "Voided".to_owned(),
        amount: cents(Decimal::ZERO),
    };
    Sale {
        note: format!("{} voided", sale.note),
        lines: sale.lines.iter().take(1).map(line).collect(),
        held_by_rivet: Decimal::ZERO,
        ..sale.clone()
    }
}

/// Returns the content of the form that reverses a form of a closed day. The form of the other kind has the opposite effect.
fn reversing_form(sale: &Sale, days: &UndoDays) -> Sale {
    let line = |line: &SaleLine| SaleLine {
        description: reversal_text(&line.description),
        ..line.clone()
    };
    Sale {
        number: sale.number.as_deref().map(naming::reversal_form_number),
        date: days.open_day,
        due: None,
        memo: clip(&format!("Reversal · {}", sale.memo), MEMO_LIMIT),
        note: days.note(reversal_note(&sale.note)),
        lines: sale.lines.iter().map(line).collect(),
        ..sale.clone()
    }
}

/// Returns the entry with debits and credits exchanged, dated `on`.
fn opposite(journal: &Journal, on: Date, note: String) -> Journal {
    let opposite_line = |line: &JournalLine| JournalLine {
        side: line.side.opposite(),
        description: reversal_text(&line.description),
        ..line.clone()
    };
    Journal {
        number: journal.number.as_deref().map(naming::reversal_number),
        date: on,
        note,
        lines: journal.lines.iter().map(opposite_line).collect(),
        held_by_rivet: -journal.held_by_rivet,
        ..journal.clone()
    }
}

fn reversal_text(description: &str) -> String {
    clip(&format!("Reversal · {description}"), DESCRIPTION_LIMIT)
}
