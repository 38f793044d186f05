//! The documents that wait because the company refused a query of a look.

use crate::company_query::{RefusedQuery, first_pages};
use crate::entered_before::Candidate;
use crate::entered_before::needs::Needs;
use crate::error::LookupError;
use billing::DocumentRef;
use quickbooks::Query;

/// A document about which the company refused to answer.
pub(super) struct RefusedLook {
    pub(super) document: DocumentRef,
    pub(super) error: LookupError,
}

/// Returns the documents that need the answer to a refused query, and takes their needs out. `asked` has the queries of each candidate.
pub(super) fn refused_looks(
    needs: &mut Needs,
    candidates: &[Candidate<'_>],
    asked: &[Vec<Query>],
    refused: Vec<RefusedQuery>,
) -> Vec<RefusedLook> {
    let mut looks = Vec::new();
    for RefusedQuery { query, error } in refused {
        for (candidate, asked) in candidates.iter().zip(asked) {
            if first_pages(asked.iter().cloned()).contains(&query) {
                needs.remove(candidate);
                looks.push(RefusedLook {
                    document: candidate.plan.document.clone(),
                    error: error.clone(),
                });
            }
        }
    }
    looks
}
