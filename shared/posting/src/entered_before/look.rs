//! A look at the company for several documents.

use crate::company_query::{Answers, ask, first_pages};
use crate::context::WorkerContext;
use crate::entered_before::Candidate;
use crate::entered_before::needs::{Needs, PaymentNeed, add_numbers, needs};
use crate::entered_before::number_needs::NumberNeed;
use crate::entered_before::open_amounts::{self, Overpayment, overpayments};
use crate::entered_before::owners::{FoundObject, Owner, with_owners};
use crate::entered_before::queries::{
    forms_of_customers, forms_of_days, queries_of_number, query_of_payments,
};
use crate::entered_before::refused_look::{RefusedLook, refused_looks};
use crate::entered_before::refused_payment::read_targets;
use crate::error::{LookupError, PostingError};
use crate::numbers::is_of_same_project;
use crate::planned::PlannedDocument;
use crate::watch::{ensure_visible, may_be_forgotten};
use billing::DocumentRef;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;
use store::document::DocumentRecord;
use store::matches::{NumberLook, OtherPayment, PaymentLook, ProjectRecord};

/// The result of a look. Empty if no look was needed.
#[derive(Default)]
pub struct Looked {
    pub(super) found: Vec<FoundObject>,
    pub(super) overpayments: Vec<Overpayment>,
    /// The documents about which the company refused to answer.
    pub(super) refused: Vec<RefusedLook>,
}

impl Looked {
    /// Returns the error if the company refused to answer about a document.
    pub fn refusal(&self, document: &DocumentRef) -> Option<&LookupError> {
        let mut refused = self.refused.iter();
        let refused = refused.find(|refused| refused.document == *document);
        refused.map(|refused| &refused.error)
    }
}

/// Looks at the company for documents of which a transaction is to be made for the first time. No call is made if earlier looks suffice. A
/// query that the company refuses concerns only the documents that need its answer.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub async fn look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidates: &[Candidate<'_>],
    now: Timestamp,
) -> Result<Looked, PostingError> {
    let mut needs = needs(ctx, candidates).await?;
    if needs.is_empty() {
        return Ok(Looked::default());
    }
    ensure_visible(ctx)?;
    let asked: Vec<Vec<Query>> = candidates
        .iter()
        .map(|candidate| queries_of(ctx, &needs, candidates, candidate))
        .collect();
    let answers = ask(ctx, asked.iter().flatten().cloned(), now).await?;
    let mut refused = refused_looks(&mut needs, candidates, &asked, answers.refused);
    let Answers {
        mut rows, asked_at, ..
    } = answers;
    refused.extend(read_targets(ctx, candidates, &mut rows, now).await);
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for object in rows {
        if known.insert((object.kind, object.id.clone())) {
            found.push(object);
        }
    }
    let current: Vec<&DocumentRecord> = candidates.iter().map(|one| one.record).collect();
    let found = with_owners(ctx, &current, found).await?;
    for need in &needs.numbers {
        save_number_look(ctx, need, &found, asked_at).await?;
    }
    for need in needs.payments {
        save_payment_look(ctx, need, &found, asked_at).await?;
    }
    let overpayments = overpayments(ctx, candidates, &found, now).await?;
    Ok(Looked {
        found,
        overpayments,
        refused,
    })
}

/// Returns the queries by numbers that the looks for these documents will make. They may be asked together with other questions.
///
/// # Errors
/// [`StoreError`] if a record could not be read.
pub async fn number_queries<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    documents: &[&PlannedDocument],
) -> Result<Vec<Query>, StoreError> {
    let mut needs = Needs::default();
    for planned in documents {
        add_numbers(ctx, &mut needs, planned).await?;
    }
    let queries = needs.numbers.iter().flat_map(queries_of_number);
    Ok(first_pages(queries))
}

/// Returns the queries whose answers a candidate needs.
fn queries_of<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    needs: &Needs,
    candidates: &[Candidate<'_>],
    candidate: &Candidate<'_>,
) -> Vec<Query> {
    let numbers = needs.numbers_of(candidate);
    let mut queries: Vec<Query> = numbers.iter().flat_map(queries_of_number).collect();
    // Where QuickBooks assigns numbers, a form that RIVET forgot may have any.
    if !numbers.is_empty() && !ctx.client.preferences().keeps_numbers(Kind::Invoice) {
        queries.extend(forms_of_customers(candidate.ids.family()));
    }
    // A form that the restored store lacks may have got another number, whatever the preference is now.
    if may_be_forgotten(ctx, candidate.record) {
        let postings = candidate.new_postings();
        queries.extend(forms_of_days(postings.map(|planned| &planned.posting)));
    }
    if candidate.is_payment() && !needs.payments.is_empty() {
        queries.extend(needs.payment_of(candidate).map(query_of_payments));
        queries.extend(open_amounts::queries(candidates));
    }
    queries
}

/// Keeps the numbers of the project that RIVET does not know as its own. A document with one of them is looked for again.
async fn save_number_look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    need: &NumberNeed,
    found: &[FoundObject],
    at: Timestamp,
) -> Result<(), StoreError> {
    let is_forgotten = |found: &FoundObject| matches!(found.owner, Owner::Marked(_));
    let is_unknown = |found: &&FoundObject| match found.owner {
        Owner::Rivet => false,
        Owner::Marked(_) => true,
        Owner::Person => !found.object.is_voided(),
    };
    let unknown = found.iter().filter(is_unknown);
    let numbers = unknown.filter_map(|found| found.object.doc_number.clone());
    let numbers = numbers.filter(|number| is_of_same_project(number, &need.number));
    let mut look = NumberLook::new(need.pattern.clone(), at, numbers.collect());
    // A number that QuickBooks assigned to a forgotten document does not say which document that is.
    look.numbers.take_if(|_| found.iter().any(is_forgotten));
    let keep = |record: &mut ProjectRecord| {
        record.add_look(look);
        true
    };
    ctx.change_project(&need.project, keep).await
}

/// Keeps the payments of the customer that RIVET does not know as its own.
async fn save_payment_look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    need: PaymentNeed,
    found: &[FoundObject],
    at: Timestamp,
) -> Result<(), StoreError> {
    let others = found.iter();
    let others = others.filter_map(|found| other_payment(found, &need.payers));
    let others: Vec<OtherPayment> = others.collect();
    let look = PaymentLook {
        customer: PaymentLook::payers(&need.payers),
        from: need.from,
        at,
        others: None,
    };
    ctx.change_payments(&need.customer, |payments| {
        payments.look = Some(look.with_others(others));
        true
    })
    .await
}

/// Returns a payment of these customers that RIVET does not know as its own.
fn other_payment(found: &FoundObject, payers: &BTreeSet<String>) -> Option<OtherPayment> {
    let object = &found.object;
    let payer = object.customer.as_ref();
    let is_payer = payer.is_some_and(|payer| payers.contains(&payer.value));
    let is_theirs = object.kind == Kind::Payment && is_payer;
    let is_unknown = found.owner != Owner::Rivet && !object.is_voided();
    let amount = object.total.filter(|total| !total.is_zero());
    Some(OtherPayment {
        date: object.date.filter(|_| is_theirs && is_unknown)?,
        amount: amount?,
    })
}
