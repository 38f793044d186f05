//! A look at the company for several documents.

use crate::context::WorkerContext;
use crate::entered_before::Candidate;
use crate::entered_before::company_query::{Answers, ask, first_page};
use crate::entered_before::needs::{Needs, NumberNeed, PaymentNeed, add_numbers, needs};
use crate::entered_before::numbers::is_of_same_project;
use crate::entered_before::open_amounts::{self, Overpayment, overpayments};
use crate::entered_before::owners::{FoundObject, Owner, with_owners};
use crate::error::PostingError;
use crate::planned::PlannedDocument;
use jiff::Timestamp;
use ports::http::Http;
use ports::records::{Records, StoreError};
use quickbooks::query::{Condition, Field};
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;
use store::matches::{NumberLook, OtherPayment, PaymentLook, ProjectRecord};

/// The kinds of transactions that have a number.
const NUMBERED: [Kind; 3] = [Kind::Invoice, Kind::CreditMemo, Kind::JournalEntry];

/// The result of a look. Empty if no look was needed.
#[derive(Default)]
pub struct Looked {
    pub(super) found: Vec<FoundObject>,
    pub(super) overpayments: Vec<Overpayment>,
}

/// Looks at the company for documents of which a transaction is to be made for the first time. No call is made if earlier looks suffice.
///
/// # Errors
/// [`PostingError`] if a record could not be read, or QuickBooks did not answer.
pub async fn look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    candidates: &[Candidate<'_>],
    now: Timestamp,
) -> Result<Looked, PostingError> {
    let needs = needs(ctx, candidates).await?;
    if needs.is_empty() {
        return Ok(Looked::default());
    }
    let Answers { rows, asked_at } = ask(ctx, queries(&needs, candidates), now).await?;
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for object in rows {
        if known.insert((object.kind, object.id.clone())) {
            found.push(object);
        }
    }
    let found = with_owners(ctx, found).await?;
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
    let queries = queries_by_number(&needs).into_iter();
    Ok(queries.map(first_page).collect())
}

fn queries_by_number(needs: &Needs) -> Vec<Query> {
    let mut queries = Vec::new();
    for need in &needs.numbers {
        for kind in NUMBERED {
            let query = Query::from(kind).filter(Field::DocNumber.starts_with(&need.pattern));
            if !queries.contains(&query) {
                queries.push(query);
            }
        }
    }
    queries
}

fn queries(needs: &Needs, candidates: &[Candidate<'_>]) -> Vec<Query> {
    let mut queries = queries_by_number(needs);
    for need in &needs.payments {
        let query = Query::from(Kind::Payment)
            .filter(payers(&need.payers))
            .and(Field::TxnDate.at_least(need.from));
        queries.push(query);
    }
    if !needs.payments.is_empty() {
        queries.extend(open_amounts::queries(candidates));
    }
    queries
}

/// Returns the condition that a payment is of one of these customers.
fn payers(payers: &BTreeSet<String>) -> Condition {
    let mut all = payers.iter();
    match (all.next(), all.len()) {
        (Some(only), 0) => Field::CustomerRef.equals(only),
        _ => Field::CustomerRef.is_in(payers.iter().map(String::as_str)),
    }
}

/// Keeps the numbers of the project that RIVET does not know as its own. A document with one of them is looked for again.
async fn save_number_look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    need: &NumberNeed,
    found: &[FoundObject],
    at: Timestamp,
) -> Result<(), StoreError> {
    let is_unknown = |found: &&FoundObject| match found.owner {
        Owner::Rivet => false,
        Owner::Marked(_) => true,
        Owner::Person => !found.object.is_voided(),
    };
    let unknown = found.iter().filter(is_unknown);
    let numbers = unknown.filter_map(|found| found.object.doc_number.clone());
    let numbers = numbers.filter(|number| is_of_same_project(number, &need.number));
    let look = NumberLook::new(need.pattern.clone(), at, numbers.collect());
    let keep = |record: &mut ProjectRecord| record.add_look(look.clone());
    ctx.change_project(&need.project, keep).await
}

/// Keeps the payments of the customer that RIVET does not know as its own.
async fn save_payment_look<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    need: PaymentNeed,
    found: &[FoundObject],
    at: Timestamp,
) -> Result<(), StoreError> {
    let PaymentNeed {
        customer,
        payers,
        from,
    } = need;
    let others = found.iter();
    let others = others.filter_map(|found| other_payment(found, &payers));
    let others: Vec<OtherPayment> = others.collect();
    let look = PaymentLook {
        customer: PaymentLook::payers(&payers),
        from,
        at,
        others: None,
    };
    ctx.set_payment_look(&customer, look.with_others(others))
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
