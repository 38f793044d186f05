//! Plans of payments: money from a customer, linked to the documents that it pays.

use billing::{DocumentKind, DocumentRef, Id, Payment};
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
        is_for_job: false,
        currency: inputs.customer_currency(),
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
    let postings = postings(payment, inputs, &draft);
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

/// Returns the payment, or a payment for each job where QuickBooks takes no payment of the customer for its jobs. The rest of the money is
/// then a payment of the customer.
fn postings(
    payment: &Payment,
    inputs: &PlanInputs<'_>,
    draft: &PostingPlan,
) -> Vec<PlannedPosting> {
    let whole = receipt(payment, inputs, draft);
    let mut jobs: Vec<&Id> = Vec::new();
    for share in &whole.applied {
        let job = inputs.parties.paid_jobs.get(&share.document);
        jobs.extend(job.filter(|job| !jobs.contains(job)));
    }
    let of_job = |(nth, job): (u8, &Id)| {
        let slot = Slot::PaymentOfJob(nth);
        let is_of_job = |share: &&Share| inputs.parties.paid_jobs.get(&share.document) == Some(job);
        let applied: Vec<Share> = whole.applied.iter().filter(is_of_job).cloned().collect();
        let receipt = Receipt {
            job: Some(job.clone()),
            total: applied.iter().map(|share| share.amount).sum(),
            note: note(payment, draft, slot),
            applied,
            ..whole.clone()
        };
        PlannedPosting {
            slot,
            posting: Posting::Payment(receipt),
        }
    };
    let mut postings: Vec<PlannedPosting> = (1..).zip(jobs).map(of_job).collect();
    let of_jobs: Decimal = postings.iter().map(|planned| planned.posting.total()).sum();
    let mut rest = whole;
    rest.total = cents(rest.total - of_jobs);
    rest.applied
        .retain(|share| !inputs.parties.paid_jobs.contains_key(&share.document));
    if postings.is_empty() || !rest.total.is_zero() {
        postings.push(PlannedPosting {
            slot: Slot::Payment,
            posting: Posting::Payment(rest),
        });
    }
    postings
}

/// Returns the whole payment of the customer.
fn receipt(payment: &Payment, inputs: &PlanInputs<'_>, draft: &PostingPlan) -> Receipt {
    let share = |part: &billing::AppliedAmount| Share {
        document: part.target(),
        amount: cents(part.amount),
    };
    Receipt {
        customer: draft.customer.clone(),
        job: None,
        date: payment.received_on,
        currency: draft.currency.clone(),
        total: cents(payment.amount),
        reference: payment
            .reference
            .as_deref()
            .map(|reference| clip(reference, NUMBER_LIMIT)),
        deposit: inputs.settings.accounts.deposit.clone(),
        note: note(payment, draft, Slot::Payment),
        applied: payment.applied.iter().map(share).collect(),
    }
}

/// Returns the origin note. A reference that is too long for its own field stands whole in front of it.
fn note(payment: &Payment, draft: &PostingPlan, slot: Slot) -> String {
    let note = naming::origin_note(&draft.document, REVISION, slot);
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
    use crate::{ClassUse, Parties, Posting, Settings};

    fn planned(payment: &Payment, settings: &Settings) -> Result<PostingPlan, Refusal> {
        let preferences = preferences(ClassUse::PerLine);
        plan(payment, &inputs(settings, &preferences)).map(|unchecked| unchecked.plan)
    }

    fn planned_with(payment: &Payment, parties: &Parties) -> PostingPlan {
        let (settings, preferences) = (
            settings(METHODS[0], STYLES[0]),
            preferences(ClassUse::PerLine),
        );
        let inputs = PlanInputs {
            parties,
            ..inputs(&settings, &preferences)
        };
        plan(payment, &inputs).unwrap().plan
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
    fn each_job_gets_a_payment_of_its_own() {
        let [first, second] = &payment().applied[..] else {
            panic!()
        };
        let jobs = [(first, "prj_1"), (second, "prj_2")];
        let parties = Parties {
            paid_jobs: jobs
                .map(|(part, project)| (part.target(), project.parse().unwrap()))
                .into(),
            ..Parties::default()
        };
        let planned = planned_with(&payment(), &parties);
        let receipts: Vec<String> = planned
            .postings
            .iter()
            .map(|planned| match &planned.posting {
                Posting::Payment(receipt) => {
                    let job = receipt.job.as_ref().map_or("", |job| job.as_ref());
                    format!("{} {job} {} {}", planned.slot, receipt.total, receipt.note)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            receipts,
            [
                "payment-of-job prj_1 73575.67 RIVET payment pay_0002 revision 1 job 1",
                "payment-of-job prj_2 5000.00 RIVET payment pay_0002 revision 1 job 2",
                "payment  1424.33 RIVET payment pay_0002 revision 1",
            ]
        );
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
