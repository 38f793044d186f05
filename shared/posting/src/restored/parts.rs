//! The part that a forgotten transaction plays for its document, and the content that it has.

use crate::origin::Origin;
use billing::DocumentKind;
use jiff::civil::Date;
use mapping::{
    Accounts, ClosingDate, Journal, JournalLine, JournalRole, LineAccount, PostedObject, Posting,
    Role, Sale, SaleLine, Side, Slot,
};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::object_index::entry::VERSION_UNKNOWN;

/// Returns the slot of a transaction with this mark. It neither reverses nor applies another one.
pub(super) fn slot_of(origin: &Origin) -> Slot {
    match (origin.document.kind, origin.job) {
        (DocumentKind::RetainageRelease, _) => Slot::Release,
        (DocumentKind::Payment, Some(nth)) => Slot::PaymentOfJob(nth),
        (DocumentKind::Payment, None) => Slot::Payment,
        (DocumentKind::PayApp | DocumentKind::Project, _) if origin.is_retainage => Slot::Retainage,
        (DocumentKind::PayApp | DocumentKind::Project, _) => Slot::Sale,
    }
}

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
    let posting = match (found.kind, &like.posting) {
        (Kind::Invoice, Posting::Invoice(sale) | Posting::CreditMemo(sale)) => {
            Posting::Invoice(sale.clone())
        }
        (Kind::CreditMemo, Posting::Invoice(sale) | Posting::CreditMemo(sale)) => {
            Posting::CreditMemo(sale.clone())
        }
        (Kind::JournalEntry, Posting::JournalEntry(journal)) => {
            Posting::JournalEntry(journal.clone())
        }
        (Kind::JournalEntry, like) => {
            Posting::JournalEntry(empty_entry(like, accounts.retainage.as_deref()?))
        }
        (Kind::Invoice, like) => Posting::Invoice(form_without_lines(
            like,
            accounts.contract_revenue.as_deref()?,
        )?),
        (Kind::CreditMemo, like) => Posting::CreditMemo(form_without_lines(
            like,
            accounts.contract_revenue.as_deref()?,
        )?),
        (Kind::Payment, Posting::Payment(receipt)) => Posting::Payment(receipt.clone()),
        _ => return None,
    };
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

/// Returns a retainage entry whose lines are taken from QuickBooks. Only the line on this account holds retainage.
fn empty_entry(like: &Posting, retainage: &str) -> Journal {
    let line = JournalLine {
        role: JournalRole::Retainage,
        account: retainage.to_owned(),
        side: Side::Debit,
        amount: Decimal::ZERO,
        description: String::new(),
    };
    Journal {
        customer: like.customer().clone(),
        project: like.project().cloned(),
        is_classed: is_classed(like),
        number: None,
        date: like.date(),
        currency: like.currency().map(str::to_owned),
        note: String::new(),
        lines: vec![line],
        held_by_rivet: Decimal::ZERO,
    }
}

/// Returns a form whose one line takes the total from QuickBooks.
fn form_without_lines(like: &Posting, revenue: &str) -> Option<Sale> {
    let account = LineAccount {
        role: Role::Revenue,
        id: revenue.to_owned(),
    };
    let line = SaleLine {
        account,
        description: String::new(),
        amount: Decimal::ZERO,
    };
    Some(Sale {
        customer: like.customer().clone(),
        project: like.project()?.clone(),
        is_classed: is_classed(like),
        number: None,
        date: like.date(),
        due: None,
        currency: like.currency().map(str::to_owned),
        memo: String::new(),
        note: String::new(),
        lines: vec![line],
        held_by_rivet: Decimal::ZERO,
    })
}

fn is_classed(like: &Posting) -> bool {
    match like {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => sale.is_classed,
        Posting::JournalEntry(journal) => journal.is_classed,
        Posting::Payment(_) => false,
    }
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
