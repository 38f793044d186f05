//! Records a person's decision about a document in the queue. The next worker applies it.
//!
//! ```text
//!              keep, mark, ignore                    a worker reads QuickBooks again
//!  conflict ───────────────────────▶ pending, with ─────────────────────────────────▶ posted | voided | skipped
//!  held, failed ───────────────────▶ the decision ──▶ conflict   it changed since it was seen, or money is applied to it
//!              mark, ignore            │  ▲       └─▶ failed     QuickBooks refused, or it is not as it was marked
//!                                      ▼  │
//!                          held, uncertain, pending: the decision stays, and is tried again
//! ```
//!
//! Only workers write a document's record, so the decision lies in the document's queue entry, which one swap puts there. The swap that
//! releases the lease removes the decision, but only if the worker had read the same decision: a decision that arrives meanwhile stays
//! for the next worker. The record of a finished document keeps its decision, so that a repeated one is recognized.
//!
//! | a crash after | leaves | what follows |
//! |---|---|---|
//! | the first hint | nothing to do | a run corrects the hint; the person had no answer and decides again |
//! | the swap | the decision and a hint | the next run applies the decision |
//! | the saga was recorded, or a step of it | the decision, open steps | the next worker looks each step up, as for any posting |
//! | the record was saved | a final record with the decision, and the queue entry | the next worker removes the entry |
//!
//! A decision is about the conflict that the person saw. If an object has another version by then, nothing is overwritten, and the
//! document is in conflict again. A newer revision or void from RIVET also ends a decision that was made without it.

use billing::{DocumentRef, FirmId};
use jiff::Timestamp;
use ports::records::Records;
use store::Store;
use store::document::DocumentRecord;
use store::document::decision::{Decision, DecisionKind};
use store::queue::entry::{EntryState, QueueEntry};
use store::reason::hold::HoldReason;
use store::requests::DecisionResult;
use store::schedule::ScheduledJob;

use crate::error::Error;

/// The answer to `post` for a document that is not held because of what is in QuickBooks or what the project holds.
const NOTHING_TO_INSIST_ON: &str =
    "Nothing stands against it. Possible are `posted` and `ignore`, or a retry.";

/// The answer to `date` for a document that does not wait for closed books.
const NOT_IN_CLOSED_BOOKS: &str = "It is not held because of closed books.";

/// The answer to `post` for a document in conflict.
const CONFLICT_TO_DECIDE: &str =
    "It is in conflict with QuickBooks. Possible are `keep`, `posted` and `ignore`.";

/// Records a decision and schedules a run. The same decision twice counts once.
///
/// # Errors
/// [`Error::UnknownDocument`], [`Error::NotInConflict`], [`Error::ConflictChanged`], [`Error::NotDecidable`], or the store fails.
pub async fn record_decision<R: Records>(
    store: &Store<R>,
    firm: &FirmId,
    document: &DocumentRef,
    decision: &Decision,
) -> Result<(), Error> {
    let record = store.document(firm, document).await?;
    // The hint is saved before the decision, so that a crash leaves no decision without a hint. The hint is saved again after the decision,
    // because a run may have used up the first one.
    store
        .schedule_by(firm, ScheduledJob::Work, decision.decided_at)
        .await?;
    let decide = |entry: Option<&QueueEntry>| decision_to_record(entry, record.as_ref(), decision);
    if let DecisionResult::Refused(why) = store.record_decision(firm, document, decide).await? {
        return Err(why);
    }
    store
        .schedule_by(firm, ScheduledJob::Work, decision.decided_at)
        .await?;
    Ok(())
}

/// Returns the kinds of decisions about an unfinished document that are possible now.
pub fn possible_decisions(
    entry: &QueueEntry,
    record: Option<&DocumentRecord>,
) -> Vec<DecisionKind> {
    let is_possible = |kind: &DecisionKind| {
        let decision = Decision {
            kind: *kind,
            objects: Vec::new(),
            decided_by: entry.document.id.clone(),
            decided_at: Timestamp::UNIX_EPOCH,
            conflict_seen_at: None,
        };
        matches!(
            decision_to_record(Some(entry), record, &decision),
            Ok(Some(_))
        )
    };
    let kinds = DecisionKind::ALL.into_iter();
    // No body names it: it is what `post` means for a document that exceeds its retainage.
    let kinds = kinds.filter(|kind| *kind != DecisionKind::ExceedRetainage);
    kinds.filter(is_possible).collect()
}

/// Returns the decision as it is recorded, `None` if it is recorded already.
fn decision_to_record(
    entry: Option<&QueueEntry>,
    record: Option<&DocumentRecord>,
    decision: &Decision,
) -> Result<Option<Decision>, Error> {
    let is_about_conflict = is_about_conflict(decision.kind);
    let Some(entry) = entry else {
        return repeated_decision(record, decision);
    };
    let decision = &about_hold(entry, decision);
    let mut recorded = entry.decision.iter();
    if recorded.any(|recorded| recorded.is_same_as(decision)) {
        return Ok(None);
    }
    let is_begun = record.is_some_and(|record| record.saga.is_some());
    if is_begun && !is_looked_up(entry) && !names_copies(entry, decision.kind) {
        return Err(Error::NotDecidable(
            "It is not known yet whether QuickBooks has it.",
        ));
    }
    check_state(entry, decision.kind)?;
    if decision.kind == DecisionKind::Posted && entry.pending_void().is_some() {
        return Err(Error::NotDecidable("RIVET voided it."));
    }
    let shown_at = record.map(DocumentRecord::shown_at);
    if decision.conflict_seen_at.is_some() && decision.conflict_seen_at != shown_at {
        return Err(Error::ConflictChanged);
    }
    let conflict = record.and_then(|record| record.conflict.as_ref());
    let seen_at = conflict.map(|conflict| conflict.seen_at.clone());
    Ok(Some(Decision {
        conflict_seen_at: seen_at.filter(|_| is_about_conflict),
        ..decision.clone()
    }))
}

/// Returns that a decision about a finished document is known, if it was carried out.
fn repeated_decision(
    record: Option<&DocumentRecord>,
    decision: &Decision,
) -> Result<Option<Decision>, Error> {
    let record = record.ok_or(Error::UnknownDocument)?;
    let mut done = record.decision.iter();
    if done.any(|done| decision.repeats(done)) {
        return Ok(None);
    }
    if is_about_conflict(decision.kind) {
        return Err(Error::NotInConflict);
    }
    Err(Error::NotDecidable(
        "It is finished already; nothing is left to decide.",
    ))
}

/// Returns the decision about the hold that the person saw. *Post anyway* concerns that hold alone: who accepts that more retainage is taken
/// than the project holds has not seen what else stands in QuickBooks.
fn about_hold(entry: &QueueEntry, decision: &Decision) -> Decision {
    let is_exceeded = matches!(
        entry.state,
        EntryState::Held(HoldReason::RetainageExceeded { .. })
    );
    let mut decision = decision.clone();
    if is_exceeded && decision.kind == DecisionKind::PostAnyway {
        decision.kind = DecisionKind::ExceedRetainage;
    }
    decision
}

/// Returns whether the decision posts the document in spite of a hold.
fn posts_anyway(kind: DecisionKind) -> bool {
    matches!(
        kind,
        DecisionKind::PostAnyway | DecisionKind::ExceedRetainage
    )
}

/// Returns whether RIVET knows what QuickBooks has of the document, although a saga was begun. After the store was set back, a document is held
/// beside its saga until a person says who voided a transaction.
fn is_looked_up(entry: &QueueEntry) -> bool {
    matches!(
        entry.state,
        EntryState::Held(HoldReason::AlreadyInQuickbooks(_))
    )
}

/// Returns whether the decision names the right one of several transactions that may be the document's.
fn names_copies(entry: &QueueEntry, kind: DecisionKind) -> bool {
    kind == DecisionKind::Posted
        && matches!(
            entry.state,
            EntryState::Held(HoldReason::CopiesInQuickbooks(_))
        )
}

/// Returns whether the decision chooses between two versions.
fn is_about_conflict(kind: DecisionKind) -> bool {
    match kind {
        DecisionKind::KeepRivet | DecisionKind::KeepQuickbooks => true,
        DecisionKind::Posted
        | DecisionKind::PostAnyway
        | DecisionKind::ExceedRetainage
        | DecisionKind::FirstOpenDay
        | DecisionKind::Ignore => false,
    }
}

/// Checks that the entry waits for a person. A decision about a conflict also requires that the document is in conflict.
fn check_state(entry: &QueueEntry, kind: DecisionKind) -> Result<(), Error> {
    let is_about_conflict = is_about_conflict(kind);
    match &entry.state {
        EntryState::Held(hold)
            if posts_anyway(kind) && (hold.may_be_posted_anyway() || entry.decision.is_some()) =>
        {
            Ok(())
        }
        EntryState::Held(hold)
            if kind == DecisionKind::FirstOpenDay && hold.may_be_posted_later() =>
        {
            Ok(())
        }
        EntryState::Held(_) | EntryState::Failed | EntryState::Conflict
            if kind == DecisionKind::FirstOpenDay =>
        {
            Err(Error::NotDecidable(NOT_IN_CLOSED_BOOKS))
        }
        EntryState::Held(_) | EntryState::Failed if posts_anyway(kind) => {
            Err(Error::NotDecidable(NOTHING_TO_INSIST_ON))
        }
        EntryState::Conflict if posts_anyway(kind) => Err(Error::NotDecidable(CONFLICT_TO_DECIDE)),
        EntryState::Pending { .. } | EntryState::Uncertain(_) => {
            Err(Error::NotDecidable("It is being worked on."))
        }
        // A person may change a decision that waits, because the document is still in conflict.
        EntryState::Held(_) if is_about_conflict && entry.decision.is_none() => {
            Err(Error::NotInConflict)
        }
        EntryState::Failed if is_about_conflict => Err(Error::NotInConflict),
        EntryState::Held(_) | EntryState::Failed | EntryState::Conflict => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    fn decision(kind: DecisionKind) -> Decision {
        Decision {
            kind,
            objects: Vec::new(),
            decided_by: "usr_17".parse().unwrap(),
            decided_at: at(100),
            conflict_seen_at: None,
        }
    }

    fn entry(state: EntryState) -> QueueEntry {
        QueueEntry {
            state,
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
        entry: Option<&QueueEntry>,
        record: Option<&DocumentRecord>,
        decision: &Decision,
    ) -> &'static str {
        match decision_to_record(entry, record, decision) {
            Ok(Some(_)) => "recorded",
            Ok(None) => "known",
            Err(Error::UnknownDocument) => "unknown",
            Err(Error::NotInConflict) => "not in conflict",
            Err(Error::ConflictChanged) => "changed",
            Err(Error::NotDecidable(why)) => why,
            Err(other) => panic!("{other}"),
        }
    }

    const KINDS: [DecisionKind; 4] = [
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
        let states = [
            ("conflict", EntryState::Conflict),
            ("held", EntryState::Held(HoldReason::Manual)),
            ("failed", EntryState::Failed),
            ("pending", EntryState::PENDING),
            ("uncertain", EntryState::Uncertain(at(1))),
        ];
        let row = |name: &str, entry: Option<&QueueEntry>, record: Option<&DocumentRecord>| {
            let answers = KINDS.map(|kind| answer(entry, record, &decision(kind)));
            format!("{name}: {}", answers.join(" | "))
        };
        let mut rows: Vec<_> = states
            .map(|(name, state)| row(name, Some(&entry(state)), Some(&record)))
            .into();
        let started = DocumentRecord {
            saga: Some(Saga::default()),
            ..in_conflict()
        };
        let disconnected = entry(EntryState::Held(HoldReason::NotConnected));
        rows.push(row("started", Some(&disconnected), Some(&started)));
        rows.push(row("settled", None, Some(&settled)));
        rows.push(row("unknown", None, None));
        let undecidable = ["It is being worked on."; 4].join(" | ");
        let in_doubt = ["It is not known yet whether QuickBooks has it."; 4].join(" | ");
        let expected = [
            "conflict: recorded | recorded | recorded | recorded".to_owned(),
            "held: not in conflict | not in conflict | recorded | recorded".into(),
            "failed: not in conflict | not in conflict | recorded | recorded".into(),
            format!("pending: {undecidable}"),
            format!("uncertain: {undecidable}"),
            format!("started: {in_doubt}"),
            "settled: not in conflict | not in conflict | It is finished already; nothing is left to decide. | It is finished already; nothing is left to decide."
                .into(),
            "unknown: unknown | unknown | unknown | unknown".into(),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn document_in_doubt_that_was_looked_up_is_decidable() {
        let record = DocumentRecord {
            saga: Some(Saga::default()),
            ..DocumentRecord::new(document(), at(0))
        };
        let hold = HoldReason::AlreadyInQuickbooks(Vec::new());
        let held = entry(EntryState::Held(hold));
        for kind in [
            DecisionKind::PostAnyway,
            DecisionKind::Posted,
            DecisionKind::Ignore,
        ] {
            let answer = answer(Some(&held), Some(&record), &decision(kind));
            assert_eq!(answer, "recorded", "{kind:?}");
        }
    }

    #[test]
    fn repeated_decision_is_accepted_as_known() {
        for kind in KINDS {
            let again = decision(kind);
            let pending = QueueEntry {
                decision: Some(decision(kind)),
                ..entry(EntryState::REQUESTED)
            };
            assert_eq!(
                answer(Some(&pending), Some(&in_conflict()), &again),
                "known"
            );
            let settled = DocumentRecord {
                decision: Some(decision(kind)),
                ..DocumentRecord::new(document(), at(0))
            };
            assert_eq!(answer(None, Some(&settled), &again), "known");
        }
    }

    #[test]
    fn decision_for_older_conflict_is_refused() {
        let (entry, record) = (entry(EntryState::Conflict), in_conflict());
        let plain = decision(DecisionKind::KeepRivet);
        let recorded = decision_to_record(Some(&entry), Some(&record), &plain)
            .unwrap()
            .unwrap();
        assert_eq!(recorded.conflict_seen_at, Some(at(50).to_string()));
        let older = Decision {
            conflict_seen_at: Some(at(49).to_string()),
            ..plain
        };
        assert_eq!(answer(Some(&entry), Some(&record), &older), "changed");
    }

    #[test]
    fn every_decision_is_about_what_was_seen() {
        let hold = HoldReason::AlreadyInQuickbooks(Vec::new());
        let held = entry(EntryState::Held(hold));
        let record = DocumentRecord {
            updated_at: at(70),
            ..DocumentRecord::new(document(), at(0))
        };
        let conflicting = entry(EntryState::Conflict);
        let in_conflict = DocumentRecord {
            updated_at: at(70),
            ..in_conflict()
        };
        let of_hold = [DecisionKind::PostAnyway, DecisionKind::Posted];
        for (entry, record, kinds, seen) in [
            (&held, &record, of_hold.as_slice(), 70),
            (&conflicting, &in_conflict, KINDS.as_slice(), 50),
        ] {
            for (second, expected) in [(seen, "recorded"), (seen - 1, "changed")] {
                for kind in kinds {
                    let decision = Decision {
                        conflict_seen_at: Some(at(second).to_string()),
                        ..decision(*kind)
                    };
                    let found = answer(Some(entry), Some(record), &decision);
                    assert_eq!(found, expected, "{kind:?} {second}");
                }
            }
        }
    }

    #[test]
    fn insisting_concerns_the_hold_that_was_seen() {
        let insist = decision(DecisionKind::PostAnyway);
        let recorded = |hold| {
            let entry = entry(EntryState::Held(hold));
            let recorded = decision_to_record(Some(&entry), None, &insist).unwrap();
            recorded.unwrap().kind
        };
        let exceeded = HoldReason::RetainageExceeded {
            held: 1.into(),
            needed: 2.into(),
            is_taken_back: false,
        };
        assert_eq!(recorded(exceeded), DecisionKind::ExceedRetainage);
        let entered = HoldReason::AlreadyInQuickbooks(Vec::new());
        assert_eq!(recorded(entered), DecisionKind::PostAnyway);
        let settled = DocumentRecord {
            decision: Some(decision(DecisionKind::ExceedRetainage)),
            ..DocumentRecord::new(document(), at(0))
        };
        assert_eq!(answer(None, Some(&settled), &insist), "known");
    }

    #[test]
    fn held_decision_may_change_void_refuses_manual_posting() {
        let held = QueueEntry {
            decision: Some(decision(DecisionKind::KeepRivet)),
            ..entry(EntryState::Held(HoldReason::Paused))
        };
        let other = decision(DecisionKind::KeepQuickbooks);
        assert_eq!(
            answer(Some(&held), Some(&in_conflict()), &other),
            "recorded"
        );
        let void = Some(Void {
            revision: 2,
            voided_on: "2026-07-02".parse().unwrap(),
        });
        let voided = QueueEntry {
            void,
            ..entry(EntryState::Conflict)
        };
        assert_eq!(
            answer(
                Some(&voided),
                Some(&in_conflict()),
                &decision(DecisionKind::Posted)
            ),
            "RIVET voided it."
        );
    }
}
