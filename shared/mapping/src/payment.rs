//! Payments: money from a customer, linked to what it pays for.

use billing::{DocumentRef, Kind, Payment};
use rust_decimal::Decimal;

use crate::Effect;
use crate::context::Context;
use crate::money::cents;
use crate::naming::{self, NUMBER, clipped};
use crate::plan::{Plan, Planned, Refusal};
use crate::posting::{Posting, Receipt, Share};
use crate::slot::Slot;

/// A payment is never revised.
const REVISION: u32 = 1;

/// The plan, and what it has to do to the ledger: all of the amount is credited to the customer, applied or not.
pub(crate) fn plan(payment: &Payment, context: &Context<'_>) -> Result<(Plan, Effect), Refusal> {
    context.accounts()?;
    if payment.amount.is_zero() {
        return Err(Refusal::Empty);
    }
    let draft = Plan {
        document: DocumentRef {
            kind: Kind::Payment,
            id: payment.id.clone(),
        },
        revision: REVISION,
        number: None,
        customer: payment.customer.id.clone(),
        project: None,
        classed: false,
        currency: context.home_currency(),
        postings: Vec::new(),
    };
    let applied: Decimal = payment.applied.iter().map(|part| part.amount).sum();
    if applied > payment.amount {
        let figures = format!("{applied:.2} applied of a payment of {:.2}", payment.amount);
        return Err(Refusal::Disagreement { figures });
    }
    let posting = Posting::Payment(receipt(payment, context, &draft));
    let postings = vec![Planned {
        slot: Slot::Payment,
        posting,
    }];
    let expected = Effect {
        receivable: -payment.amount,
        deposits: payment.amount,
        ..Effect::default()
    };
    Ok((Plan { postings, ..draft }, expected))
}

fn receipt(payment: &Payment, context: &Context<'_>, draft: &Plan) -> Receipt {
    let share = |part: &billing::Applied| Share {
        document: part.target(),
        amount: cents(part.amount),
    };
    Receipt {
        customer: draft.customer.clone(),
        date: payment.received_on,
        currency: draft.currency.clone(),
        total: cents(payment.amount),
        reference: payment
            .reference
            .as_deref()
            .map(|reference| clipped(reference, NUMBER)),
        deposit: context.settings.accounts.deposit.clone(),
        note: note(payment, draft),
        applied: payment.applied.iter().map(share).collect(),
    }
}

/// A reference that does not fit its own field is kept whole here, in front of what marks the payment as ours.
fn note(payment: &Payment, draft: &Plan) -> String {
    let note = naming::note(&draft.document, REVISION, Slot::Payment);
    match &payment.reference {
        Some(reference) if clipped(reference, NUMBER) != *reference => {
            format!("{reference} · {note}")
        }
        _ => note,
    }
}
