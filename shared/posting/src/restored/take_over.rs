//! Puts what RIVET posted and forgot into the record of its document.

use crate::error::PostingError;
use crate::restored::forgotten::Forgotten;
use crate::restored::parts::{
    closed_after, closed_before, forgotten_object, mark_as_found, origin_in, origin_text,
};
use mapping::{Accounts, Ids, PostedObject, ReturnedPayment, Step, StepResult, UndoDays};
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use rust_decimal::Decimal;
use store::document::DocumentRecord;
use store::document::decision::DecisionKind;
use store::object_index::entry::VERSION_UNKNOWN;
use store::reason::FoundTransaction;
use store::reason::hold::HoldReason;

/// Puts what was found into the record.
///
/// # Errors
/// [`PostingError::Held`] with the transactions about which a person must decide.
pub(super) fn take_over(
    record: &mut DocumentRecord,
    forgotten: &Forgotten,
) -> Result<(), PostingError> {
    let mut voided = Vec::new();
    for at in 0..record.posted.len() {
        let posted = &record.posted[at];
        let found = forgotten.found.iter();
        let mut found = found.filter(|found| posted.is_object(found.kind, &found.id));
        let Some(found) = found.next() else {
            continue;
        };
        match found.is_voided() {
            true if posted.is_active => voided.push(found),
            true => {}
            false if is_written_since(record, posted, found) => {
                rewrite(&mut record.posted[at], found)
            }
            false => {}
        }
    }
    let mut unknown = unknown(record, &forgotten.found);
    let is_void = |posted: &PostedObject| {
        let mut voided = voided.iter();
        voided.any(|found| posted.is_object(found.kind, &found.id))
    };
    while let Some(at) = unknown
        .iter()
        .position(|found| take_one(record, found, &forgotten.accounts, is_void))
    {
        unknown.remove(at);
    }
    take_voids(record, forgotten, &voided)
}

/// Puts the payments of 0.00 into the record that apply its reversing forms.
pub(super) fn take_applications_over(record: &mut DocumentRecord, payments: &[ObjectSnapshot]) {
    for reversal in mapping::unapplied_reversals(&record.posted) {
        for found in payments {
            let links = found.links.iter();
            let mut links =
                links.filter(|link| link.kind == Kind::Invoice && link.id == reversal.invoice);
            let (Some(link), Some(day)) = (links.next(), found.date) else {
                continue;
            };
            let amount = link.amount.unwrap_or_default();
            let step = reversal.step(&record.reference, amount, closed_before(day));
            if has_note_of(&step, found) {
                record_step(record, &step, found);
                break;
            }
        }
    }
}

/// Returns whether RIVET wrote a known transaction again since: it has another mark of the same document.
fn is_written_since(
    record: &DocumentRecord,
    posted: &PostedObject,
    found: &ObjectSnapshot,
) -> bool {
    let note = found.private_note.as_deref().unwrap_or_default();
    origin_in(record, found).is_some() && origin_text(note) != origin_text(posted.posting.note())
}

/// Takes over what RIVET wrote into a known transaction. A credit memo that was set to zero counts no more.
fn rewrite(posted: &mut PostedObject, found: &ObjectSnapshot) {
    let customer = posted.ids.customer.clone();
    posted.adopt(Some(found));
    posted.ids.customer = customer;
    mark_as_found(posted, found);
    if posted.posting.note().ends_with(" voided") {
        posted.is_active = false;
    }
}

/// Returns the marked transactions that the record does not know, in the order of their creation.
fn unknown<'a>(record: &DocumentRecord, found: &'a [ObjectSnapshot]) -> Vec<&'a ObjectSnapshot> {
    let is_known = |found: &ObjectSnapshot| {
        let mut posted = record.posted.iter();
        posted.any(|posted| posted.is_object(found.kind, &found.id))
    };
    let mut unknown: Vec<&ObjectSnapshot> = found
        .iter()
        .filter(|found| !is_known(found) && !found.is_voided())
        .collect();
    unknown.sort_by_key(|found| (found.id.len(), found.id.clone()));
    unknown
}

/// Puts one unknown transaction into the record. Returns whether it was RIVET's: a copy that a person made has the mark of another one.
fn take_one(
    record: &mut DocumentRecord,
    found: &ObjectSnapshot,
    accounts: &Accounts,
    is_void: impl Fn(&PostedObject) -> bool,
) -> bool {
    if let Some(step) = step_of(record, found) {
        record_step(record, &step, found);
        return true;
    }
    let Some(origin) = origin_in(record, found) else {
        return false;
    };
    let note = found
        .private_note
        .as_deref()
        .map(origin_text)
        .unwrap_or_default();
    let is_undo = ["reversed", "voided", "applied", "returned"];
    let is_undo = note.split(' ').any(|word| is_undo.contains(&word));
    let slot = origin.slot();
    let mut posted = record.posted.iter();
    let is_taken = posted.any(|posted| {
        let is_same = origin_text(posted.posting.note()) == note && posted.slot == slot;
        let is_place = posted.slot == slot && posted.kind.kind() == Some(found.kind);
        is_same || (is_place && posted.is_active && !is_void(posted))
    });
    if is_undo || is_taken {
        return false;
    }
    let object = forgotten_object(record, found, slot, accounts);
    let is_read = object.is_some();
    record.posted.extend(object);
    is_read
}

/// Returns the step that made a transaction which takes a known one back. `None` if it is no such transaction.
fn step_of(record: &DocumentRecord, found: &ObjectSnapshot) -> Option<Step> {
    let day = found.date?;
    let standing = record.posted.iter().filter(|posted| posted.is_active);
    let steps = standing.flat_map(|posted| {
        let known = std::slice::from_ref(posted);
        let days = UndoDays::new(closed_after(posted.posting.date(), day), day);
        let mut steps = mapping::void_steps(known, &days);
        steps.extend(returned_step(record, known, found));
        steps
    });
    let mut steps = steps.filter(|step| matches!(step, Step::Reverse { .. }));
    steps.find(|step| has_note_of(step, found))
}

/// Returns the step that posts the entry of a payment that came back, with the accounts that the entry names.
fn returned_step(
    record: &DocumentRecord,
    payment: &[PostedObject],
    found: &ObjectSnapshot,
) -> Option<Step> {
    let account = |is_debit: bool| {
        let mut lines = found.lines.iter();
        let line = lines.find(|line| (line.amount > Decimal::ZERO) == is_debit)?;
        Some(line.account_or_item_id.clone())
    };
    let returned = ReturnedPayment {
        payment: record.reference.id.clone(),
        on: found.date?,
        receivable: account(true)?,
        deposit: account(false)?,
    };
    let steps = mapping::returned_payment_steps(payment, &returned);
    steps.into_iter().next()
}

/// Returns whether a step writes a transaction of this kind and mark.
fn has_note_of(step: &Step, found: &ObjectSnapshot) -> bool {
    let note = found.private_note.as_deref().unwrap_or_default();
    step.posting().is_some_and(|posting| {
        posting.kind() == found.kind && origin_text(posting.note()) == origin_text(note)
    })
}

fn record_step(record: &mut DocumentRecord, step: &Step, found: &ObjectSnapshot) {
    let result = StepResult {
        id: found.id.clone(),
        sync_token: VERSION_UNKNOWN.to_owned(),
        written_at: 0,
        number: found.doc_number.clone(),
        ids: Ids::default(),
    };
    PostedObject::record_step(&mut record.posted, step, result);
}

/// Takes over the voids of known transactions. If nothing says that RIVET made them, a person must look, and may decide that the document is
/// posted anyway.
fn take_voids(
    record: &mut DocumentRecord,
    forgotten: &Forgotten,
    voided: &[&ObjectSnapshot],
) -> Result<(), PostingError> {
    let is_insisted = forgotten.decision == Some(DecisionKind::PostAnyway);
    let mut unclear = Vec::new();
    for found in voided {
        let mut posted = record.posted.iter();
        let Some(at) = posted.position(|posted| posted.is_object(found.kind, &found.id)) else {
            continue;
        };
        let slot = record.posted[at].slot;
        let is_other = |posted: &PostedObject| posted.slot == slot && posted.id != found.id;
        let is_replaced = record.active_objects().any(is_other);
        let is_own = forgotten.is_void_pending || forgotten.is_void_begun(found);
        if is_own || is_replaced || is_insisted {
            record.posted[at].adopt(Some(found));
        } else if forgotten.decision.is_none() {
            unclear.push(FoundTransaction::of(found));
        }
    }
    match unclear.is_empty() {
        true => Ok(()),
        false => Err(HoldReason::AlreadyInQuickbooks(unclear).into()),
    }
}
