//! Plans of payments: money from a customer, linked to the documents that it pays.

use billing::{AppliedAmount, DocumentKind, DocumentRef, Id, Payment};
use rust_decimal::Decimal;

use crate::effect::Effect;
use crate::money::{cents, money_text};
use crate::naming::{self, NUMBER_LIMIT, clip};
use crate::payment_facts::PaymentFacts;
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
    if payment.amount.is_zero() && payment.applied.is_empty() {
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
    verify_sums(payment, inputs.payment)?;
    let postings = postings(payment, inputs, &draft)?;
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

/// Checks that the targets agree with the amount. Credits raise what can be paid for, and are used only as far as something is paid for.
fn verify_sums(payment: &Payment, facts: &PaymentFacts) -> Result<(), Refusal> {
    let is_credit = |part: &&AppliedAmount| facts.credits.contains(&part.target());
    let (credits, debts): (Vec<_>, Vec<_>) = payment.applied.iter().partition(is_credit);
    let sum = |parts: Vec<&AppliedAmount>| parts.iter().map(|part| part.amount).sum::<Decimal>();
    let (credits, debts) = (sum(credits), sum(debts));
    if debts <= payment.amount + credits && credits <= debts {
        return Ok(());
    }
    let [applied, amount] = [debts, payment.amount].map(money_text);
    let mut figures = format!("{applied} applied of a payment of {amount}");
    if !credits.is_zero() {
        figures.push_str(&format!(" and credits of {}", money_text(credits)));
    }
    Err(Refusal::Disagreement { figures })
}

/// Returns the payment, or a payment for each job where QuickBooks takes no payment of the customer for its jobs. The rest of the money is
/// then a payment of the customer.
fn postings(
    payment: &Payment,
    inputs: &PlanInputs<'_>,
    draft: &PostingPlan,
) -> Result<Vec<PlannedPosting>, Refusal> {
    let whole = receipt(payment, inputs, draft);
    let mut jobs: Vec<&Id> = Vec::new();
    for share in whole.applied.iter().chain(&whole.credits) {
        let job = inputs.parties.paid_jobs.get(&share.document);
        jobs.extend(job.filter(|job| !jobs.contains(job)));
    }
    let of_job = |(nth, job): (u8, &Id)| {
        let slot = Slot::PaymentOfJob(nth);
        let is_of_job = |share: &&Share| inputs.parties.paid_jobs.get(&share.document) == Some(job);
        let of_job = |shares: &[Share]| shares.iter().filter(is_of_job).cloned().collect();
        let mut receipt = Receipt {
            job: Some(job.clone()),
            total: Decimal::ZERO,
            note: note(payment, draft, slot),
            applied: of_job(&whole.applied),
            credits: of_job(&whole.credits),
            ..whole.clone()
        };
        receipt.total = cents(-receipt.unapplied());
        PlannedPosting {
            slot,
            posting: Posting::Payment(receipt),
        }
    };
    let mut postings: Vec<PlannedPosting> = (1..).zip(jobs).map(of_job).collect();
    let of_jobs: Decimal = postings.iter().map(|planned| planned.posting.total()).sum();
    let mut rest = whole;
    rest.total = cents(rest.total - of_jobs);
    let is_of_customer = |share: &Share| !inputs.parties.paid_jobs.contains_key(&share.document);
    rest.applied.retain(is_of_customer);
    rest.credits.retain(is_of_customer);
    let mut totals = postings.iter().map(|planned| planned.posting.total());
    if totals.any(|total| total < Decimal::ZERO) || rest.unapplied() < Decimal::ZERO {
        let figures = "a credit of one job is more than what is paid for that job".to_owned();
        return Err(Refusal::Disagreement { figures });
    }
    if postings.is_empty() || !rest.total.is_zero() || !rest.applied.is_empty() {
        postings.push(PlannedPosting {
            slot: Slot::Payment,
            posting: Posting::Payment(rest),
        });
    }
    Ok(postings)
}

/// Returns the whole payment of the customer.
fn receipt(payment: &Payment, inputs: &PlanInputs<'_>, draft: &PostingPlan) -> Receipt {
    let facts = inputs.payment;
    let (mut applied, mut credits) = (Vec::new(), Vec::new());
    for part in &payment.applied {
        let (document, amount) = (part.target(), cents(part.amount));
        if facts.credits.contains(&document) {
            credits.push(Share {
                document,
                amount,
                returned: None,
            });
        } else {
            applied.extend(facts.divided(&document, amount));
        }
    }
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
        applied,
        credits,
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

    fn with_facts(payment: &Payment, facts: &PaymentFacts) -> Result<PostingPlan, Refusal> {
        let (settings, preferences) = (
            settings(METHODS[0], STYLES[0]),
            preferences(ClassUse::PerLine),
        );
        let inputs = PlanInputs {
            payment: facts,
            ..inputs(&settings, &preferences)
        };
        plan(payment, &inputs).map(|unchecked| {
            assert_eq!(unchecked.plan.effect(), unchecked.stated_effect);
            unchecked.plan
        })
    }

    #[test]
    fn credit_raises_what_is_paid() {
        let target = payment().applied[0].target();
        let facts = PaymentFacts {
            credits: [target.clone()].into(),
            ..PaymentFacts::default()
        };
        let [mut credit, debt] = [0, 1].map(|at| payment().applied[at].clone());
        credit.amount = cents(500_000);
        let nothing = Payment {
            amount: cents(0),
            applied: vec![credit.clone(), debt.clone()],
            ..payment()
        };
        let plan = with_facts(&nothing, &facts).unwrap();
        let Posting::Payment(receipt) = &plan.postings[0].posting else {
            panic!()
        };
        assert_eq!(receipt.credits[0].document, target);
        assert_eq!(
            (receipt.unapplied(), plan.credits()),
            (cents(0), vec![target])
        );
        credit.amount = cents(500_001);
        let excess = Payment {
            applied: vec![credit, debt],
            ..nothing
        };
        assert!(with_facts(&excess, &facts).is_err());
    }

    #[test]
    fn returned_amount_is_paid_through_its_entry() {
        let document = payment().applied[0].target();
        let facts = PaymentFacts {
            returned: vec![crate::ReturnedPart {
                payment: "pay_0001".parse().unwrap(),
                document: document.clone(),
                open: cents(1_000_000),
            }],
            ..PaymentFacts::default()
        };
        let plan = with_facts(&payment(), &facts).unwrap();
        let targets: Vec<_> = plan.targets().iter().map(ToString::to_string).collect();
        let expected = [
            "payment/pay_0001",
            &document.to_string(),
            "retainage_release/rel_1042_1",
        ];
        assert_eq!(targets, expected);
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
