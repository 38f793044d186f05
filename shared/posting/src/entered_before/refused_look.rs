//! The documents that wait because the company refused a query of a look.

use crate::company_query::{RefusedQuery, first_page};
use crate::entered_before::Candidate;
use crate::entered_before::needs::{self, Needs};
use crate::entered_before::open_amounts::{self, shares};
use crate::entered_before::queries::{queries_of_number, query_of_payments};
use crate::error::LookupError;
use billing::{DocumentRef, Id};
use quickbooks::Query;

/// A document about which the company refused to answer.
pub(super) struct RefusedLook {
    pub(super) document: DocumentRef,
    pub(super) error: LookupError,
}

/// Returns the documents that need the answer to a refused query, and takes these needs out: they are asked for again.
pub(super) fn refused_looks(
    needs: &mut Needs,
    candidates: &[Candidate<'_>],
    refused: Vec<RefusedQuery>,
) -> Vec<RefusedLook> {
    let mut looks = Vec::new();
    for RefusedQuery { query, error } in refused {
        let is_asked = |queries: Vec<Query>| {
            queries
                .into_iter()
                .map(first_page)
                .any(|asked| asked == query)
        };
        let numbers = needs
            .numbers
            .extract_if(.., |need| is_asked(queries_of_number(need)));
        let patterns: Vec<String> = numbers.map(|need| need.pattern).collect();
        let payments = needs
            .payments
            .extract_if(.., |need| is_asked(vec![query_of_payments(need)]));
        let customers: Vec<Id> = payments.map(|need| need.customer).collect();
        let is_of_open_amounts = is_asked(open_amounts::queries(candidates));
        let concerned = candidates.iter().filter(|candidate| {
            let numbers = needs::numbers(candidate);
            let is_payment = shares(candidate).next().is_some();
            numbers.iter().any(|need| patterns.contains(&need.pattern))
                || (is_payment
                    && (is_of_open_amounts || customers.contains(&candidate.plan.customer)))
        });
        looks.extend(concerned.map(|candidate| RefusedLook {
            document: candidate.plan.document.clone(),
            error: error.clone(),
        }));
    }
    looks
}
