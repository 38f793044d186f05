//! The entry of a payment that came back after its day was closed or its money was deposited, such as a returned check.
//!
//! The payment stays as it is, and with it what it settled. The entry says that the customer owes the amount again.

use billing::Id;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::ids::Ids;
use crate::naming;
use crate::posted_object::PostedObject;
use crate::posting::{Journal, JournalLine, JournalRole, Posting, Receipt, Side};
use crate::slot::Slot;
use crate::step::Step;

/// A payment that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedPayment {
    /// RIVET's id of the payment.
    pub payment: Id,
    /// The open day on which the payment came back.
    pub on: Date,
    /// QuickBooks id of the Accounts Receivable account.
    pub receivable: String,
    /// QuickBooks id of the account that received the payment.
    pub deposit: String,
}

/// Returns the steps that post the entry of a payment that came back. A payment of 0.00 has none.
#[must_use]
pub fn returned_payment_steps(existing: &[PostedObject], returned: &ReturnedPayment) -> Vec<Step> {
    let active = existing.iter().filter(|posted| posted.is_active);
    let payments = active.filter_map(|posted| match &posted.posting {
        Posting::Payment(receipt) if !receipt.total.is_zero() => Some((posted, receipt)),
        _ => None,
    });
    let steps = payments.map(|(posted, receipt)| Step::Reverse {
        slot: posted.slot.reversal(),
        of: posted.id.clone(),
        of_kind: posted.kind,
        posting: Posting::JournalEntry(entry(posted.slot, receipt, returned)),
        ids: Ids {
            customer: posted.ids.payer(receipt).to_owned(),
            ..posted.ids.clone()
        },
    });
    steps.collect()
}

/// Returns the entry of a payment that came back, among all transactions of its document. Each part of a divided payment has its own.
#[must_use]
pub fn returned_entry<'a>(
    payment: &PostedObject,
    all: &'a [PostedObject],
) -> Option<&'a PostedObject> {
    let note = naming::returned_note(payment.posting.note());
    let mut entries = all.iter().filter(|posted| posted.is_returned_payment());
    entries.find(|entry| payment.is_reversed && entry.posting.note() == note)
}

/// Returns the entry that debits Accounts Receivable and credits the account that received the payment.
fn entry(slot: Slot, receipt: &Receipt, returned: &ReturnedPayment) -> Journal {
    let reference = receipt.reference.as_deref().unwrap_or_default();
    let text = format!("Payment returned · {} {reference}", receipt.date);
    let line = |role, account: &str, side| JournalLine {
        role,
        account: account.to_owned(),
        side,
        amount: receipt.total,
        description: text.trim_end().to_owned(),
    };
    Journal {
        customer: receipt.customer.clone(),
        project: None,
        is_classed: false,
        number: Some(naming::returned_payment_number(&returned.payment, slot)),
        date: returned.on,
        currency: receipt.currency.clone(),
        held_by_rivet: Decimal::ZERO,
        note: naming::returned_note(&receipt.note),
        lines: vec![
            line(JournalRole::Receivable, &returned.receivable, Side::Debit),
            line(JournalRole::Deposit, &returned.deposit, Side::Credit),
        ],
    }
}
