//! What a person decides about a document: noted on the desk here, carried out by the next worker there.
//!
//! ```text
//!              keep, mark, ignore                    a worker reads QuickBooks anew
//!  conflict ───────────────────────▶ pending, with ─────────────────────────────────▶ posted | voided | skipped
//!  held, failed ───────────────────▶ the decision ──▶ conflict   it changed since it was seen, or money is applied to it
//!              mark, ignore            │  ▲       └─▶ failed     QuickBooks refused, or it is not as it was marked
//!                                      ▼  │
//!                          held, uncertain, pending: the decision stays, and is tried again
//! ```
//!
//! The document's record is written by workers alone, so the decision lies in the desk's entry of the document, put there by one
//! swap. It is taken off by the swap with which a worker leaves, and only if that worker had read this decision: one that comes
//! while a worker is there stays for the next. The record of a document that was finished has its decision, so that a repeated one
//! is known.
//!
//! | a crash after | leaves | what follows |
//! |---|---|---|
//! | the first hint | nothing to do | a run corrects the hint; the person was not answered and decides again |
//! | the swap | the decision and a hint | the next run carries it out |
//! | the saga was recorded, or a step of it | the decision, open steps | the next worker looks each step up, as for any posting |
//! | the record was kept | a final record with the decision, both on the desk | the next worker takes it off |
//!
//! A decision is about the conflict that the person saw. If an object has another version by then, nothing is written over, and
//! the document is a conflict again. A newer revision or a void of RIVET's also ends a decision that was made without it.

use crate::error::Error;
use crate::views;
use crate::views::document::DocumentView;
use billing::{DocumentRef, FirmId};
use ports::records::Records;
use store::Store;
use store::document::DocumentRecord;
use store::document::decision::{Decision, DecisionKind};
use store::queue::entry::{EntryState, QueueEntry};
use store::queue::requests::DecisionResult;
use store::schedule::ScheduledJob;

/// Notes a decision and leaves a hint for the schedule. The same decision twice is one.
///
/// # Errors
/// [`Error::UnknownDocument`], [`Error::NotInConflict`], [`Error::ConflictChanged`], [`Error::NotDecidable`].
pub async fn settle<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    (document, decision): (&DocumentRef, &Decision),
) -> Result<DocumentView, Error> {
    let record = store.document(firm, document).await?;
    // Before, so that a crash leaves no decision without a hint; and after, as a run may have taken the first one to heart already.
    store
        .schedule_by(firm, ScheduledJob::Work, decision.decided_at)
        .await?;
    let decide = |waiting: Option<&QueueEntry>| noted(waiting, record.as_ref(), decision);
    match store.record_decision(firm, document, decide).await? {
        DecisionResult::Recorded => {}
        DecisionResult::Refused(why) => return Err(why),
    }
    store
        .schedule_by(firm, ScheduledJob::Work, decision.decided_at)
        .await?;
    views::document(store, firm, document).await
}

/// The decision as it is to be noted; nothing if it is known.
fn noted(
    waiting: Option<&QueueEntry>,
    record: Option<&DocumentRecord>,
    decision: &Decision,
) -> Result<Option<Decision>, Error> {
    let known = |known: &Option<Decision>| {
        known
            .as_ref()
            .is_some_and(|known| known.is_same_as(decision))
    };
    let about = matches!(
        decision.kind,
        DecisionKind::KeepRivet | DecisionKind::KeepQuickbooks
    );
    let Some(waiting) = waiting else {
        return match record {
            None => Err(Error::UnknownDocument),
            Some(record) if known(&record.decision) => Ok(None),
            Some(_) if about => Err(Error::NotInConflict),
            Some(_) => Err(Error::NotDecidable("It is settled already.")),
        };
    };
    if known(&waiting.decision) {
        return Ok(None);
    }
    if record.is_some_and(|record| record.saga.is_some()) {
        return Err(Error::NotDecidable(
            "It is not known yet whether QuickBooks has it.",
        ));
    }
    let conflict = record.and_then(|record| record.conflict.as_ref());
    let seen = conflict.map(|conflict| conflict.seen_at().to_owned());
    match &waiting.state {
        EntryState::Pending { .. } | EntryState::Uncertain(_) => {
            return Err(Error::NotDecidable("It is being worked on."));
        }
        // A decision that was held may be changed: its conflict stands.
        EntryState::Held(_) if about && waiting.decision.is_none() => {
            return Err(Error::NotInConflict);
        }
        EntryState::Failed if about => return Err(Error::NotInConflict),
        EntryState::Held(_) | EntryState::Failed | EntryState::Conflict => {}
    }
    if decision.kind == DecisionKind::Posted && waiting.pending_void().is_some() {
        return Err(Error::NotDecidable("RIVET voided it."));
    }
    if about && decision.conflict_seen_at.is_some() && decision.conflict_seen_at != seen {
        return Err(Error::ConflictChanged);
    }
    Ok(Some(Decision {
        conflict_seen_at: seen.filter(|_| about),
        ..decision.clone()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use store::document::Saga;
    use store::document::conflict::Conflict;
    use store::document::status::DocumentStatus;
    use store::document::void::Void;
    use store::reason::hold::HoldReason;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn document() -> DocumentRef {
        DocumentRef {
            kind: billing::DocumentKind::PayApp,
            id: "pa_1".parse().unwrap(),
        }
    }

    fn decided(act: DecisionKind) -> Decision {
        Decision {
            kind: act,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: at(100),
            conflict_seen_at: None,
        }
    }

    fn waiting(mark: EntryState) -> QueueEntry {
        QueueEntry {
            state: mark,
            revision: 2,
            ..QueueEntry::new(document(), "2026-03-31".parse().unwrap())
        }
    }

    fn in_conflict() -> DocumentRecord {
        DocumentRecord {
            conflict: Some(Conflict::new(at(50))),
            ..DocumentRecord::new(document(), at(0))
        }
    }

    fn answer(
        waiting: Option<&QueueEntry>,
        record: Option<&DocumentRecord>,
        decision: &Decision,
    ) -> &'static str {
        match noted(waiting, record, decision) {
            Ok(Some(_)) => "noted",
            Ok(None) => "known",
            Err(Error::UnknownDocument) => "unknown",
            Err(Error::NotInConflict) => "not in conflict",
            Err(Error::ConflictChanged) => "changed",
            Err(Error::NotDecidable(why)) => why,
            Err(other) => panic!("{other}"),
        }
    }

    const ACTS: [DecisionKind; 4] = [
        DecisionKind::KeepRivet,
        DecisionKind::KeepQuickbooks,
        DecisionKind::Posted,
        DecisionKind::Ignore,
    ];

    #[test]
    fn each_state_accepts_or_refuses_each_decision() {
        let record = in_conflict();
        let settled = DocumentRecord {
            status: DocumentStatus::Posted,
            ..DocumentRecord::new(document(), at(0))
        };
        let marks = [
            ("conflict", EntryState::Conflict),
            ("held", EntryState::Held(HoldReason::Manual)),
            ("failed", EntryState::Failed),
            ("pending", EntryState::PENDING),
            ("uncertain", EntryState::Uncertain(at(1))),
        ];
        let row = |name: &str, waiting: Option<&QueueEntry>, record: Option<&DocumentRecord>| {
            let answers = ACTS.map(|act| answer(waiting, record, &decided(act)));
            format!("{name}: {}", answers.join(" | "))
        };
        let mut rows: Vec<_> = marks
            .map(|(name, mark)| row(name, Some(&waiting(mark)), Some(&record)))
            .into();
        let begun = DocumentRecord {
            saga: Some(Saga::default()),
            ..in_conflict()
        };
        let disconnected = waiting(EntryState::Held(HoldReason::NotConnected));
        rows.push(row("begun", Some(&disconnected), Some(&begun)));
        rows.push(row("settled", None, Some(&settled)));
        rows.push(row("unknown", None, None));
        let undecidable = ["It is being worked on."; 4].join(" | ");
        let in_doubt = ["It is not known yet whether QuickBooks has it."; 4].join(" | ");
        let expected = [
            "conflict: noted | noted | noted | noted".to_owned(),
            "held: not in conflict | not in conflict | noted | noted".into(),
            "failed: not in conflict | not in conflict | noted | noted".into(),
            format!("pending: {undecidable}"),
            format!("uncertain: {undecidable}"),
            format!("begun: {in_doubt}"),
            "settled: not in conflict | not in conflict | It is settled already. | It is settled already."
                .into(),
            "unknown: unknown | unknown | unknown | unknown".into(),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn repeated_decision_is_accepted_as_known() {
        for act in ACTS {
            let again = decided(act);
            let pending = QueueEntry {
                decision: Some(decided(act)),
                ..waiting(EntryState::REQUESTED)
            };
            assert_eq!(
                answer(Some(&pending), Some(&in_conflict()), &again),
                "known"
            );
            let settled = DocumentRecord {
                decision: Some(decided(act)),
                ..DocumentRecord::new(document(), at(0))
            };
            assert_eq!(answer(None, Some(&settled), &again), "known");
        }
    }

    #[test]
    fn decision_for_older_conflict_is_refused() {
        let (waiting, record) = (waiting(EntryState::Conflict), in_conflict());
        let plain = decided(DecisionKind::KeepRivet);
        let taken = noted(Some(&waiting), Some(&record), &plain)
            .unwrap()
            .unwrap();
        assert_eq!(taken.conflict_seen_at, Some(at(50).to_string()));
        let older = Decision {
            conflict_seen_at: Some(at(49).to_string()),
            ..plain
        };
        assert_eq!(answer(Some(&waiting), Some(&record), &older), "changed");
    }

    #[test]
    fn held_decision_may_change_void_refuses_manual_posting() {
        let held = QueueEntry {
            decision: Some(decided(DecisionKind::KeepRivet)),
            ..waiting(EntryState::Held(HoldReason::Paused))
        };
        let other = decided(DecisionKind::KeepQuickbooks);
        assert_eq!(answer(Some(&held), Some(&in_conflict()), &other), "noted");
        let void = Some(Void {
            revision: 2,
            voided_on: "2026-07-02".parse().unwrap(),
        });
        let voided = QueueEntry {
            void,
            ..waiting(EntryState::Conflict)
        };
        assert_eq!(
            answer(
                Some(&voided),
                Some(&in_conflict()),
                &decided(DecisionKind::Posted)
            ),
            "RIVET voided it."
        );
    }
}
