//! Transactions of a document that count only together with their counterparts.

use crate::subledger::transaction_figures::{Standing, TransactionFigures};
use mapping::PostedObject;
use quickbooks::entity::TxnType;

/// Accepts the entries that cancel each other out as QuickBooks has them, if a person accepted one of them so. Of a pair, one cannot
/// count without the other.
pub(super) fn accept_pairs(transactions: &mut [TransactionFigures], posted: &[PostedObject]) {
    if !posted.iter().any(is_accepted_in_pair) {
        return;
    }
    for figures in transactions {
        if figures.kind == TxnType::JournalEntry && figures.standing == Standing::Inactive {
            figures.standing = Standing::Accepted;
        }
    }
}

/// Returns whether a person accepted differences of an entry that another one cancels out.
fn is_accepted_in_pair(posted: &PostedObject) -> bool {
    let is_gone = posted.is_marked_deleted() || posted.is_marked_void();
    let is_entry = posted.kind == TxnType::JournalEntry;
    is_entry && posted.cancels_out() && !is_gone && !posted.accepted_differences.is_empty()
}

/// Marks the forms and payments that are void. Those that stand have a counterpart: a form of the other type, or an entry.
pub(super) fn mark_void(transactions: &mut [TransactionFigures]) {
    let is_inactive = |figures: &&TransactionFigures| figures.standing == Standing::Inactive;
    let inactive = transactions.iter().filter(is_inactive);
    let kinds: Vec<TxnType> = inactive.map(|figures| figures.kind).collect();
    for figures in transactions {
        let counterpart = match figures.kind {
            TxnType::Invoice => TxnType::CreditMemo,
            TxnType::Payment => TxnType::JournalEntry,
            _ => continue,
        };
        if figures.standing == Standing::Inactive && !kinds.contains(&counterpart) {
            figures.standing = Standing::Void;
        }
    }
}
