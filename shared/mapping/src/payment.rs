//! Plans of payments: money from a customer, linked to the documents that it pays.

use billing::{DocumentKind, DocumentRef, Payment};
use rust_decimal::Decimal;

use crate::effect::Effect;
use crate::money::{cents, money_text};
use crate::naming::{self, NUMBER_LIMIT, clip};
use crate::plan::{PlannedPosting, PostingPlan, UncheckedPlan};
use crate::plan_inputs::PlanInputs;
use crate::posting::{Posting, Receipt, Share};
use crate::refusal::Refusal;
use crate::slot::Slot;

/// The revision of every payment: RIVET never revises one.
const REVISION: u32 = 1;

/// Plans a payment. The stated effect credits the customer with the whole amount, applied or not.
pub(crate) fn plan(payment: &Payment, inputs: &PlanInputs<'_>) -> Result<UncheckedPlan, Refusal> {
    inputs.required_accounts()?;
    if payment.amount.is_zero() {
        return Err(Refusal::Empty);
    }
    let draft = PostingPlan {
        document: DocumentRef {
            kind: DocumentKind::Payment,
            id: payment.id.clone(),
        },
        revision: REVISION,
        number: None,
        customer: payment.customer.id.clone(),
        project: None,
        is_classed: false,
        currency: inputs.home_currency(),
        postings: Vec::new(),
    };
    let applied: Decimal = payment.applied.iter().map(|part| part.amount).sum();
    if applied > payment.amount {
        let figures = format!(
            "{} applied of a payment of {}",
            money_text(applied),
            money_text(payment.amount)
        );
        return Err(Refusal::Disagreement { figures });
    }
    let posting = Posting::Payment(receipt(payment, inputs, &draft));
    let postings = vec![PlannedPosting {
        slot: Slot::Payment,
        posting,
    }];
    let stated_effect = Effect {
        receivable: -payment.amount,
        deposits: payment.amount,
        ..Effect::default()
    };
    Ok(UncheckedPlan {
        plan: PostingPlan { postings, ..draft },
        stated_effect,
    })
}

fn receipt(payment: &Payment, inputs: &PlanInputs<'_>, draft: &PostingPlan) -> Receipt {
    let share = |part: &billing::AppliedAmount| Share {
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
            .map(|reference| clip(reference, NUMBER_LIMIT)),
        deposit: inputs.settings.accounts.deposit.clone(),
        note: note(payment, draft),
        applied: payment.applied.iter().map(share).collect(),
    }
}

/// Returns the origin note. A reference that is too long for its own field stands whole in front of it.
fn note(payment: &Payment, draft: &PostingPlan) -> String {
    let note = naming::origin_note(&draft.document, REVISION, Slot::Payment);
    match &payment.reference {
        Some(reference) if clip(reference, NUMBER_LIMIT) != *reference => {
            format!("{reference} · {note}")
        }
        _ => note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{METHODS, STYLES, cents, inputs, payment, preferences, settings};
    use crate::{ClassUse, Posting, Settings};

    fn planned(payment: &Payment, settings: &Settings) -> Result<PostingPlan, Refusal> {
        let preferences = preferences(ClassUse::PerLine);
        plan(payment, &inputs(settings, &preferences)).map(|unchecked| unchecked.plan)
    }

    fn received(payment: &Payment) -> Receipt {
        let plan = planned(payment, &settings(METHODS[0], STYLES[0])).unwrap();
        match &plan.postings[0].posting {
            Posting::Payment(receipt) => receipt.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_target_gets_its_share() {
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
    fn unapplied_payment_is_posted() {
        let receipt = received(&Payment {
            applied: Vec::new(),
            ..payment()
        });
        assert!(receipt.applied.is_empty());
    }

    #[test]
    fn payment_goes_to_the_chosen_deposit_account() {
        let mut settings = settings(METHODS[0], STYLES[0]);
        settings.accounts.deposit = Some("35".into());
        let plan = planned(&payment(), &settings).unwrap();
        assert!(
            matches!(&plan.postings[0].posting, Posting::Payment(receipt) if receipt.deposit.as_deref() == Some("35"))
        );
        assert_eq!(received(&payment()).deposit, None);
    }

    #[test]
    fn long_reference_is_kept_in_the_note() {
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
    fn zero_payment_posts_nothing() {
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
    fn overapplied_payment_is_refused() {
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
