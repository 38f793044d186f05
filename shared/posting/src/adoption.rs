//! Adopts transactions that RIVET posted before and forgot, as after the loss of the store.
//!
//! | mark | content | what follows |
//! |---|---|---|
//! | this revision | as planned | the document is posted |
//! | this revision | edited by a person | a conflict, with both versions |
//! | an older revision | | it is changed like any posted revision |
//! | a newer revision | | it stands; the newer revision takes it over when it arrives |

use crate::context::WorkerContext;
use crate::entered_before::OwnTransaction;
use crate::planned::ResolvedPlan;
use crate::saga::{self, ExecutedStep};
use jiff::Timestamp;
use mapping::{Ids, PlannedPosting, PostedObject, Posting, PostingPlan, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use quickbooks::entity::ObjectSnapshot;
use store::document::DocumentRecord;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::VERSION_UNKNOWN;

/// The work that is left after an adoption.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// QuickBooks has a newer revision than this one, so nothing is posted.
    pub is_newer: bool,
    /// The changes by which the next scan reads the transactions.
    pub again: Vec<PendingChange>,
}

/// Adopts transactions as those of the document. The next scan reads them, and learns what was paid of them.
pub fn adopt<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    ours: Vec<OwnTransaction>,
    resolved: &ResolvedPlan<'_>,
) -> Adopted {
    let mut adopted = Adopted::default();
    for own in ours {
        let (kind, id) = (own.found.kind, own.found.id.clone());
        if own.origin.revision == resolved.plan.revision {
            adopt_same(ctx, record, own, &resolved.ids);
        } else {
            let mut posted = of_other_revision(&own, &resolved.ids);
            if own.origin.revision > resolved.plan.revision {
                VERSION_UNKNOWN.clone_into(&mut posted.sync_token);
                adopted.is_newer = true;
            }
            record.posted.push(posted);
        }
        adopted.again.push(compare_again(kind, id, ctx.now()));
    }
    adopted
}

/// Adopts a transaction of the planned revision. A difference that a person made is recorded as after a look-up.
fn adopt_same<H: Http, R: Records>(
    ctx: &WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    own: OwnTransaction,
    ids: &Ids,
) {
    let mut posting = own.planned.posting;
    keep_letter(&mut posting, &own.found);
    let step = Step::Create {
        slot: own.planned.slot,
        posting,
    };
    let found = ObjectSnapshot {
        updated_at: None,
        ..own.found
    };
    saga::apply(ctx, record, ExecutedStep { step: &step, ids }, &found);
}

/// Gives a posting the number of the transaction found, if RIVET added a letter to it because the planned number was taken.
fn keep_letter(posting: &mut Posting, found: &ObjectSnapshot) {
    let Some(planned) = posting.number() else {
        return;
    };
    let stem = mapping::number_stem(planned, posting.kind());
    let number = found.doc_number.as_deref().unwrap_or_default();
    let letter = number.strip_prefix(&stem).unwrap_or_default();
    if letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()) {
        posting.set_number(Some(number));
    }
}

/// Returns a transaction of another revision with the content that QuickBooks has.
fn of_other_revision(own: &OwnTransaction, ids: &Ids) -> PostedObject {
    let OwnTransaction {
        planned,
        found,
        origin,
    } = own;
    let mut posting = posting_of_kind(&planned.posting, found);
    posting.set_note(&origin.note());
    keep_letter(&mut posting, found);
    PostedObject::found(planned.slot, posting, ids.clone(), found)
}

/// Returns the planned posting as the kind of form that was found. A net that changes its sign turns an invoice into a credit memo.
fn posting_of_kind(planned: &Posting, found: &ObjectSnapshot) -> Posting {
    match planned {
        Posting::Invoice(sale) | Posting::CreditMemo(sale) if found.kind == Kind::Invoice => {
            Posting::Invoice(sale.clone())
        }
        Posting::Invoice(sale) | Posting::CreditMemo(sale) => Posting::CreditMemo(sale.clone()),
        posting => posting.clone(),
    }
}

/// Takes over the plan for transactions that were adopted in this revision before RIVET sent it. Returns the changes by which the next scan
/// compares them.
pub fn take_planned(
    record: &mut DocumentRecord,
    plan: &PostingPlan,
    now: Timestamp,
) -> Vec<PendingChange> {
    let mut again = Vec::new();
    for planned in &plan.postings {
        let mut posted = record.posted.iter_mut();
        if let Some(posted) = posted.find(|posted| is_ahead(posted, planned)) {
            posted.posting = planned.posting.clone();
            posted.accepted_differences.clear();
            let kind = posted.kind.kind();
            again.extend(kind.map(|kind| compare_again(kind, posted.id.clone(), now)));
        }
    }
    again
}

/// Returns whether a transaction was adopted for a planned posting, and RIVET does not know its planned content yet.
fn is_ahead(posted: &PostedObject, planned: &PlannedPosting) -> bool {
    let (kind, note) = (planned.posting.txn_type(), planned.posting.note());
    posted.is_active
        && posted.slot == planned.slot
        && posted.sync_token == VERSION_UNKNOWN
        && posted.posting != planned.posting
        && (posted.kind, posted.posting.note()) == (kind, note)
}

/// Returns the change by which the next scan reads a transaction.
pub(crate) fn compare_again(kind: Kind, id: String, now: Timestamp) -> PendingChange {
    PendingChange {
        kind,
        id,
        at: now,
        kind_of_change: ChangeKind::Changed,
    }
}
