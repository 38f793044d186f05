//! Adopts transactions that RIVET posted before and forgot, as after the loss of the store.
//!
//! | mark | content | what follows |
//! |---|---|---|
//! | this revision | as planned | the document is posted |
//! | this revision | on other accounts, or of the first open day | the document is posted, and stays where it was posted |
//! | this revision | for another customer | the document is posted; the next scan says whether a person moved it |
//! | this revision | edited by a person | a conflict, with both versions |
//! | an older revision | | it is changed like any posted revision |
//! | a newer revision | | it stands; the newer revision takes it over when it arrives |
//!
//! After the store was set back, a part that this revision does not have is adopted too, and then taken back like that of any posted revision.

// Top first: a module uses only modules below it.
mod same_revision;

use crate::adoption::same_revision::{Wanted, adopt_same, keep_letter};
use crate::context::WorkerContext;
use crate::entered_before::OwnTransaction;
use crate::found_content::posting_like;
use crate::origin::Origin;
use crate::planned::ResolvedPlan;
use jiff::Timestamp;
use jiff::civil::Date;
use mapping::{Accounts, Ids, PlannedPosting, PostedObject, PostingPlan};
use ports::http::Http;
use ports::records::Records;
use quickbooks::Kind;
use store::document::DocumentRecord;
use store::inbox::change::{ChangeKind, PendingChange};
use store::object_index::entry::VERSION_UNKNOWN;

/// The work that is left after an adoption.
#[derive(Debug)]
pub struct Adopted {
    /// The plan on the accounts on which the document was posted.
    pub plan: PostingPlan,
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
    if ctx.restore.is_some() {
        // The transactions that reverse or apply these are found when the document is taken up next.
        record.caught_up_at = Some(Timestamp::UNIX_EPOCH);
    }
    record.posting_day = moved_day(&ours, resolved.plan).or(record.posting_day);
    let mut adopted = Adopted {
        plan: resolved.plan.clone(),
        is_newer: false,
        again: Vec::new(),
    };
    for own in ours {
        let (kind, id) = (own.found.kind, own.found.id.clone());
        let mut planned = resolved.plan.postings.iter();
        let is_planned = planned.any(|planned| planned.slot == own.planned.slot);
        if is_planned && own.origin.revision == resolved.plan.revision {
            let mut wanted = Wanted {
                plan: &mut adopted.plan,
                ids: &resolved.ids,
            };
            adopt_same(ctx, record, own, &mut wanted);
        } else {
            let mut posted = of_other_revision(&own, &resolved.ids, &ctx.settings.accounts);
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

/// Returns the first open day on which the transactions were posted, if their own day was in closed books.
fn moved_day(ours: &[OwnTransaction], plan: &PostingPlan) -> Option<Date> {
    let note = |own: &OwnTransaction| own.found.private_note.clone().unwrap_or_default();
    let mut moved = ours.iter().filter(|own| mapping::is_moved_note(&note(own)));
    let day = moved.next()?.found.date?;
    plan.day().is_some_and(|own| own < day).then_some(day)
}

/// Returns a transaction of another revision with the content that QuickBooks has.
fn of_other_revision(own: &OwnTransaction, ids: &Ids, accounts: &Accounts) -> PostedObject {
    let OwnTransaction {
        planned,
        found,
        origin,
    } = own;
    let like = posting_like(&planned.posting, found, accounts);
    let mut posting = like.unwrap_or_else(|| planned.posting.clone());
    posting.set_note(&origin.note());
    if posting.number().is_none() {
        posting.set_number(found.doc_number.as_deref());
    }
    keep_letter(&mut posting, found);
    PostedObject::found(planned.slot, posting, ids.clone(), found)
}

/// Takes over the plan for transactions that were adopted in this revision before RIVET sent it. Returns the changes by which the next scan
/// compares them.
pub fn take_planned(
    record: &mut DocumentRecord,
    plan: &PostingPlan,
    ids: &Ids,
    now: Timestamp,
) -> Vec<PendingChange> {
    let mut again = Vec::new();
    for planned in &plan.postings {
        let mut posted = record.posted.iter_mut();
        if let Some(posted) = posted.find(|posted| is_ahead(posted, planned)) {
            let number = posted.posting.number().map(str::to_owned);
            posted.posting = planned.posting.clone();
            posted.posting.set_number(number.as_deref());
            posted.accepted_differences.clear();
            // The revision that was planned at the adoption may have needed fewer items.
            posted.ids.items.extend(ids.items.clone());
            posted.ids.class.clone_from(&ids.class);
            let kind = posted.kind.kind();
            again.extend(kind.map(|kind| compare_again(kind, posted.id.clone(), now)));
        }
    }
    again
}

/// Returns whether a transaction was adopted for a planned posting, and RIVET does not know its planned content yet.
fn is_ahead(posted: &PostedObject, planned: &PlannedPosting) -> bool {
    let kind = planned.posting.txn_type();
    let origins = [&posted.posting, &planned.posting].map(|posting| Origin::read(posting.note()));
    posted.is_active
        && (posted.slot, posted.kind) == (planned.slot, kind)
        && posted.sync_token == VERSION_UNKNOWN
        && (posted.posting != planned.posting || !posted.accepted_differences.is_empty())
        && origins[0] == origins[1]
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
