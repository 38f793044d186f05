//! The steps that take posted objects out of the books.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::money::cents;
use crate::naming::{self, DESCRIPTION_LIMIT, clip};
use crate::posted_object::PostedObject;
use crate::posting::{Journal, JournalLine, Posting, Sale, SaleLine};
use crate::step::Step;

/// Returns the step that takes an object out of the books: a void, a credit memo of zero, or a reversing entry on the day `on`.
pub(crate) fn undo(posted: &PostedObject, on: Date) -> Step {
    let (slot, target) = (posted.slot, posted.target());
    match &posted.posting {
        Posting::Invoice(_) | Posting::Payment(_) => Step::Void { slot, target },
        Posting::CreditMemo(sale) => Step::Zero {
            slot,
            target,
            posting: Posting::CreditMemo(zeroed(sale)),
            ids: posted.ids.clone(),
        },
        Posting::JournalEntry(journal) => Step::Reverse {
            slot: slot.reversal(),
            of: posted.id.clone(),
            posting: Posting::JournalEntry(opposite(journal, on)),
            ids: posted.ids.clone(),
        },
    }
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

/// Returns the entry with debits and credits exchanged, dated `on`.
fn opposite(journal: &Journal, on: Date) -> Journal {
    let opposite_line = |line: &JournalLine| JournalLine {
        side: line.side.opposite(),
        description: clip(
            &format!("Reversal · {}", line.description),
            DESCRIPTION_LIMIT,
        ),
        ..line.clone()
    };
    Journal {
        number: journal.number.as_deref().map(naming::reversal_number),
        date: on,
        note: format!("{} reversed", journal.note),
        lines: journal.lines.iter().map(opposite_line).collect(),
        held_by_rivet: -journal.held_by_rivet,
        ..journal.clone()
    }
}
