//! The payments of 0.00 that apply reversing forms: a credit memo of an open day to the invoice of a closed day, or the reverse.

use std::collections::BTreeMap;

use billing::DocumentRef;
use jiff::civil::Date;
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;

use crate::closing_date::ClosingDate;
use crate::ids::Ids;
use crate::money::cents;
use crate::naming;
use crate::posted_object::PostedObject;
use crate::posting::{Posting, Receipt, Share};
use crate::slot::Slot;
use crate::step::Step;
use crate::undo::reversal_note;

/// An invoice and the credit memo that cancels it out, of one document. One of them reverses the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnappliedReversal {
    /// QuickBooks id of the invoice.
    pub invoice: String,
    /// QuickBooks id of the credit memo.
    pub credit_memo: String,
    slot: Slot,
    ids: Ids,
    posting: Posting,
}

/// Returns the reversals that are not applied yet.
#[must_use]
pub fn unapplied_reversals(existing: &[PostedObject]) -> Vec<UnappliedReversal> {
    let is_gone = |posted: &PostedObject| posted.is_marked_deleted() || posted.is_marked_void();
    let standing = || existing.iter().filter(|posted| !is_gone(posted));
    let mut all = Vec::new();
    for reversal in standing().filter(|posted| posted.cancels_out() && posted.slot.is_reversal()) {
        let note = naming::origin_of(reversal.posting.note());
        let reversed = standing()
            .find(|posted| posted.is_reversed && reversal_note(posted.posting.note()) == note);
        let Some(reversed) = reversed.filter(|_| !reversal.is_reversed) else {
            continue;
        };
        let (invoice, credit_memo) = match (reversed.kind, reversal.kind) {
            (TxnType::Invoice, TxnType::CreditMemo) => (reversed, reversal),
            (TxnType::CreditMemo, TxnType::Invoice) => (reversal, reversed),
            _ => continue,
        };
        if standing().any(|posted| applies(posted, invoice, credit_memo)) {
            continue;
        }
        all.push(UnappliedReversal {
            invoice: invoice.id.clone(),
            credit_memo: credit_memo.id.clone(),
            slot: reversal.slot.application(),
            ids: reversal.ids.clone(),
            posting: reversal.posting.clone(),
        });
    }
    all
}

impl UnappliedReversal {
    /// Returns the step that applies `amount` of the credit memo to the invoice, on the day of the reversal or the first open day.
    #[must_use]
    pub fn step(&self, document: &DocumentRef, amount: Decimal, closing: ClosingDate) -> Step {
        let share = Share {
            document: document.clone(),
            amount: cents(amount),
            returned: None,
        };
        let mut ids = Ids {
            customer: self.ids.customer.clone(),
            ..Ids::default()
        };
        let invoice = (TxnType::Invoice, self.invoice.clone());
        let credit_memo = (TxnType::CreditMemo, self.credit_memo.clone());
        ids.targets.insert(document.clone(), invoice);
        ids.credits.insert(document.clone(), credit_memo);
        let receipt = Receipt {
            customer: self.posting.customer().clone(),
            date: closing.first_open_day(self.day()),
            currency: self.posting.currency().map(str::to_owned),
            total: cents(Decimal::ZERO),
            job: None,
            reference: None,
            deposit: None,
            note: application_note(naming::origin_of(self.posting.note())),
            applied: vec![share.clone()],
            credits: vec![share],
        };
        Step::Apply {
            slot: self.slot,
            posting: Posting::Payment(receipt),
            ids,
        }
    }

    fn day(&self) -> Date {
        self.posting.date()
    }
}

/// Returns whether a payment applies this credit memo to this invoice.
fn applies(posted: &PostedObject, invoice: &PostedObject, credit_memo: &PostedObject) -> bool {
    let has = |ids: &BTreeMap<DocumentRef, (TxnType, String)>, object: &PostedObject| {
        let mut ids = ids.values();
        ids.any(|(kind, id)| object.is_transaction(*kind, id))
    };
    posted.slot.is_application()
        && has(&posted.ids.targets, invoice)
        && has(&posted.ids.credits, credit_memo)
}

/// Returns the note of the payment that applies the reversal with the origin `origin`.
fn application_note(origin: &str) -> String {
    format!("{origin} applied")
}
