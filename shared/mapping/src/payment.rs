//! Payments: money from a customer, linked to what it pays for.

use billing::{DocumentRef, Kind, Payment};
use rust_decimal::Decimal;

use crate::context::Context;
use crate::effect::Effect;
use crate::money::cents;
use crate::naming::{self, NUMBER, clipped};
use crate::plan::{Plan, Planned};
use crate::posting::{Posting, Receipt, Share};
use crate::refusal::Refusal;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::samples::{METHODS, STYLES, books, cents, payment, settings};
    use crate::{ClassUse, Posting};

    fn planned(payment: &Payment, settings: &Settings) -> Result<Plan, Refusal> {
        let books = books(ClassUse::PerLine);
        plan(
            payment,
            &Context {
                settings,
                books: &books,
            },
        )
        .map(|(plan, _)| plan)
    }

    fn received(payment: &Payment) -> Receipt {
        let plan = planned(payment, &settings(METHODS[0], STYLES[0])).unwrap();
        match &plan.postings[0].posting {
            Posting::Payment(receipt) => receipt.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_target_has_its_share_and_the_rest_stays_unapplied() {
        let receipt = received(&payment());
        let shares: Vec<_> = receipt
            .applied
            .iter()
            .map(|share| format!("{} {}", share.document, share.amount))
            .collect();
        assert_eq!(
            shares,
            [
                "pay_app/pa_1042_2 73575.67",
                "retainage_release/rel_1042_1 5000.00"
            ]
        );
        assert_eq!(receipt.total.to_string(), "80000.00");
    }

    #[test]
    fn a_payment_that_is_applied_to_nothing_is_still_money() {
        let receipt = received(&Payment {
            applied: Vec::new(),
            ..payment()
        });
        assert!(receipt.applied.is_empty());
    }

    #[test]
    fn money_lands_where_the_firm_chose() {
        let mut settings = settings(METHODS[0], STYLES[0]);
        settings.accounts.deposit = Some("35".into());
        let plan = planned(&payment(), &settings).unwrap();
        assert!(
            matches!(&plan.postings[0].posting, Posting::Payment(receipt) if receipt.deposit.as_deref() == Some("35"))
        );
        assert_eq!(received(&payment()).deposit, None);
    }

    #[test]
    fn a_reference_that_is_too_long_is_cut_and_kept_whole_in_the_note() {
        let reference = "ACH 8821300000000000000017";
        let receipt = received(&Payment {
            reference: Some(reference.into()),
            ..payment()
        });
        assert_eq!(receipt.reference.as_deref(), Some("ACH 8821300000000000…"));
        assert_eq!(
            receipt.note,
            format!("{reference} · RIVET payment pay_0002 revision 1")
        );
        assert_eq!(
            received(&payment()).note,
            "RIVET payment pay_0002 revision 1"
        );
    }

    #[test]
    fn a_payment_of_nothing_is_nothing_to_post() {
        let nothing = Payment {
            amount: cents(0),
            applied: Vec::new(),
            ..payment()
        };
        assert_eq!(
            planned(&nothing, &settings(METHODS[0], STYLES[0])),
            Err(Refusal::Empty)
        );
    }

    #[test]
    fn more_applied_than_received_is_refused() {
        let wrong = Payment {
            amount: cents(7_857_566),
            ..payment()
        };
        let refusal = planned(&wrong, &settings(METHODS[0], STYLES[0])).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the figures do not agree: 78575.67 applied of a payment of 78575.66"
        );
    }
}
