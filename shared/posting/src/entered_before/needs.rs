//! Decides what a look must ask for.

use crate::context::{LookedFor, WorkerContext};
use crate::entered_before::Candidate;
use crate::entered_before::number_needs::{NumberNeed, is_covered, numbers};
use crate::entered_before::open_amounts::is_open_by_own_knowledge;
use crate::planned::PlannedDocument;
use crate::watch::{may_be_forgotten, watch};
use billing::Id;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use mapping::{Ids, Posting, Receipt};
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::entity::TxnType;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use store::document::DocumentRecord;
use store::matches::{OtherPayment, PaymentLook};

/// Two payments of the same amount within this time may be one.
const NEAR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The payments of a journal entry are looked for in this time before the payment that is to be posted.
const PAYMENTS_OF_ENTRY: SignedDuration = SignedDuration::from_hours(731 * 24);

/// The customer and jobs whose payments one query asks for at most, unless a payment itself needs more.
const MAX_PAYERS: usize = 60;

/// The payments of one customer that must be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PaymentNeed {
    /// The customer, in RIVET.
    pub(super) customer: Id,
    /// The customer in QuickBooks and the jobs whose documents are paid.
    pub(super) payers: BTreeSet<String>,
    /// The first day.
    pub(super) from: Date,
}

/// The questions of a look.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) numbers: Vec<NumberNeed>,
    pub(super) payments: Vec<PaymentNeed>,
}

impl Needs {
    /// Returns whether there is nothing to ask.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.payments.is_empty()
    }

    /// Returns what must be asked for of the numbers of a candidate.
    pub(super) fn numbers_of(&self, candidate: &Candidate<'_>) -> Vec<NumberNeed> {
        let numbers = numbers(candidate);
        let is_of = |need: &&NumberNeed| numbers.iter().any(|number| number.is_same(need));
        self.numbers.iter().filter(is_of).cloned().collect()
    }

    /// Returns what must be asked for of the payments of a candidate's customer.
    pub(super) fn payment_of(&self, candidate: &Candidate<'_>) -> Option<&PaymentNeed> {
        let customer = &candidate.plan.customer;
        let mut payments = self.payments.iter();
        payments.find(|need| need.customer == *customer)
    }

    /// Takes out what a candidate needs: it will be asked for again.
    pub(super) fn remove(&mut self, candidate: &Candidate<'_>) {
        let numbers = numbers(candidate);
        let customer = &candidate.plan.customer;
        self.numbers
            .retain(|need| !numbers.iter().any(|number| number.is_same(need)));
        self.payments
            .retain(|need| !candidate.is_payment() || need.customer != *customer);
    }

    fn add_number(&mut self, need: NumberNeed) {
        if !self.numbers.iter().any(|known| known.is_same(&need)) {
            self.numbers.push(need);
        }
    }

    fn add_payment(&mut self, need: PaymentNeed) {
        let mut known = self.payments.iter_mut();
        match known.find(|known| known.customer == need.customer) {
            Some(known) => {
                known.from = known.from.min(need.from);
                known.payers.extend(need.payers);
            }
            None => self.payments.push(need),
        }
    }
}

/// Returns what a look must ask for: what no earlier look covers.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub(super) async fn needs<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidates: &[Candidate<'_>],
) -> Result<Needs, StoreError> {
    let mut needs = Needs::default();
    for candidate in candidates {
        add_numbers_of(ctx, &mut needs, candidate).await?;
        let postings = candidate.new_postings();
        let postings = postings.map(|planned| planned.posting.clone());
        for posting in with_whole_payment(postings.collect()) {
            if let Posting::Payment(receipt) = &posting
                && let Some(need) = payment_need(ctx, candidate, receipt).await?
            {
                needs.add_payment(need);
            }
        }
    }
    Ok(needs)
}

/// Adds the numbers of a planned document that no earlier look covers.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub(super) async fn add_numbers<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    needs: &mut Needs,
    planned: &PlannedDocument,
) -> Result<(), StoreError> {
    let record = DocumentRecord::new(planned.plan.document.clone(), ctx.now());
    let ids = Ids::default();
    let candidate = Candidate::of(&record, planned, &ids);
    add_numbers_of(ctx, needs, &candidate).await
}

async fn add_numbers_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    needs: &mut Needs,
    candidate: &Candidate<'_>,
) -> Result<(), StoreError> {
    let may_be_forgotten = may_be_forgotten(ctx, candidate.record);
    for need in numbers(candidate) {
        if may_be_forgotten || !is_covered(ctx, &need).await? {
            needs.add_number(need);
        }
    }
    Ok(())
}

async fn payment_need<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidate: &Candidate<'_>,
    receipt: &Receipt,
) -> Result<Option<PaymentNeed>, StoreError> {
    let watch = watch(ctx).await?;
    let mut targets = candidate.ids.all_targets();
    // A journal entry has no balance, so the payments of it are added up.
    let pays_entry = targets.any(|(_, (kind, _))| *kind == TxnType::JournalEntry);
    let before = if pays_entry { PAYMENTS_OF_ENTRY } else { NEAR };
    let from = receipt.date.saturating_sub(before);
    let near = receipt.date.saturating_sub(NEAR);
    let mut payers: BTreeSet<String> = candidate.ids.family().map(str::to_owned).collect();
    let payments = ctx.customer_payments(&receipt.customer).await?;
    let is_free = |others: &Vec<OtherPayment>| {
        !others
            .iter()
            .any(|other| is_near(receipt, other.date, other.amount))
    };
    let is_covered = payments.look.as_ref().is_some_and(|look: &PaymentLook| {
        watch.covers(look.at, LookedFor::Payments)
            && (look.covers(&payers) && look.from <= near)
            && look.others.as_ref().is_some_and(is_free)
    });
    if let Some(look) = &payments.look {
        add_earlier_payers(&mut payers, look);
    }
    let record = candidate.record;
    let must_know =
        candidate.is_posted_anyway || record.was_refused || may_be_forgotten(ctx, record);
    let is_covered = is_covered && !must_know;
    if is_covered && is_open_by_own_knowledge(ctx, candidate, receipt).await? {
        return Ok(None);
    }
    Ok(Some(PaymentNeed {
        customer: receipt.customer.clone(),
        payers,
        from,
    }))
}

/// Adds the customers of an earlier look, so that looks for different jobs do not replace one another for ever.
fn add_earlier_payers(payers: &mut BTreeSet<String>, look: &PaymentLook) {
    let earlier: Vec<&str> = look.customer.split(' ').collect();
    let is_family = earlier.iter().any(|id| payers.contains(*id));
    if is_family && payers.len() + earlier.len() <= MAX_PAYERS {
        payers.extend(earlier.into_iter().map(str::to_owned));
    }
}

/// Adds the whole payment to those for several jobs, because a person enters a check in one piece.
pub(super) fn with_whole_payment(mut postings: Vec<Posting>) -> Vec<Posting> {
    let of_jobs = postings.iter().filter_map(|posting| match posting {
        Posting::Payment(receipt) => Some(receipt),
        _ => None,
    });
    let total: Decimal = of_jobs.clone().map(|receipt| receipt.total).sum();
    let whole = of_jobs.clone().nth(1).map(|receipt| Receipt {
        total,
        applied: Vec::new(),
        ..receipt.clone()
    });
    postings.extend(whole.map(Posting::Payment));
    postings
}

/// Returns whether a payment of this day and amount may be the one that RIVET is to post.
pub(super) fn is_near(receipt: &Receipt, date: Date, amount: Decimal) -> bool {
    let (first, last) = (
        receipt.date.saturating_sub(NEAR),
        receipt.date.saturating_add(7.days()),
    );
    amount == receipt.total && (first..=last).contains(&date)
}
