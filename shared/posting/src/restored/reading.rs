//! Reads the transactions that a document may have in QuickBooks: by id, by number, by day and, for payments, by customer.

use crate::company_query::ask;
use crate::context::WorkerContext;
use crate::entered_before::{forms_of_days, queries_of_pattern};
use crate::error::PostingError;
use crate::numbers;
use crate::restored::parts::origin_in;
use billing::DocumentKind;
use jiff::Timestamp;
use mapping::{Posting, Slot, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::{ObjectSnapshot, TxnType};
use quickbooks::query::Field;
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;
use store::document::DocumentRecord;

/// Returns the transactions that a record knows, as they are now, and all others that have the document's mark. The known ones are read by
/// id, which does not lag behind writes.
///
/// # Errors
/// [`PostingError`] if QuickBooks did not answer each question.
pub(super) async fn transactions_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    now: Timestamp,
) -> Result<Vec<ObjectSnapshot>, PostingError> {
    let mut found = Vec::new();
    for posted in &record.posted {
        let Some(kind) = posted.kind.kind() else {
            continue;
        };
        found.extend(ctx.client.get(kind, &posted.id, now).await?);
    }
    let rows = ask_all(ctx, queries_of(record), now).await?;
    add_marked(record, &mut found, rows);
    Ok(found)
}

/// Returns the payments of 0.00 that may apply reversing forms of a document.
///
/// # Errors
/// [`PostingError`] if QuickBooks did not answer each question.
pub(super) async fn applications_of<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    record: &DocumentRecord,
    now: Timestamp,
) -> Result<Vec<ObjectSnapshot>, PostingError> {
    let rows = ask_all(
        ctx,
        payment_queries(record, |kind| kind != TxnType::Payment),
        now,
    )
    .await?;
    let mut found = Vec::new();
    add_marked(record, &mut found, rows);
    Ok(found)
}

/// Returns what all queries find.
///
/// # Errors
/// [`PostingError`] if QuickBooks refused a query: nothing may be concluded from the rest.
async fn ask_all<H: Http, R: Records>(
    ctx: &mut WorkerContext<'_, H, R>,
    queries: Vec<Query>,
    now: Timestamp,
) -> Result<Vec<ObjectSnapshot>, PostingError> {
    let answers = ask(ctx, queries, now).await?;
    match answers.refused.into_iter().next() {
        Some(refused) => Err(refused.error.into()),
        None => Ok(answers.rows),
    }
}

fn add_marked(record: &DocumentRecord, found: &mut Vec<ObjectSnapshot>, rows: Vec<ObjectSnapshot>) {
    for row in rows {
        let mut known = found.iter();
        let is_known = known.any(|known| (known.kind, &known.id) == (row.kind, &row.id));
        if !is_known && origin_in(record, &row).is_some() {
            found.push(row);
        }
    }
}

/// Returns the questions for everything that may have been made for the document since.
fn queries_of(record: &DocumentRecord) -> Vec<Query> {
    let mut queries = Vec::new();
    let patterns: BTreeSet<String> = postings(record)
        .filter_map(|posting| posting.number())
        .map(numbers::pattern)
        .collect();
    queries.extend(
        patterns
            .iter()
            .flat_map(|pattern| queries_of_pattern(pattern)),
    );
    // QuickBooks may have replaced the numbers of forms.
    queries.extend(forms_of_days(postings(record)));
    if record.reference.kind == DocumentKind::Payment {
        queries.extend(payment_queries(record, |kind| kind == TxnType::Payment));
        queries.extend(entry_queries(record));
    }
    queries
}

/// Returns the queries for the entries of a payment that came back, or of its parts.
fn entry_queries(record: &DocumentRecord) -> impl Iterator<Item = Query> {
    let payments = record.posted.iter();
    let payments = payments.filter(|posted| posted.kind == TxnType::Payment);
    let slots: BTreeSet<Slot> = payments
        .map(|posted| posted.slot)
        .chain([Slot::Payment])
        .collect();
    slots.into_iter().map(|slot| {
        let number = mapping::returned_payment_number(&record.reference.id, slot);
        Query::from(Kind::JournalEntry).filter(Field::DocNumber.equals(number.as_str()))
    })
}

/// Returns the queries for the payments of the customers for whom transactions of a type stand, since their first day.
fn payment_queries(record: &DocumentRecord, is_of: fn(TxnType) -> bool) -> Vec<Query> {
    let posted = record.posted.iter();
    let posted = posted.filter(|posted| is_of(posted.kind));
    let mut customers: BTreeSet<&str> = posted.map(|posted| posted.ids.customer.as_str()).collect();
    let saga = record.saga.as_ref();
    customers.extend(saga.map(|saga| saga.ids.customer.as_str()));
    customers.remove("");
    let first = postings(record)
        .map(Posting::date)
        .min()
        .unwrap_or_default();
    let query = |customer: &&str| {
        Query::from(Kind::Payment)
            .filter(Field::CustomerRef.equals(*customer))
            .and(Field::TxnDate.at_least(first))
    };
    customers.iter().map(query).collect()
}

/// Returns what the record knows of the document's content: what was posted, and what a saga was to post.
fn postings(record: &DocumentRecord) -> impl Iterator<Item = &Posting> {
    let posted = record.posted.iter();
    let posted = posted.filter(|posted| posted.slot != Slot::PaymentReversal);
    let steps = record.saga.iter().flat_map(|saga| &saga.steps);
    let planned = steps.filter_map(|step| match &step.step {
        Step::Reverse { slot, .. } if *slot == Slot::PaymentReversal => None,
        step => step.posting(),
    });
    posted.map(|posted| &posted.posting).chain(planned)
}
