//! The queries of a look.

use crate::entered_before::needs::{NumberNeed, PaymentNeed};
use quickbooks::query::{Condition, Field};
use quickbooks::{Kind, Query};
use std::collections::BTreeSet;

/// The kinds of transactions that have a number.
const NUMBERED: [Kind; 3] = [Kind::Invoice, Kind::CreditMemo, Kind::JournalEntry];

/// Returns the queries for the numbers of a project.
pub(super) fn queries_of_number(need: &NumberNeed) -> Vec<Query> {
    let query = |kind| Query::from(kind).filter(Field::DocNumber.starts_with(&need.pattern));
    NUMBERED.map(query).to_vec()
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
