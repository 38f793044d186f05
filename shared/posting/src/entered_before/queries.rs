//! The queries of a look.

use crate::entered_before::needs::PaymentNeed;
use crate::entered_before::number_needs::NumberNeed;
use jiff::civil::Date;
use mapping::Posting;
use quickbooks::query::{Condition, Field};
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;

/// The kinds of transactions that have a number.
const NUMBERED: [Kind; 3] = [Kind::Invoice, Kind::CreditMemo, Kind::JournalEntry];

/// The kinds of sales forms.
const FORMS: [Kind; 2] = [Kind::Invoice, Kind::CreditMemo];

/// Returns the queries for the numbers of a project.
pub(super) fn queries_of_number(need: &NumberNeed) -> Vec<Query> {
    queries_of_pattern(&need.pattern)
}

/// Returns the queries for the transactions whose numbers begin like this.
pub(crate) fn queries_of_pattern(pattern: &str) -> Vec<Query> {
    let query = |kind| Query::from(kind).filter(Field::DocNumber.starts_with(pattern));
    NUMBERED.map(query).to_vec()
}

/// Returns the queries for the invoices and credit memos of the days of forms. A revision may have turned one into the other.
pub(crate) fn forms_of_days<'a>(postings: impl Iterator<Item = &'a Posting>) -> Vec<Query> {
    let forms = postings.filter(|posting| FORMS.contains(&posting.kind()));
    let days: BTreeSet<Date> = forms.map(Posting::date).collect();
    let query = |day: Date| FORMS.map(|kind| Query::from(kind).filter(Field::TxnDate.equals(day)));
    days.into_iter().flat_map(query).collect()
}

/// Returns the queries for the invoices and credit memos of these customers.
pub(super) fn forms_of_customers<'a>(customers: impl Iterator<Item = &'a str>) -> [Query; 2] {
    let customers: BTreeSet<String> = customers.map(str::to_owned).collect();
    FORMS.map(|kind| Query::from(kind).filter(payers(&customers)))
}

/// Returns the query for the payments of a customer.
pub(super) fn query_of_payments(need: &PaymentNeed) -> Query {
    Query::from(Kind::Payment)
        .filter(payers(&need.payers))
        .and(Field::TxnDate.at_least(need.from))
}

/// Returns the condition that a payment is of one of these customers.
fn payers(payers: &BTreeSet<String>) -> Condition {
    let mut all = payers.iter();
    match (all.next(), all.len()) {
        (Some(only), 0) => Field::CustomerRef.equals(only),
        _ => Field::CustomerRef.is_in(payers.iter().map(String::as_str)),
    }
}
