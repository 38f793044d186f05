//! Carrying out what a person decided about a document: see [`bridge::record_decision`] for the states.

use crate::context::WorkerContext;
use crate::error::Halt;
use jiff::Timestamp;
use mapping::{PostedObject, PostingPlan, Step};
use ports::http::Http;
use ports::records::Records;
use quickbooks::entity::TxnType;
use store::document::DocumentRecord;
use store::document::decision::{Decision, DecisionKind};
use store::document::status::DocumentStatus;
use store::queue::entry::QueueEntry;
use store::reason::ReasonCode;
use store::reason::{Action, Reason};

/// What a decision makes of the document; nothing if the way on is the usual one, over what was just taken over.
pub async fn decided<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    (waiting, decision): (&QueueEntry, &Decision),
    now: Timestamp,
) -> Result<Option<DocumentStatus>, Halt> {
    Ok(match decision.kind {
        DecisionKind::Ignore => {
            // Half of a pair is never left behind.
            if record.is_half_posted {
                crate::document::revision::take_back(office, record, waiting, now).await?;
            }
            cover(record, waiting);
            let message =
                "RIVET leaves it alone, as was decided. A later revision is posted as usual.";
            let reason = Reason::new(ReasonCode::IgnoredByUser.as_str(), Action::Wait, message);
            Some(DocumentStatus::Skipped(reason))
        }
        DecisionKind::Posted => None,
        DecisionKind::KeepRivet | DecisionKind::KeepQuickbooks => {
            let adopted = adopt(office, record, decision, now).await?;
            if adopted && decision.kind == DecisionKind::KeepQuickbooks {
                cover(record, waiting);
                crate::document::revision::complete(office, record, waiting).await?;
                Some(standing(record))
            } else {
                None
            }
        }
    })
}

/// Takes the versions that QuickBooks has, if they are still those that the person saw. If not, nothing is taken, and what
/// comes next finds the difference.
async fn adopt<H: Http, R: Records>(
    office: &mut WorkerContext<'_, H, R>,
    record: &mut DocumentRecord,
    decision: &Decision,
    now: Timestamp,
) -> Result<bool, Halt> {
    let Some(conflict) = &record.conflict else {
        return Ok(false);
    };
    let seen = |posted: &PostedObject| {
        let object = conflict.object(posted.kind, &posted.id);
        object.map(|object| object.version.as_deref())
    };
    let is_current = decision.conflict_seen_at.as_deref() == Some(conflict.seen_at.as_str());
    // Of what cancels out all is taken back together, whichever part of it somebody touched.
    let wakes = decision.kind == DecisionKind::KeepRivet
        && record
            .posted
            .iter()
            .any(|posted| !posted.is_active && seen(posted).is_some());
    let mut adopted = Vec::new();
    for posted in &record.posted {
        let mut posted = posted.clone();
        let was_live = posted.is_active;
        if !was_live && !wakes && seen(&posted).is_none() {
            adopted.push(posted);
            continue;
        }
        let found = crate::conflict::look(office, (posted.kind, &posted.id), now).await?;
        let expected = seen(&posted).unwrap_or(Some(&posted.sync_token));
        let token = found.as_ref().map(|found| found.sync_token.as_str());
        let is_told = was_live || seen(&posted).is_some();
        if !is_current || (is_told && token != expected) {
            return Ok(false);
        }
        posted.adopt(found.as_ref());
        let stands = found.is_some_and(|found| !found.is_voided());
        let cancels = posted.kind == TxnType::JournalEntry || seen(&posted).is_some();
        if wakes && !was_live && stands && cancels {
            posted.reactivate();
        }
        adopted.push(posted);
    }
    office.written = Some(std::mem::replace(&mut record.posted, adopted));
    Ok(true)
}

/// The steps to a plan. What is made again in the place of something void gets a mark of its own.
pub fn steps(record: &DocumentRecord, plan: &PostingPlan) -> Vec<Step> {
    let mut steps = mapping::steps(&record.posted, plan);
    for step in &mut steps {
        let Step::Create { slot, posting } = step else {
            continue;
        };
        let kind = posting.txn_type();
        let mut void = record
            .posted
            .iter()
            .filter(|old| (old.slot, old.kind) == (*slot, kind));
        if void.any(|old| old.posting.note() == posting.note()) {
            posting.add_attempt_to_note(record.posting_number + 1);
        }
    }
    steps
}

/// What a try came to is put into the record: what was only read for a decision that was not carried out must not pass for what
/// RIVET wrote. `written`: what that was before anything was taken over for the decision. Gives what is told of the decision.
pub fn conclude(
    record: &mut DocumentRecord,
    before: DocumentRecord,
    (waiting, state): (&QueueEntry, &DocumentStatus),
    written: Option<Vec<PostedObject>>,
) -> &'static str {
    let decision = waiting.decision.as_ref();
    let (done, differs) = (
        state.is_final(),
        matches!(state, DocumentStatus::Conflict(_)),
    );
    if decision.is_some() && !done && record.posting_number == before.posting_number {
        // What a step that was begun earlier did is no part of that.
        if let Some(written) = written {
            record.posted = written;
        }
        if !differs {
            record.conflict = before.conflict;
        }
    }
    if done || (decision.is_none() && !differs) {
        record.conflict = None;
    }
    record.decision = decision.filter(|_| done).cloned();
    if let Some(seen) = record
        .observed
        .as_mut()
        .filter(|_| record.decision.is_some())
    {
        seen.forget();
    }
    match record.decision.as_ref().map(|decision| decision.kind) {
        Some(DecisionKind::KeepRivet) => "RIVET's version was kept. ",
        Some(DecisionKind::KeepQuickbooks) => "QuickBooks' version was kept. ",
        Some(DecisionKind::Posted) => "It was marked as posted by hand. ",
        Some(DecisionKind::Ignore) | None => "",
    }
}

/// What arrived is worked on, whatever came of it.
pub fn cover(record: &mut DocumentRecord, waiting: &QueueEntry) {
    record.revision = record.revision.max(waiting.revision);
    record.void = record.void.max(waiting.void);
}

fn standing(record: &DocumentRecord) -> DocumentStatus {
    if record.active_objects().next().is_some() {
        DocumentStatus::Posted
    } else {
        DocumentStatus::Voided
    }
}
